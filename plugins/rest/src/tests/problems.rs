//! What is said about settings: every problem at its exact place, each with what to write instead.

use serde_json::{Value, json};

use super::{host, host_with_route};
use crate::Rest;

type Said = (String, String, String);

fn said(host: &stint_plugin_sdk::testing::Host) -> Vec<Said> {
    let problems = host.target::<Rest>().check().into_iter();
    problems.map(|problem| (problem.path, problem.message, problem.hint.unwrap_or_default())).collect()
}

/// The only problem of a route for time entries.
#[track_caller]
fn only(route: Value) -> (String, String, String) {
    let mut problems = said(&host_with_route(route));
    assert_eq!(problems.len(), 1, "{problems:#?}");
    let (path, message, hint) = problems.remove(0);
    let inside = path.strip_prefix("/routes/time-entry/any").expect("it is in the route");
    (inside.to_owned(), message, hint)
}

fn as_said(path: &str, message: &str, hint: &str) -> Said {
    (path.to_owned(), message.to_owned(), hint.to_owned())
}

#[test]
fn misspelt_names_get_the_right_one() {
    assert_eq!(
        only(json!({ "json": { "a/b": [{ "note": "{entry.noet}" }] } })),
        as_said("/json/a~1b/0/note", "a time entry has no `entry.noet`", "did you mean `entry.note`?")
    );
    assert_eq!(
        only(json!({ "text": "{entry.started_at:rfc339}" })),
        as_said("/text", "`rfc339` is no format", "did you mean `rfc3339`?")
    );
    assert_eq!(only(json!({ "headers": { "x-mime": "{file.mime}" } })).1, "a time entry has no `file.mime`");
    let misspelt = host_with_route(json!({ "remoteid": "/id" }));
    assert_eq!(
        said(&misspelt),
        [as_said(
            "/routes/time-entry/any/remoteid",
            "`remoteid` is not known here",
            "did you mean `remote_id`?"
        )]
    );
}

#[test]
fn a_far_name_gets_all_that_there_are() {
    let (_, message, hint) = only(json!({ "text": "{colour}" }));
    assert_eq!(message, "a time entry has no `colour`");
    assert!(hint.starts_with("one of item, item_id, key, ") && hint.contains("entry.extra"), "{hint}");
}

#[test]
fn formats_fit_what_they_write() {
    assert_eq!(
        only(json!({ "text": "{entry.note:date}" })),
        as_said("/text", "`entry.note` is neither a moment nor a length of time", "take the format out")
    );
    assert_eq!(
        only(json!({ "text": "{entry.worked_ms:date}" })),
        as_said("/text", "this format doesn't fit `entry.worked_ms`", "one of ms, s, min, h, iso")
    );
    assert_eq!(
        only(json!({ "text": "{entry.started_at:h}" })).2,
        "one of ms, s, rfc3339, date, local, local_date, local_time"
    );
}

#[test]
fn paths_are_paths() {
    assert_eq!(
        only(json!({ "path": "entries" })),
        as_said("/path", "a path begins with a slash", "write /time-entries, for example")
    );
    assert_eq!(only(json!({ "path": "/a b" })).1, "this can't be part of an address");
    assert_eq!(only(json!({ "path": "/a#b" })).1, "this can't be part of an address");
    assert_eq!(
        only(json!({ "path": "/{key" })),
        as_said(
            "/path",
            "this `{` has no other half",
            "write `{{` for the sign itself, or `{key}` for a placeholder"
        )
    );
}

#[test]
fn a_request_has_one_body_that_its_method_carries() {
    assert_eq!(
        only(json!({ "json": {}, "text": "" })),
        as_said("/text", "a request has one body, and this one has json and text", "take out all but one")
    );
    assert_eq!(
        only(json!({ "method": "GET", "json": {} })),
        as_said("/json", "a GET request has no body", "write POST or PUT as its method")
    );
    assert_eq!(
        only(json!({ "file": true })),
        as_said("/file", "only a screenshot has a picture", "take it out")
    );
    assert_eq!(
        only(json!({ "form": [{ "name": "a" }] })),
        as_said(
            "/form/0",
            "a part of a form is either text or the picture",
            "write text = \"…\" or file = true"
        )
    );
    assert_eq!(only(json!({ "form": [{ "name": "", "text": "" }] })).0, "/form/0/name");
    assert_eq!(
        only(json!({ "form": [], "headers": { "Content-Type": "multipart/form-data" } })),
        as_said(
            "/headers",
            "the host writes the type of a form, with the boundary of its parts",
            "take `content-type` out"
        )
    );
}

#[test]
fn headers_are_those_that_settings_may_set() {
    assert_eq!(
        only(json!({ "headers": { "Authorization": "Bearer x" } })),
        as_said(
            "/headers/Authorization",
            "`Authorization` is not for settings to set",
            "the host attaches the credential; name one under `credentials` of the target"
        )
    );
    assert_eq!(
        only(json!({ "headers": { "idempotency-key": "{entry.id}" } })),
        as_said(
            "/headers/idempotency-key",
            "this header carries the item's key already",
            "take it out, or set idempotency_header = \"\""
        )
    );
    assert_eq!(only(json!({ "headers": { "x y": "" } })).1, "`x y` is no name for a header");
    assert_eq!(
        only(json!({ "headers": { "x": "ü" } })),
        as_said("/headers/x", "a header is one line of ASCII", "take the other characters out")
    );
}

#[test]
fn answers_are_read_where_something_can_be() {
    assert_eq!(
        only(json!({ "remote_id": "data.id" })),
        as_said(
            "/remote_id",
            "this is neither a JSON pointer nor `location`",
            "write /id for {\"id\": …} in the answer, or location for that header"
        )
    );
    assert_eq!(
        only(json!({ "statuses": { "49": { "outcome": "retry" } } })),
        as_said("/statuses/49", "`49` is no status", "for example 409, or 4xx for all of them")
    );
    for wrong in ["600", "6xx", "4x4", "04xx", "+99"] {
        assert_eq!(
            only(json!({ "statuses": { wrong: { "outcome": "retry" } } })).0,
            format!("/statuses/{wrong}")
        );
    }
    assert_eq!(
        only(json!({ "errors": [{ "at": "data.error", "message": "/a" }] })),
        as_said("/errors/0/at", "this is no JSON pointer", "write /data/error, for example")
    );
    assert_eq!(only(json!({ "lookup": { "path": "/e", "found": "id" } })).0, "/lookup/found");
    assert_eq!(only(json!({ "errors": [{ "at": "/a~2" }] })).1, "this is no JSON pointer");
}

#[test]
fn whoever_uses_the_backends_id_has_to_be_told_it() {
    assert_eq!(
        only(json!({ "path": "/e/{remote_id}/{remote_id}" })),
        as_said(
            "/path",
            "no route says where the backend tells its id of the entry",
            "add remote_id = \"/id\" to the route of the event that makes the entry, such as time-entry.started"
        )
    );
    assert_eq!(said(&host_with_route(json!({ "path": "/e/{remote_id}", "remote_id": "/id" }))), []);
}

#[test]
fn the_rest_of_the_settings_is_looked_at_too() {
    let route = json!({ "method": "POST", "path": "/s", "remote_id": "/id", "text": "{file.base64}" });
    let host = host(json!({
        "url": "ftp://x",
        "idempotency_header": "a b",
        "redirects": 6,
        "headers": { "X-Note": "{entry.note}" },
        "probe": { "path": "/{key}" },
        "routes": { "screenshot": route },
    }));
    let places: Vec<(String, String)> =
        said(&host).into_iter().map(|(path, message, _)| (path, message)).collect();
    let expected = [
        ("/url", "an address begins with https:// or http://"),
        ("/idempotency_header", "`a b` is no name for a header"),
        ("/redirects", "the host follows no more than 5 redirects"),
        ("/headers/X-Note", "a screenshot has no `entry.note`"),
        ("/probe/path", "this is asked without any item"),
        ("/routes/screenshot/text", "only JSON carries a picture as base64"),
        (
            "/routes/screenshot/remote_id",
            "what this answer names would be taken for the name of the time entry",
        ),
    ];
    assert_eq!(places, expected.map(|(path, message)| (path.to_owned(), message.to_owned())));
}

#[test]
fn a_target_without_a_route_is_none() {
    assert_eq!(said(&host(json!({})))[0].1, "there is no route, so nothing would be sent");
}

#[test]
fn the_address_is_only_an_address() {
    for (url, message) in [
        ("https://", "this address names no host"),
        ("https:///path", "this address names no host"),
        ("https://ada:secret@x.test", "a user or a password doesn't belong into an address"),
        ("https://{key}.x.test", "the address is the same for every item"),
        ("https://x.test/?a=1", "every path is put behind this address, so nothing may follow its own path"),
        ("https://x.test/ a", "every path is put behind this address, so nothing may follow its own path"),
    ] {
        let host = host(
            json!({ "url": url, "routes": { "custom": { "any": { "method": "POST", "path": "/e" } } } }),
        );
        assert_eq!(
            said(&host).first().map(|(path, message, _)| (path.as_str(), message.as_str())),
            Some(("/url", message))
        );
    }
}

#[test]
fn local_time_is_for_those_who_know_their_zone() {
    let host = host(
        json!({ "routes": { "activity": { "method": "POST", "path": "/e", "text": "{activity.window.end:local}" } } }),
    );
    assert_eq!(said(&host)[0].1, "only a time entry says which time zone its person was in");
}

#[test]
fn settings_of_another_shape_are_told_as_a_whole_and_send_nothing() {
    let host = host(json!({
        "url": 7,
        "credential": "yes",
        "on_missing_route": "ignore",
        "redirects": -1,
        "headers": { "X": 1 },
        "errors": { "at": "/e" },
        "statuses": { "409": { "cause": "conflcit" } },
        "probe": "/me",
        "routes": {
            "time-entry": { "start": {}, "stopped": { "method": "SEND", "path": "/e", "form": "x" } },
            "screenshot": [],
            "custom": { "a/b": { "path": "/c" } },
        },
        "x/y": 1,
    }));
    let expected = [
        ("/x~1y", "`x/y` is not known here"),
        ("/url", "this is a number"),
        ("/credential", "this is a text"),
        ("/on_missing_route", "`ignore` is none of the words for this"),
        ("/redirects", "this is a number"),
        ("/headers/X", "this is a number"),
        ("/statuses/409", "`outcome` is missing"),
        ("/statuses/409/cause", "`conflcit` is none of the words for this"),
        ("/errors", "this is a table"),
        ("/probe", "this is a text"),
        ("/routes/time-entry/start", "`start` is not known here"),
        ("/routes/time-entry/stopped/form", "this is a text"),
        ("/routes/time-entry/stopped/method", "`SEND` is none of the words for this"),
        ("/routes/screenshot", "this is a list"),
        ("/routes/custom/a~1b", "`method` is missing"),
    ];
    let found = said(&host);
    let places: Vec<(&str, &str)> =
        found.iter().map(|(path, message, _)| (path.as_str(), message.as_str())).collect();
    assert_eq!(places, expected);
    assert_eq!(
        (found[7].2.as_str(), found[10].2.as_str()),
        ("did you mean `conflict`?", "did you mean `started`?")
    );
    let outcome =
        super::upload(&host, stint_plugin_sdk::testing::time_entry(stint_plugin_sdk::Event::Stopped));
    assert_eq!(
        super::failed(&outcome),
        (
            'r',
            stint_plugin_sdk::Cause::Misconfigured,
            "the settings don't fit: `x/y` is not known here (at /x~1y)"
        )
    );
    assert_eq!(host.target::<Rest>().probe().unwrap_err().cause, stint_plugin_sdk::Cause::Misconfigured);
}
