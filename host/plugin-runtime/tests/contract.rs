//! The contract's guard: what was published keeps loading.
//!
//! The folder `wit/frozen` holds each version as it was published. The contract of today is held against it by the
//! component model's own rule (more to import, nothing more to export, and every type the same), and the rule is
//! itself tested with one change of each kind.
#![cfg(test)]

mod common;

use std::fs;

use common::{dummy, engine, manifest_toml, package, resolve};
use stint_plugin_runtime::manifest::Kind;
use wit_parser::Resolve;

/// Whether a plugin of the frozen contract fits a host of the new one, for every world.
fn compatible(frozen: &str, new: &str) -> Result<(), String> {
    for world in Kind::ALL.map(|kind| kind.to_string()) {
        let mut both = Resolve::default();
        let old = both.push_str("frozen.wit", frozen).map_err(|error| format!("{error:#}"))?;
        // Two packages of one name can only be told apart by their versions, which the rule itself leaves out.
        let new = both
            .push_str("new.wit", &new.replacen("@0.1.0;", "@0.1.99;", 1))
            .map_err(|error| format!("{error:#}"))?;
        let world_of = |package| both.select_world(&[package], Some(&world)).unwrap();
        let (old, new) = (world_of(old), world_of(new));
        wit_component::semver_check(both.clone(), old, new).map_err(|error| format!("{world}: {error:#}"))?;
    }
    Ok(())
}

#[test]
fn the_contract_of_today_fits_every_plugin_of_the_published_one() {
    let judged = compatible(&package("wit/frozen/stint-plugin-0.1"), &package("wit/stint-plugin-0.1"));
    assert_eq!(
        judged,
        Ok(()),
        "this change would stop published plugins from loading; within a version the host's interfaces may gain \
         functions and new interfaces may appear, nothing else"
    );
}

/// The published contract with one change.
fn changed(from: &str, to: &str) -> String {
    let frozen = package("wit/frozen/stint-plugin-0.1");
    assert_eq!(frozen.matches(from).count(), 1, "`{from}` is there once");
    frozen.replacen(from, to, 1)
}

#[test]
fn a_breaking_change_is_noticed() {
    let frozen = package("wit/frozen/stint-plugin-0.1");
    for (what, from, to) in [
        ("a removed function of the host", "  monotonic: func() -> u64;", ""),
        ("another parameter", "now: func() -> unix-ms;", "now: func(zone: string) -> unix-ms;"),
        ("another result", "monotonic: func() -> u64;", "monotonic: func() -> u32;"),
        ("a renamed function", "utc-offset: func(", "offset: func("),
        (
            "an added field",
            "record label { key: string, value: string }",
            "record label { key: string, value: string, more: bool }",
        ),
        ("a removed field", "record label { key: string, value: string }", "record label { key: string }"),
        (
            "fields in another order",
            "record label { key: string, value: string }",
            "record label { value: string, key: string }",
        ),
        ("an added case", "    offline,\n", "    offline,\n    asleep,\n"),
        ("an added case of an enum", "enum level { trace, debug,", "enum level { all, trace, debug,"),
        ("an added case of an export", "    superseded,\n", "    superseded,\n    later,\n"),
        ("an added field of an export", "    current: bool,\n", "    current: bool,\n    seen: bool,\n"),
        ("an added function to export", "  probe: func()", "  hello: func();\n  probe: func()"),
        ("a removed interface of the host", "  import random;\n  import http;", "  import http;"),
        (
            "an added interface to export",
            "  export planner;",
            "  export planner;\n  export extra;\n}\ninterface extra { f: func(); }\nworld spare {",
        ),
    ] {
        assert!(compatible(&frozen, &changed(from, to)).is_err(), "{what} passes for compatible");
    }
}

#[test]
fn an_addition_for_plugins_to_import_passes() {
    let frozen = package("wit/frozen/stint-plugin-0.1");
    for (what, from, to) in [
        (
            "a function of the host",
            "  monotonic: func() -> u64;",
            "  monotonic: func() -> u64;\n  boot: func() -> u64;",
        ),
        (
            "a method of a resource",
            "    width: func() -> u32;",
            "    width: func() -> u32;\n    depth: func() -> u32;",
        ),
        (
            "an interface of the host",
            "  import random;\n  import http;",
            "  import random;\n  import weather;\n  import http;",
        ),
    ] {
        let new = changed(from, to) + "interface weather { now: func() -> string; }\n";
        assert_eq!(compatible(&frozen, &new), Ok(()), "{what}");
    }
}

/// Loads a plugin of each kind that was built against this contract.
async fn plugins_load(contract: &str) {
    let engine = engine();
    for kind in Kind::ALL {
        let (wit, world) = resolve(contract, &kind.to_string());
        let plugin = dummy(&wit, world, &manifest_toml(kind));
        let file = format!("{kind}.wasm");
        let loaded = engine.load_bytes(file.as_ref(), plugin).await;
        loaded.unwrap_or_else(|error| panic!("a {kind}: {error}"));
    }
}

#[tokio::test]
async fn plugins_of_the_published_contract_load() {
    plugins_load(&package("wit/frozen/stint-plugin-0.1")).await;
}

/// The host has all of today's functions; a contract with fewer of them stands for one that plugins were built against
/// before they were added.
#[tokio::test]
async fn plugins_keep_loading_after_functions_were_added() {
    for (from, to) in [
        ("  monotonic: func() -> u64;", ""),
        ("    sha256: func() -> string;", ""),
        ("    width: func() -> u32;", ""),
        ("  import random;\n  import http;", "  import http;"),
    ] {
        plugins_load(&changed(from, to)).await;
    }
}

#[test]
fn frozen_folders_have_the_files_of_the_contract() {
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(common::root().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("wit/frozen/stint-plugin-0.1"), names("wit/stint-plugin-0.1"));
}
