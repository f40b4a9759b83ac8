//! What comes from an item never ends the place it is put into.

use serde_json::json;
use stint_plugin_sdk::testing::{Host, Reply, time_entry};
use stint_plugin_sdk::{Cause, Event, Item, Payload};

use super::{failed, host_with_route, upload};

fn noted(note: &str) -> Item {
    let mut item = time_entry(Event::Stopped);
    if let Payload::TimeEntry(time_entry) = &mut item.payload {
        time_entry.entry.note = Some(note.to_owned());
    }
    item
}

fn sent(host: &Host, note: &str) -> stint_plugin_sdk::testing::Sent {
    host.reply(Reply::status(200));
    upload(host, noted(note)).unwrap();
    super::last(host)
}

#[test]
fn in_an_address_it_is_one_segment_or_one_value() {
    let host = host_with_route(json!({ "path": "/of/{entry.note}/x?note={entry.note}&y=1" }));
    for (note, written) in [
        ("a/../b?c#d", "a%2F..%2Fb%3Fc%23d"),
        ("&admin=1", "%26admin%3D1"),
        ("%2e%2e", "%252e%252e"),
        ("ü \r\n\\@", "%C3%BC%20%0D%0A%5C%40"),
        ("..a", "..a"),
    ] {
        assert_eq!(sent(&host, note).url, format!("https://api.test/v1/of/{written}/x?note={written}&y=1"));
    }
}

#[test]
fn a_segment_that_leads_upwards_or_is_empty_is_refused() {
    let host = host_with_route(json!({ "path": "/of/{entry.note}/x" }));
    for note in ["..", ".", ""] {
        let outcome = upload(&host, noted(note));
        let (letter, cause, message) = failed(&outcome);
        assert_eq!((letter, cause), ('x', Cause::Invalid));
        assert!(
            message.starts_with(&format!("`{{entry.note}}` would be `{note}` in the address")),
            "{message}"
        );
    }
}

#[test]
fn in_a_header_it_stays_on_its_line() {
    let host = host_with_route(json!({ "headers": { "X-Note": "note: {entry.note}" } }));
    let request = sent(&host, "a\r\nX-Admin: 1\0ü~");
    assert_eq!(request.header("x-note"), Some("note: a%0D%0AX-Admin: 1%00%C3%BC~"));
}

#[test]
fn in_json_it_is_a_value() {
    let host = host_with_route(json!({ "json": { "a\"{key}": "<{entry.note}>", "alone": "{entry.note}" } }));
    let note = "\",\"admin\":true,\"x\":\"{key}\\\u{0}\u{2028}";
    assert_eq!(sent(&host, note).json(), json!({ "a\"{key}": format!("<{note}>"), "alone": note }));
}
