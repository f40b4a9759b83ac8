//! The document says what the router does, and stays what it is.

use std::collections::BTreeSet;

use schemars::generate::SchemaSettings;

use super::{answers, document, routes::operations, schemas};

#[test]
fn every_route_of_the_router_is_in_it_and_no_other() {
    let router = include_str!("../mod.rs");
    let mut routed = BTreeSet::new();
    for route in router.split(".route(").skip(1) {
        let route = route.split(".layer(").next().unwrap();
        let path = route.split('"').nth(1).unwrap();
        for method in ["get", "post", "patch", "delete"] {
            if route.contains(&format!("{method}(")) {
                routed.insert((method, path.to_owned()));
            }
        }
    }
    let described =
        operations().iter().map(|operation| (operation.method, operation.path.to_owned())).collect();
    assert!(routed.len() > 25, "{routed:?}");
    assert_eq!(routed, described);
}

/// A type that is asked and answered alike would have two schemas under one name.
#[test]
fn no_name_is_given_twice() {
    let (mut asked, mut answered) = (schemas(SchemaSettings::draft2020_12()), schemas(answers()));
    for operation in operations() {
        operation.body.map(|body| body(&mut asked));
        operation.answer.map(|answer| answer(&mut answered));
    }
    let (asked, answered) = (asked.take_definitions(true), answered.take_definitions(true));
    let differ: Vec<_> = asked
        .iter()
        .filter(|(name, schema)| answered.get(*name).is_some_and(|other| other != *schema))
        .collect();
    assert!(asked.len() > 8 && answered.len() > 25 && differ.is_empty(), "{differ:?}");
}

/// A program's author sees here what changed. `STINT_BLESS=1` writes it anew.
#[test]
fn it_is_the_published_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let text = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("STINT_BLESS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    // Not both texts: nobody finds a difference in them.
    assert!(std::fs::read_to_string(path).unwrap() == text, "STINT_BLESS=1 writes docs/openapi.json anew");
}
