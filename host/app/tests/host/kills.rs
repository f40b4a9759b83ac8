//! Kills between and during verbs: what was answered is kept, and is kept once.

use std::process::Stdio;

use serde_json::Value;

use crate::desk::{Desk, Said};

/// A script of verbs, each of which changes something.
const DAY: [&str; 6] = ["start", "pause", "resume", "stop", "continue", "stop"];

/// The entries and the journal's items balance: each answered verb left exactly one item.
fn check(desk: &Desk, answered: u64, maybe: u64) {
    let items = desk.items();
    assert!(
        (answered..=answered + maybe).contains(&items),
        "{items} items for {answered} answers, {maybe} unknown"
    );
}

#[test]
fn a_host_that_is_killed_after_each_answer_loses_none() {
    let desk = Desk::new();
    let mut items = 0;
    for verb in DAY {
        let host = desk.host();
        let said = desk.json(&[verb]);
        assert_eq!(said["changed"], true, "{verb}: {said}");
        items += 1;
        host.kill();
        check(&desk, items, 0);
    }
    assert_eq!(desk.timer()["state"], "idle");
}

#[test]
fn a_verb_whose_host_dies_under_it_is_carried_out_once() {
    let desk = Desk::new();
    for round in 0..8 {
        let host = desk.host();
        let verb = if round % 2 == 0 { "start" } else { "stop" };
        let child =
            desk.command(&[verb, "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        host.kill();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the verb goes on alone: {stderr}");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["changed"], true, "{said}");
        check(&desk, round + 1, 0);
    }
}

/// The verb is killed at its n-th sync or write: what it had answered is there, and nothing is there by halves.
#[test]
fn a_verb_that_is_killed_anywhere_leaves_no_half() {
    let desk = Desk::new();
    let (mut answered, mut unknown) = (0, 0);
    for call in ["fsync,fdatasync", "pwrite64", "openat", "unlink"] {
        for at in [1, 2, 3, 5, 8, 13] {
            let verb = if desk.timer()["state"] == "running" { "stop" } else { "start" };
            let said = Said::of(&mut desk.doomed(call, at, &[verb, "--json"]));
            if said.code == 0 && said.stdout.contains("\"changed\": true") {
                answered += 1;
            } else {
                unknown += 1;
            }
            check(&desk, answered, unknown);
            // What is unknown is known now.
            answered = desk.items();
            unknown = 0;
        }
    }
    assert!(answered > 0, "some were answered");
}

/// The host is killed at its n-th sync or write, somewhere in a day of verbs: the verbs go on alone, and each that was
/// answered is kept, once.
#[test]
fn a_host_that_is_killed_anywhere_loses_no_answer() {
    for (call, at) in
        [("fsync", 1), ("fsync", 2), ("fsync", 4), ("fsync", 7), ("pwrite64", 9), ("pwrite64", 21)]
    {
        let desk = Desk::new();
        // One that dies before it serves is a verb's beginning like any other.
        let host = desk.doomed_host(call, at);
        let mut changes = 0;
        for verb in DAY {
            let said = desk.json(&[verb]);
            assert_eq!(said["changed"], true, "{verb} with {call} {at}: {said}");
            changes += 1;
        }
        drop(host);
        assert_eq!((desk.items(), changes), (6, 6), "{call} {at}");
        assert_eq!(desk.timer()["state"], "idle");
    }
}
