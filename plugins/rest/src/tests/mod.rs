//! The plugin on the fake host.

mod answers;
mod bodies;
mod injection;
mod lookups;
mod old_tracker;
mod problems;

use serde_json::{Value, json};
use stint_plugin_sdk::testing::{Host, Sent};
use stint_plugin_sdk::{Cause, Item, Outcome, Undelivered};

use super::Rest;

/// A host with settings: this address, and these beside it.
fn host(settings: Value) -> Host {
    let mut whole = json!({ "url": "https://api.test/v1/" });
    let (Value::Object(whole_fields), Value::Object(settings)) = (&mut whole, settings) else {
        panic!("tables")
    };
    whole_fields.extend(settings);
    let host = Host::new();
    host.set_settings(&whole);
    host
}

/// A host with one route for all events of time entries, merged from the parts.
fn host_with_route(route: Value) -> Host {
    let mut whole = json!({ "method": "POST", "path": "/entries" });
    let (Value::Object(fields), Value::Object(route)) = (&mut whole, route) else { panic!("tables") };
    fields.extend(route);
    host(json!({ "routes": { "time-entry": { "any": whole } } }))
}

fn upload(host: &Host, item: Item) -> Outcome {
    host.target::<Rest>().upload(item)
}

/// The last request.
fn last(host: &Host) -> Sent {
    host.requests().pop().unwrap()
}

/// Which of the three it is, why, and in what words.
fn failed(outcome: &Outcome) -> (char, Cause, &str) {
    let undelivered = outcome.as_ref().expect_err("it was not to be delivered");
    let letter = match undelivered {
        Undelivered::Retry(_) => 'r',
        Undelivered::Reject(_) => 'x',
        Undelivered::Unknown(_) => '?',
    };
    (letter, undelivered.failure().cause.clone(), undelivered.failure().message.as_str())
}
