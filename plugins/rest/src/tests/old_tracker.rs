//! The example's API: a time tracker whose entries are named by the answer to their start.

use serde_json::{Value, json};
use stint_plugin_sdk::testing::{Host, Reply, attachment, entry, screenshot, time_entry};
use stint_plugin_sdk::{Cause, Delivered, Event, Item};

use super::{failed, last, upload};
use crate::Rest;

fn host() -> Host {
    let example: Value = toml::from_str(include_str!("../../example.toml")).unwrap();
    let host = Host::new();
    host.set_settings(&example["targets"]["tracker"]["settings"]);
    host
}

fn named(item: Item) -> Item {
    Item { entry_remote_id: Some("entry-7".into()), ..item }
}

#[test]
fn the_example_has_no_problem() {
    assert_eq!(host().target::<Rest>().check(), []);
}

#[test]
fn an_entry_is_started_and_named_by_the_answer() {
    let host = host();
    host.reply(Reply::json(201, &json!({ "id": "entry-7", "status": "running" })));
    assert_eq!(upload(&host, time_entry(Event::Started)), Ok(Delivered::with_id("entry-7")));
    let request = host.request();
    assert_eq!(
        (request.method.as_str(), request.url.as_str()),
        ("POST", "https://tracker.example.com/time-entries/start")
    );
    assert_eq!(
        request.json(),
        json!({ "project": "Website", "task": "Review", "note": "Read the first draft", "startedAt": "2026-03-02T11:00:00Z" })
    );
    assert_eq!(request.header("idempotency-key"), Some(time_entry(Event::Started).key.as_str()));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.credential.as_deref(), Some("default"));
}

#[test]
fn later_events_are_put_to_that_name() {
    let host = host();
    for (event, verb) in [(Event::Paused, "pause"), (Event::Resumed, "resume"), (Event::Stopped, "stop")] {
        host.reply(Reply::json(200, &json!({ "id": "entry-7" })));
        assert_eq!(upload(&host, named(time_entry(event))), Ok(Delivered::anonymous()));
        let request = last(&host);
        assert_eq!(request.method, "PUT");
        assert_eq!(request.url, format!("https://tracker.example.com/time-entries/entry-7/{verb}"));
    }
    assert_eq!(last(&host).json(), json!({ "at": "2026-03-02T12:00:00Z", "workedSeconds": 3600 }));
}

#[test]
fn a_screenshot_goes_inside_json() {
    let host = host();
    host.reply(Reply::json(201, &json!({ "id": "screenshot-9" })));
    // The picture's own id is not the entry's, and is not taken for it.
    let outcome = upload(&host, named(screenshot(attachment("shot.jpg", "image/jpeg", "pixels"))));
    assert_eq!(outcome, Ok(Delivered::anonymous()));
    assert_eq!(host.request().url, "https://tracker.example.com/screenshots");
    assert_eq!(
        host.request().text(),
        r#"{"imageData":"data:image/jpeg;base64,cGl4ZWxz","timeEntryId":"entry-7"}"#
    );
}

#[test]
fn what_belongs_to_an_entry_without_a_name_fails_alone_and_says_why() {
    let host = host();
    let outcome = upload(&host, time_entry(Event::Paused));
    assert_eq!(
        failed(&outcome),
        (
            'x',
            Cause::Invalid,
            "`{remote_id}` would be `` in the address, which /routes/time-entry/paused of the settings needs"
        )
    );
    let outcome = upload(&host, screenshot(attachment("shot.jpg", "image/jpeg", "pixels")));
    assert_eq!(
        failed(&outcome).2,
        "this item has no `remote_id`, which /routes/screenshot of the settings needs"
    );
    assert_eq!(host.requests(), []);
}

#[test]
fn what_the_api_does_not_know_is_done_without_a_request() {
    let host = host();
    assert_eq!(upload(&host, named(time_entry(Event::Edited))), Ok(Delivered::Superseded));
    assert_eq!(upload(&host, named(time_entry(Event::Other("merged".into())))), Ok(Delivered::Superseded));
}

#[test]
fn a_field_without_content_is_left_out() {
    let host = host();
    host.reply(Reply::json(201, &json!({ "id": 7 })));
    let mut item = time_entry(Event::Started);
    if let stint_plugin_sdk::Payload::TimeEntry(time_entry) = &mut item.payload {
        time_entry.entry = stint_plugin_sdk::Entry { task: None, note: None, ..entry() };
    }
    assert_eq!(upload(&host, item), Ok(Delivered::with_id("7")));
    assert_eq!(host.request().json(), json!({ "project": "Website", "startedAt": "2026-03-02T11:00:00Z" }));
}

#[test]
fn the_other_examples_have_no_problem_either() {
    for (name, example) in [
        ("mirror", include_str!("../../examples/put-overwrite.toml")),
        ("redmine", include_str!("../../examples/redmine.toml")),
    ] {
        let example: Value = toml::from_str(example).unwrap();
        let host = Host::new();
        host.set_settings(&example["targets"][name]["settings"]);
        assert_eq!(host.target::<Rest>().check(), [], "{name}");
    }
}
