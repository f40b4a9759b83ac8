//! What answers mean.

use serde_json::{Value, json};
use stint_plugin_sdk::http::Error;
use stint_plugin_sdk::testing::{Reply, custom, time_entry};
use stint_plugin_sdk::{Cause, Delivered, Event, Outcome};

use super::{failed, host, host_with_route, upload};
use crate::Rest;

/// What becomes of an item whose route has these settings and whose request is answered like this.
fn answered(route: Value, reply: Reply) -> Outcome {
    let host = host_with_route(route);
    host.reply(reply);
    upload(&host, time_entry(Event::Stopped))
}

#[test]
fn statuses_mean_what_they_mean() {
    for (status, letter, cause) in [
        (401, 'r', Cause::Unauthorized),
        (404, 'x', Cause::NotFound),
        (422, 'x', Cause::Invalid),
        (429, 'r', Cause::RateLimited),
        (500, 'r', Cause::Server),
        (504, '?', Cause::Server),
        (302, 'r', Cause::Misconfigured),
    ] {
        let outcome = answered(json!({}), Reply::status(status));
        let (said, why, _) = failed(&outcome);
        assert_eq!((said, why), (letter, cause), "{status}");
    }
    let outcome = answered(json!({}), Reply::error(Error::Timeout("no answer".into())));
    assert_eq!(failed(&outcome), ('?', Cause::Timeout, "no answer"));
}

#[test]
fn settings_know_better_what_a_status_means() {
    let statuses = json!({
        "409": { "outcome": "delivered" },
        "4xx": { "outcome": "retry", "cause": "quota" },
        "202": { "outcome": "unknown" },
        "404": { "outcome": "retry" },
    });
    let answered = |reply| answered(json!({ "statuses": statuses, "remote_id": "/id" }), reply);
    assert_eq!(answered(Reply::json(409, &json!({ "id": 7 }))), Ok(Delivered::with_id("7")));
    assert_eq!(answered(Reply::status(409)), Ok(Delivered::anonymous()));
    let outcome = answered(Reply::text(418, "tea").header("retry-after", "5"));
    assert_eq!(failed(&outcome), ('r', Cause::Quota, "HTTP 418: tea"));
    assert_eq!(outcome.unwrap_err().failure().retry_after_ms, Some(5000));
    assert_eq!(failed(&answered(Reply::status(202))), ('?', Cause::Server, "HTTP 202"));
    assert_eq!(failed(&answered(Reply::status(404))), ('r', Cause::NotFound, "HTTP 404: Not Found"));
}

#[test]
fn a_routes_own_rule_comes_before_the_common_one() {
    let route = json!({ "method": "POST", "path": "/e", "statuses": { "4xx": { "outcome": "delivered" } } });
    let host = host(json!({
        "statuses": { "409": { "outcome": "reject" }, "503": { "outcome": "reject", "cause": "invalid" } },
        "routes": { "time-entry": { "any": route } },
    }));
    host.reply(Reply::status(409));
    assert_eq!(upload(&host, time_entry(Event::Stopped)), Ok(Delivered::anonymous()));
    host.reply(Reply::status(503));
    let outcome = upload(&host, time_entry(Event::Stopped));
    assert_eq!(failed(&outcome), ('x', Cause::Invalid, "HTTP 503: Service Unavailable"));
}

#[test]
fn an_error_may_come_with_a_good_status() {
    let errors = json!([
        { "at": "/ok", "equals": false, "message": "/why", "outcome": "retry", "cause": "rate-limited" },
        { "at": "/errors" },
    ]);
    let answered = |body: Value| answered(json!({ "errors": errors }), Reply::json(200, &body));
    let slow = answered(json!({ "ok": false, "why": "slow down" }));
    assert_eq!(failed(&slow), ('r', Cause::RateLimited, "HTTP 200, but /ok says: slow down"));
    let closed = answered(json!({ "ok": true, "errors": ["closed"] }));
    assert_eq!(failed(&closed), ('x', Cause::Invalid, "HTTP 200, but /errors says: [\"closed\"]"));
    let long = answered(json!({ "errors": "ü".repeat(300) }));
    assert_eq!(failed(&long).2, format!("HTTP 200, but /errors says: {}…", "ü".repeat(200)));
    for nothing in [json!(null), json!(false), json!(0), json!(""), json!([]), json!({})] {
        assert_eq!(answered(json!({ "errors": nothing })), Ok(Delivered::anonymous()));
    }
    for something in [json!(true), json!(1), json!("x"), json!([0]), json!({ "a": 1 })] {
        assert!(answered(json!({ "errors": something })).is_err());
    }
}

#[test]
fn what_is_not_understood_is_not_delivered() {
    let page = || Reply::text(200, "<!doctype html><title>Sign in</title>");
    assert_eq!(
        failed(&answered(json!({}), page())),
        (
            '?',
            Cause::Server,
            "HTTP 200, but the answer is a page for people: something between here and the API may have given it"
        )
    );
    assert_eq!(failed(&answered(json!({}), Reply::text(200, "\n <HTML lang=en>"))).0, '?');
    assert_eq!(
        answered(json!({}), Reply::text(200, "<?xml version=\"1.0\"?><ok/>")),
        Ok(Delivered::anonymous())
    );
    let known = json!({ "statuses": { "200": { "outcome": "delivered" } } });
    assert_eq!(answered(known, page()), Ok(Delivered::anonymous()));
    let typed = Reply::text(200, "welcome").header("content-type", "text/html; charset=utf-8");
    assert_eq!(failed(&answered(json!({}), typed)).0, '?');
    let outcome = answered(json!({ "errors": [{ "at": "/error" }] }), Reply::text(200, "done"));
    assert_eq!(failed(&outcome), ('?', Cause::Server, "HTTP 200, but the answer is no JSON"));
    for body in
        [json!({}), json!({ "id": "" }), json!({ "id": null }), json!([{ "this": "is not the shape" }, 7])]
    {
        let outcome = answered(json!({ "remote_id": "/id" }), Reply::json(201, &body));
        assert_eq!(failed(&outcome), ('?', Cause::Server, "HTTP 201, but the answer has no id at /id"));
    }
    assert_eq!(answered(json!({}), Reply::text(200, "done")), Ok(Delivered::anonymous()));
}

#[test]
fn the_id_may_be_in_the_location() {
    for (location, id) in [
        ("https://api.test/entries/17", "17"),
        ("/entries/a%20b%2Fc/?x=1#y", "a b/c"),
        ("entries/%zz%", "%zz%"),
        ("/%ff", "%ff"),
    ] {
        let reply = Reply::status(201).header("location", location);
        assert_eq!(answered(json!({ "remote_id": "location" }), reply), Ok(Delivered::with_id(id)));
    }
    for nowhere in [Reply::status(201), Reply::status(201).header("location", "/")] {
        let outcome = answered(json!({ "remote_id": "location" }), nowhere);
        assert_eq!(failed(&outcome).2, "HTTP 201, but the answer has no id at location");
    }
}

#[test]
fn what_no_route_is_for_fails_where_a_person_sees_it() {
    let host = host(json!({ "routes": { "time-entry": { "started": { "method": "POST", "path": "/e" } } } }));
    let outcome = upload(&host, time_entry(Event::Deleted));
    assert_eq!(
        failed(&outcome),
        (
            'x',
            Cause::Invalid,
            "the settings have no route for time-entry.deleted; add one, or on_missing_route = \"skip\""
        )
    );
    let outcome = upload(&host, custom("mood", &json!({})));
    assert!(failed(&outcome).2.starts_with("the settings have no route for mood;"));
}

#[test]
fn a_probe_asks_only_where_it_is_told_to() {
    let route = json!({ "any": { "method": "POST", "path": "/e" } });
    let headers = json!({ "X-Tenant": "7", "X-Key": "{key}", "Content-Type": "application/json" });
    let probed =
        host(json!({ "probe": { "path": "/me" }, "headers": headers, "routes": { "time-entry": route } }));
    probed.reply(Reply::status(401));
    assert_eq!(probed.target::<Rest>().probe().unwrap_err().cause, Cause::Unauthorized);
    assert_eq!(
        (probed.request().method.as_str(), probed.request().url.as_str()),
        ("GET", "https://api.test/v1/me")
    );
    let request = probed.request();
    let headers: Vec<&str> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(headers, ["accept", "X-Tenant"]);
    drop(probed);
    assert_eq!(host(json!({ "routes": { "time-entry": route } })).target::<Rest>().probe(), Ok(()));
}
