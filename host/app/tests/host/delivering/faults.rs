//! Backends that fail in every way: each way ends as a cause with a hint, is no hot loop, and costs no item.

use serde_json::Value;
use stint_tests::backend::{Backend, Fault, PAST, Route, Rule, TEN_YEARS};

use super::stage::{Stage, backend, key, target};
use crate::desk::until;

/// A backend that fails so at each start of an entry.
fn failing(fault: Rule) -> Backend {
    let backend = backend();
    backend.fail(fault.on(Route::Start));
    backend
}

/// The one delivery at a target.
fn delivery(item: &Value, target: &str) -> Value {
    let deliveries = item["deliveries"].as_array().unwrap();
    deliveries.iter().find(|delivery| delivery["target"] == target).unwrap().clone()
}

#[test]
fn each_way_to_fail_ends_as_a_cause_with_a_hint_and_loses_nothing() {
    let html = Fault::ErrorBody { body: serde_json::json!({ "error": "no" }) };
    // How often a request may go out: once, and once for each of the wishes below, with nothing that asks in between.
    let ways = [
        ("after", Rule::new(Fault::status(500)).after_commit(), "server"),
        ("before", Rule::new(Fault::status(500)), "server"),
        ("cut", Rule::new(Fault::Cut), ""),
        ("cutafter", Rule::new(Fault::Cut).after_commit(), ""),
        ("half", Rule::new(Fault::Truncate), ""),
        ("page", Rule::new(Fault::Html), "server"),
        ("error", Rule::new(html), "server"),
        ("endless", Rule::new(Fault::EndlessBody), ""),
        ("decade", Rule::new(Fault::retry_after(429, TEN_YEARS)), "rate-limited"),
        ("past", Rule::new(Fault::retry_after(429, PAST)), "rate-limited"),
        ("wrong", Rule::new(Fault::status(404)), "not-found"),
        ("refused", Rule::new(Fault::status(403)), "forbidden"),
    ];
    let backends: Vec<(&str, Backend, &str)> =
        ways.into_iter().map(|(name, rule, cause)| (name, failing(rule), cause)).collect();
    let config: String = backends.iter().map(|(name, backend, _)| target(name, backend)).collect();
    let stage = Stage::new(&(config + &key()));
    let _host = stage.host();
    stage.desk.stint(&["start"]).ok();
    let failed = |name: &str| delivery(&stage.desk.json(&["queue", "show", "1"]), name)["error"].is_string();
    until("each has failed once", || backends.iter().all(|(name, ..)| failed(name)));
    for _ in 0..3 {
        stage.desk.stint(&["sync", "--wait"]).ok();
    }
    let item = stage.desk.json(&["queue", "show", "1"]);
    for (name, backend, cause) in &backends {
        let delivery = delivery(&item, name);
        assert_eq!(delivery["state"], "pending", "{name}: {delivery}");
        for part in ["cause", "error", "hint"] {
            assert!(
                delivery[part].as_str().is_some_and(|text| !text.is_empty()),
                "{name}, {part}: {delivery}"
            );
        }
        assert!(cause.is_empty() || delivery["cause"] == *cause, "{name}: {delivery}");
        let attempts = delivery["attempts_made"].as_array().unwrap();
        // A doubt that is resolved without a request has no exchange to show.
        let mut failures = attempts.iter().filter(|attempt| attempt["cause"].is_string());
        assert!(failures.all(|attempt| attempt["excerpt"].is_string()), "{name}: {attempts:?}");
        assert!(!delivery["error"].as_str().unwrap().contains("HTTP 500: HTTP 500"), "{name}: {delivery}");
        assert!(!delivery.to_string().contains(super::stage::KEY), "{name}: {delivery}");
        // The host's own rounds may come on top of the wishes, on a machine that is slow.
        let requests = backend.counts().requests;
        assert!((1..=12).contains(&requests), "{name}: {requests} requests");
    }
    for held in ["decade", "past"] {
        let (_, backend, _) = backends.iter().find(|(name, ..)| *name == held).unwrap();
        assert_eq!(backend.counts().requests, 1, "{held}: no wish goes over a floor");
        let target = stage.target(held);
        assert!(
            target["state"] == "ok" && target["next_attempt_at"].is_string(),
            "when it is over: {target}"
        );
    }
    for (name, why) in [("wrong", "404"), ("refused", "403")] {
        let target = stage.target(name);
        assert_eq!(target["state"], "held", "{target}");
        assert!(target["held_because"].as_str().unwrap().contains(why), "{target}");
    }

    for (name, backend, _) in &backends {
        backend.heal();
        stage.desk.stint(&["target", "resume", name]).ok();
    }
    for (name, backend, _) in backends.iter().filter(|(name, ..)| !["decade", "past"].contains(name)) {
        stage.until_drained(name);
        assert_eq!((stage.count(name, "sent"), stage.count(name, "failed")), (1, 0), "{name}");
        assert_eq!(backend.effects().values().copied().collect::<Vec<_>>(), [1], "{name}");
    }
}

#[test]
fn an_answer_that_trickles_is_waited_for() {
    let backend = failing(Rule::new(Fault::SlowBody { bytes: 3, every_ms: 20 }));
    let stage = Stage::one(&backend);
    let _host = stage.host();
    for verb in ["start", "stop"] {
        stage.desk.stint(&[verb]).ok();
    }
    backend.until_blocking(|ledger, _| ledger.order("entry-1") == ["start", "stop"]);
    assert_eq!(backend.counts().requests, 2);
}
