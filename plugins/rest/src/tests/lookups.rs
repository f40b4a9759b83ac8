//! After an outcome that nobody knows.

use serde_json::json;
use stint_plugin_sdk::testing::{Host, Reply, attachment, screenshot, time_entry};
use stint_plugin_sdk::{Cause, Event, Finding, Item};

use super::host;
use crate::Rest;

fn asked() -> Host {
    let lookup = |path: &str| json!({ "path": path, "found": "/0/id" });
    host(json!({ "headers": { "X-Key": "{key}", "Accept": "text/json" }, "routes": {
        "time-entry": { "any": { "method": "POST", "path": "/e", "lookup": lookup("/e?key={key}") } },
        "screenshot": { "method": "POST", "path": "/s", "lookup": lookup("/s?hash={file.sha256}") },
    } }))
}

#[test]
fn the_backend_is_asked_where_the_route_says_how() {
    let host = asked();
    let target = host.target::<Rest>();
    let item = time_entry(Event::Started);
    host.reply(Reply::json(200, &json!([{ "id": 17 }])));
    assert_eq!(target.lookup(&item), Ok(Finding::Found { remote_id: "17".into(), current: true }));
    assert_eq!(
        (host.request().method.as_str(), host.request().url),
        ("GET", format!("https://api.test/v1/e?key={}", item.key))
    );
    assert_eq!(
        (host.request().header("x-key"), host.request().header("accept")),
        (Some(item.key.as_str()), Some("text/json"))
    );
    assert_eq!(
        (host.request().credential.as_deref(), host.request().header("idempotency-key")),
        (Some("default"), None)
    );
    for absent in [Reply::json(200, &json!([])), Reply::status(404)] {
        host.reply(absent);
        assert_eq!(target.lookup(&item), Ok(Finding::Absent));
    }
    host.reply(Reply::status(503));
    assert_eq!(target.lookup(&item).unwrap_err().cause, Cause::Server);
    // A page in place of JSON says nothing about the item.
    host.reply(Reply::text(200, "<html>"));
    let failure = target.lookup(&item).unwrap_err();
    assert_eq!(
        (failure.cause, failure.message.as_str()),
        (Cause::Server, "HTTP 200, but the answer to the lookup is no JSON")
    );
}

#[test]
fn a_screenshots_id_does_not_take_the_place_of_its_entrys() {
    let host = asked();
    let item = Item {
        entry_remote_id: Some("entry-7".into()),
        ..screenshot(attachment("a.png", "image/png", "pixels"))
    };
    host.reply(Reply::json(200, &json!([{ "id": "screenshot-9" }])));
    let finding = host.target::<Rest>().lookup(&item);
    assert_eq!(finding, Ok(Finding::Found { remote_id: "entry-7".into(), current: true }));
}

#[test]
fn without_a_lookup_the_same_request_may_go_out_again() {
    let host = host(json!({ "routes": { "time-entry": { "started": { "method": "POST", "path": "/e" } } } }));
    assert_eq!(host.target::<Rest>().lookup(&time_entry(Event::Started)), Ok(Finding::Absent));
    assert_eq!(host.target::<Rest>().lookup(&time_entry(Event::Paused)), Ok(Finding::Absent));
    assert_eq!(host.requests(), []);
}
