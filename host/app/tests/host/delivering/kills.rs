//! A long drain whose host is killed, stopped, or runs out of disk: what was issued is accounted for, and nothing has
//! its effect twice.

use std::{
    fs,
    hash::{BuildHasher as _, RandomState},
};

use rustix::process::Signal;
use serde_json::Value;
use stint_plugin_runtime::manifest::Idempotency;
use stint_tests::{
    backend::{Backend, Config, Fault, Rule},
    guests::first_party_with,
};

use super::stage::{Stage, backend, key, taking_the_key, target};
use crate::desk::{Host, until};

const AT_ONCE: &str = "[sync]\ninitial_delay = \"0s\"\n";

/// What was issued is sent, failed, given up or pending, at each target.
#[track_caller]
fn balances(stage: &Stage, issued: u64) {
    let status = stage.desk.json(&["status"]);
    for target in status["targets"].as_array().unwrap() {
        let sum: u64 = ["pending", "failed", "sent", "dropped"]
            .iter()
            .map(|state| target[state].as_u64().unwrap())
            .sum();
        assert_eq!(sum, issued, "{target}");
    }
}

#[track_caller]
fn one_effect_each(backend: &Backend, keys: u64) {
    let ledger = backend.ledger();
    assert_eq!(
        (ledger.doubled(), ledger.altered.as_slice(), ledger.effects_without_key),
        (vec![], &[][..], 0)
    );
    assert_eq!(ledger.effects.len() as u64, keys);
}

/// The backend goes by no key, so the host asks it first.
fn asked_first() -> (Backend, String) {
    let backend = Backend::with(Config { honours_keys: false, ..taking_the_key() }).unwrap();
    let lookup = "[targets.asked.settings.routes.time-entry.started.lookup]\n\
                  path = \"/time-entries?key={key}\"\nfound = \"/0/id\"\n";
    let config = target("asked", &backend) + lookup;
    (backend, config)
}

/// At a backend that can't tell, calls that were killed and answers that were lost leave items that nobody sends again:
/// at most so many here.
const LEFT_IN_DOUBT: u64 = 50;

/// Kills at moments that are others each time: each comes so many requests after the host's start, or when there is
/// hardly anything left to send.
fn kills(stage: &Stage, backends: &[&Backend], issued: u64, times: u32, further_max: u64) {
    for _ in 0..times {
        let host = stage.desk.host();
        for backend in backends {
            let until = backend.counts().requests + RandomState::new().hash_one(()) % further_max;
            backend.until_blocking(|ledger, counts| {
                counts.requests >= until || ledger.effects.len() as u64 + LEFT_IN_DOUBT >= issued
            });
        }
        host.kill();
        balances(stage, issued);
    }
}

#[test]
fn kills_during_a_drain_of_ten_thousand_lose_and_double_nothing() {
    let (backend, issued) = (backend(), 10_000);
    let stage = Stage::new(&(target("work", &backend) + &key() + AT_ONCE));
    stage.record(0..issued);
    backend.fail(Rule::new(Fault::Cut).after_commit().skip(500).times(3));
    backend.fail(Rule::new(Fault::status(500)).after_commit().skip(1_500).times(2));
    kills(&stage, &[&backend], issued, 7, 1_000);
    let host = stage.host();
    stage.until_drained("work");
    assert_eq!((stage.count("work", "sent"), stage.count("work", "failed")), (issued, 0));
    balances(&stage, issued);
    one_effect_each(&backend, issued);
    assert_eq!(host.end(), 0, "{}", stage.desk.log());
}

/// The same for the other ways that a backend has to tell a repeated item from a new one, down to none at all.
#[test]
fn kills_lose_and_double_nothing_whatever_the_backend_can_tell() {
    let issued = 800;
    let (asked, asked_config) = asked_first();
    let (put, once) = (backend(), Backend::with(Config { honours_keys: false, ..taking_the_key() }).unwrap());
    let put_config = target("put", &put)
        .replace("plugin = \"rest\"", "plugin = \"put\"")
        .replace("\"POST\"\npath = \"/time-entries/start\"", "\"PUT\"\npath = \"/files/{key}\"");
    let once_config = target("once", &once).replace("plugin = \"rest\"", "plugin = \"once\"");
    let stage = Stage::new(&(asked_config + &put_config + &once_config + &key() + AT_ONCE));
    for (name, class) in [("put", Idempotency::PutOverwrite), ("once", Idempotency::AtMostOnce)] {
        let plugin = first_party_with("rest", |manifest| {
            name.clone_into(&mut manifest.name);
            manifest.target.as_mut().unwrap().idempotency = class;
        });
        fs::write(stage.desk.path(&format!("plugins/{name}.wasm")), plugin.unwrap()).unwrap();
    }
    stage.record(0..issued);
    for backend in [&asked, &put, &once] {
        backend.fail(Rule::new(Fault::Cut).after_commit().skip(100).times(2));
        backend.fail(Rule::new(Fault::Cut).skip(200).times(2));
    }
    kills(&stage, &[&asked, &put, &once], issued, 4, 150);
    let host = stage.host();
    for (name, backend) in [("asked", &asked), ("put", &put)] {
        stage.until_drained(name);
        assert_eq!((stage.count(name, "sent"), stage.count(name, "failed")), (issued, 0), "{name}");
        one_effect_each(backend, issued);
    }
    assert!(put.ledger().files.len() as u64 == issued);
    // Where nobody can tell, what may have arrived waits for a person and is never sent again.
    let waiting = || stage.desk.json(&["queue", "list", "--limit", "1000", "--state", "pending"]);
    let is_in_doubt =
        |item: &Value| item["detail"].as_str().is_some_and(|detail| detail.contains("not known whether"));
    until("only doubts are left", || waiting()["items"].as_array().unwrap().iter().all(is_in_doubt));
    let doubts = stage.count("once", "pending");
    assert!(doubts >= 4, "the answers that were lost, and perhaps calls that were killed: {doubts}");
    assert_eq!((stage.count("once", "sent"), stage.count("once", "failed")), (issued - doubts, 0));
    let ledger = once.ledger();
    assert_eq!((ledger.doubled(), once.counts().replays), (vec![], 0));
    let effects = ledger.effects.len() as u64;
    assert!((issued - doubts..=issued).contains(&effects), "{effects} effects, {doubts} doubts");
    balances(&stage, issued);
    assert_eq!(host.end(), 0, "{}", stage.desk.log());
}

/// How many deliveries are in hand, or may have arrived.
fn details(stage: &Stage, part: &str) -> usize {
    let list = stage.desk.json(&["queue", "list", "--limit", "1000", "--state", "pending"]);
    let items = list["items"].as_array().unwrap();
    items.iter().filter(|item| item["detail"].as_str().is_some_and(|detail| detail.contains(part))).count()
}

fn end_in_the_middle(stage: &Stage, backend: &Backend) -> Host {
    stage.record(0..200);
    // Four calls in flight, of which the backend will do two while the host ends.
    backend.fail(Rule::new(Fault::Hold).skip(20).times(4));
    // Its first pass isn't over before they are.
    let host = stage.desk.host();
    backend.until_blocking(|_, counts| counts.held == 4);
    host
}

#[test]
fn a_host_that_ends_waits_for_its_calls_and_gives_back_the_rest() {
    let backend = backend();
    let config =
        target("work", &backend) + &key() + "[timer]\non_quit = \"pause\"\n[sync]\ninitial_delay = \"0s\"\n";
    let stage = Stage::new(&config);
    stage.desk.stint(&["start"]).ok();
    let host = end_in_the_middle(&stage, &backend);
    host.signal(Signal::TERM);
    until("it ends", || {
        stage.desk.log().contains("ends") || !stage.desk.data().join("control.sock").exists()
    });
    backend.release();
    assert_eq!(host.end(), 0, "{}", stage.desk.log());
    assert!(stage.desk.log().contains("stint has ended"), "{}", stage.desk.log());
    let requests = backend.counts().requests;
    assert_eq!(details(&stage, "being sent"), 0, "nothing is in hand");
    assert_eq!(stage.desk.timer()["state"], "paused");
    let issued = 200 + 1 + 1;
    balances(&stage, issued);
    let _host = stage.host();
    stage.until_drained("work");
    one_effect_each(&backend, issued);
    assert!(requests >= 24, "{requests}");
    assert_eq!(backend.counts().requests, issued, "nothing went out twice");
}

#[test]
fn a_host_whose_calls_do_not_end_ends_without_them() {
    let backend = backend();
    let config = target("work", &backend) + &key() + "[sync]\ninitial_delay = \"0s\"\n";
    let stage = Stage::new(&config);
    let host = end_in_the_middle(&stage, &backend);
    // The requests are held until long after.
    assert_eq!(host.end(), 0, "{}", stage.desk.log());
    assert_eq!(details(&stage, "being sent"), 0);
    assert!(
        details(&stage, "not known whether") >= 1,
        "{}",
        stage.desk.json(&["queue", "list", "--limit", "300"])
    );
    balances(&stage, 200);
    backend.release();
    let _host = stage.host();
    stage.until_drained("work");
    one_effect_each(&backend, 200);
    assert_eq!(stage.count("work", "failed"), 0);
}

/// The list of an item's attempts says what happened, and by which plugin.
#[test]
fn what_was_found_out_after_a_kill_is_in_the_history() {
    let backend = backend();
    let stage = Stage::new(&(target("work", &backend) + &key() + "[sync]\ninitial_delay = \"0s\"\n"));
    // It is done and not answered: a request whose sender is gone would not be done at all.
    backend.fail(Rule::new(Fault::Hold).after_commit().times(1));
    stage.desk.stint(&["start"]).ok();
    let host = stage.desk.host();
    backend.until_blocking(|_, counts| counts.held == 1);
    host.kill();
    backend.release();
    backend.until_blocking(|ledger, _| ledger.effects.len() == 1);
    let _host = stage.host();
    stage.until_drained("work");
    let item: Value = stage.desk.json(&["queue", "show", "1"]);
    assert_eq!(item["deliveries"][0]["state"], "sent", "{item}");
    one_effect_each(&backend, 1);
    assert_eq!(backend.counts().replays, 1, "the backend recognised the key");
}
