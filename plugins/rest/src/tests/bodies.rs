//! What requests are made of.

use serde_json::json;
use stint_plugin_sdk::testing::{Reply, SentBody, activity, attachment, custom, screenshot, time_entry};
use stint_plugin_sdk::{Delivered, Event, Label};

use super::{host, host_with_route, last, upload};

#[test]
fn a_placeholder_alone_keeps_its_type() {
    let host = host_with_route(json!({ "json": {
        "billable": "{entry.billable}",
        "tags": "{entry.tags}",
        "text": "tags: {entry.tags}, billable: {entry.billable}, {{braces}}",
        "hours": "{entry.worked_ms:h}",
        "ms": "{entry.worked_ms}",
        "none": "{remote_id}",
        "left out": "{remote_id?}",
        "list": ["{remote_id?}", "{event}", 7, null, true],
        "deep": { "person": "{entry.origin.person}", "team": "{labels.team}" },
    } }));
    host.reply(Reply::status(204));
    let mut item = time_entry(Event::Stopped);
    item.labels = vec![Label { key: "team".into(), value: "ops".into() }];
    assert_eq!(upload(&host, item), Ok(Delivered::anonymous()));
    assert_eq!(
        host.request().json(),
        json!({
            "billable": true,
            "tags": ["draft"],
            "text": "tags: draft, billable: true, {braces}",
            "hours": 1,
            "ms": 3_600_000,
            "none": null,
            "list": ["stopped", 7, null, true],
            "deep": { "person": "ada", "team": "ops" },
        })
    );
}

#[test]
fn the_whole_item_may_be_the_body() {
    let host = host_with_route(json!({ "json": "{item}" }));
    host.reply(Reply::status(200));
    upload(&host, time_entry(Event::Stopped)).unwrap();
    let body = host.request().json();
    assert_eq!(
        (&body["event"], &body["entry"]["project"], &body["kind"]),
        (&json!("stopped"), &json!("Website"), &json!("time-entry"))
    );
}

#[test]
fn a_form_carries_texts_and_the_picture() {
    let host = host(json!({ "routes": { "screenshot": {
        "method": "POST",
        "path": "/shots",
        "form": [{ "name": "monitor", "text": "on {screenshot.monitor}" }, { "name": "picture", "file": true }],
    } } }));
    host.reply(Reply::status(201));
    upload(&host, screenshot(attachment("shot.jpg", "image/jpeg", "pixels"))).unwrap();
    let request = host.request();
    assert_eq!(request.part("monitor").bytes, b"on DP-1");
    let picture = request.part("picture");
    assert_eq!(
        (picture.filename.as_deref(), picture.mime.as_deref(), picture.bytes.as_slice()),
        (Some("shot.jpg"), Some("image/jpeg"), b"pixels".as_slice())
    );
}

#[test]
fn the_picture_or_a_text_may_be_the_body() {
    let host = host(json!({ "routes": {
        "screenshot": { "method": "PUT", "path": "/shots/{file.sha256}", "file": true },
        "activity": {
            "method": "POST",
            "path": "/lines",
            "headers": { "Content-Type": "text/csv" },
            "text": "{activity.window.start:rfc3339},{key}\n",
        },
    } }));
    host.reply(Reply::status(200));
    upload(&host, screenshot(attachment("shot.jpg", "image/jpeg", "pixels"))).unwrap();
    let request = last(&host);
    assert_eq!(
        (request.header("content-type"), &request.body),
        (Some("image/jpeg"), &SentBody::Content(b"pixels".to_vec()))
    );
    assert!(request.url.ends_with("/shots/6ec9c2b0eb14010746c8bce8939303b382344b296206612eb8a907a37b2b2f37"));
    host.reply(Reply::status(200));
    upload(&host, activity("Editor", "draft")).unwrap();
    let request = last(&host);
    assert_eq!(
        (request.header("content-type"), request.text().as_str()),
        (Some("text/csv"), "2026-03-02T11:59:00Z,9f0c1f6e-1111-5000-8000-000000000003\n")
    );
}

#[test]
fn custom_items_have_routes_by_their_kind() {
    let route = |path: &str| json!({ "method": "POST", "path": path, "json": "{custom.data.level}" });
    let host = host(json!({ "routes": { "custom": { "mood": route("/moods"), "any": route("/{kind}") } } }));
    for (kind, url) in [("mood", "https://api.test/v1/moods"), ("note/1", "https://api.test/v1/note%2F1")] {
        host.reply(Reply::status(200));
        upload(&host, custom(kind, &json!({ "level": 3 }))).unwrap();
        assert_eq!((last(&host).url.as_str(), last(&host).text().as_str()), (url, "3"));
    }
}

#[test]
fn headers_come_from_all_routes_and_from_the_own_one() {
    let route = json!({ "method": "POST", "path": "/e", "headers": { "x-team": "own", "X-Id": "{item_id}", "Accept": "text/plain" } });
    let host = host(json!({
        "headers": { "X-Team": "all", "X-Client": "stint {key}" },
        "idempotency_header": "X-Request-Id",
        "credential": false,
        "routes": { "time-entry": { "stopped": route } },
    }));
    host.reply(Reply::status(200));
    upload(&host, time_entry(Event::Stopped)).unwrap();
    let request = host.request();
    let headers: Vec<(&str, &str)> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        headers,
        [
            ("X-Request-Id", "9f0c1f6e-1111-5000-8000-000000000003"),
            ("X-Client", "stint 9f0c1f6e-1111-5000-8000-000000000003"),
            ("Accept", "text/plain"),
            ("X-Id", "0195573a-9d00-7000-8000-000000000002"),
            ("x-team", "own"),
        ]
    );
    assert_eq!(request.credential, None);
}

#[test]
fn no_header_is_sent_where_the_backend_knows_none() {
    let host = host(
        json!({ "idempotency_header": "", "routes": { "time-entry": { "any": { "method": "PUT", "path": "/{entry_key}" } } } }),
    );
    host.reply(Reply::status(200));
    upload(&host, time_entry(Event::Edited)).unwrap();
    assert_eq!(host.request().header("idempotency-key"), None);
    assert_eq!(host.request().header("accept"), Some("application/json"));
    assert_eq!(host.request().body, SentBody::Empty);
}
