//! The verbs about delivery, with and without a host: what they say, as text and as JSON, and how they end.

use std::process::Stdio;

use serde_json::{Value, json};
use stint_tests::backend::{Fault, Rule};

use super::stage::{Stage, backend, key, target};
use crate::desk::{Said, until};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn sync_says_what_was_delivered_and_why_nothing_was() {
    let backend = backend();
    let stage = Stage::one(&backend);
    let _host = stage.host();
    let answer = stage.desk.json(&["sync", "--wait"]);
    assert_eq!(keys(&answer), ["delivered", "done", "targets", "version"]);
    assert_eq!(
        keys(&answer["targets"][0]),
        ["delivered", "done", "failed", "name", "pending", "result", "wish"]
    );
    assert_eq!(answer["targets"][0]["result"], "nothing is pending");
    assert_eq!((&answer["delivered"], &answer["done"]), (&json!(0), &json!(true)));
    assert_eq!(stage.desk.stint(&["sync"]).ok(), "work: nothing is pending\n");

    stage.desk.stint(&["target", "pause", "work"]).ok();
    stage.desk.stint(&["start"]).ok();
    stage.desk.stint(&["stop"]).ok();
    let said = stage.desk.stint(&["sync", "--wait"]).ok();
    assert_eq!(said, "work: paused; `stint target resume work` lets it go on\n");
    let mut narrow = stage.desk.command(&["sync"]);
    let narrow = Said::of(narrow.env("COLUMNS", "20")).ok();
    assert!(narrow.lines().count() > 2 && narrow.lines().all(|line| line.chars().count() <= 20), "{narrow}");
    assert_eq!(backend.counts().requests, 0);
    stage.desk.stint(&["target", "resume", "work"]).ok();
    backend.until_blocking(|ledger, _| ledger.effects.len() == 2);

    let said = stage.desk.stint(&["sync", "--target", "wrok"]);
    assert_eq!(said.code, 65, "{said:?}");
    assert!(said.stderr.contains("failed to find the target \"wrok\"\n hint: there is work; "), "{said:?}");
}

#[test]
fn a_target_is_paused_and_goes_on_at_a_persons_word() {
    let backend = backend();
    let stage = Stage::one(&backend);
    let said = stage.desk.stint(&["target", "pause", "work"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "work is paused; what is recorded for it waits\n"));
    assert_eq!(said.stderr, "note: nothing is delivered before a host runs: stint run\n");
    let _host = stage.host();
    let list = stage.desk.json(&["target", "list"]);
    assert_eq!(keys(&list), ["targets", "version"]);
    assert_eq!(list["targets"][0]["state"], "paused");
    let again = stage.desk.json(&["target", "pause", "work"]);
    assert_eq!(keys(&again), ["changed", "message", "target", "version"]);
    assert_eq!((&again["changed"], &again["message"]), (&json!(false), &json!("work is paused already")));
    let said = stage.desk.stint(&["target", "resume", "work"]);
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("work goes on\n", ""));
    assert_eq!(stage.desk.stint(&["target", "resume", "work"]).ok(), "nothing holds work up\n");
    assert_eq!(stage.desk.stint(&["target", "resume", "wrok"]).code, 65);
    let mut narrow = stage.desk.command(&["target", "list"]);
    let narrow = Said::of(narrow.env("COLUMNS", "20")).ok();
    assert!(narrow.lines().all(|line| line.chars().count() <= 20), "{narrow}");
}

#[test]
fn the_queue_is_changed_at_a_persons_word_and_what_stays_as_it_is_is_refused() {
    let (first, second) = (backend(), backend());
    let config = target("work", &first) + &target("home", &second) + &key();
    let stage = Stage::new(&config);
    let desk = &stage.desk;
    desk.stint(&["target", "pause", "work"]).ok();
    desk.stint(&["target", "pause", "home"]).ok();
    let _host = stage.host();
    for verb in ["start", "pause", "resume", "stop"] {
        desk.stint(&[verb]).ok();
    }
    let refused = desk.stint(&["queue", "retry", "1", "--target", "work", "--json"]);
    assert_eq!(refused.code, 77, "{refused:?}");
    let change: Value = serde_json::from_str(&refused.stdout).unwrap();
    assert_eq!(keys(&change), ["changed", "message", "refused", "version"]);
    assert_eq!(keys(&change["refused"][0]), ["number", "reason", "target"]);
    assert_eq!(serde_json::from_str::<Value>(&refused.stderr).unwrap()["exit"], 77);

    assert_eq!(desk.stint(&["queue", "drop", "2", "--target", "work"]).code, 2, "not without --yes");
    assert_eq!(desk.stint(&["queue", "drop", "2", "--target", "work", "--yes"]).ok(), "1 item given up\n");
    assert_eq!(
        desk.stint(&["queue", "drop", "2", "--target", "work", "--yes"]).code,
        77,
        "it is dropped already"
    );
    assert_eq!(desk.stint(&["queue", "drop", "99", "--yes"]).code, 65);
    assert_eq!(desk.stint(&["queue", "move", "work", "work"]).code, 77);
    assert_eq!(desk.stint(&["queue", "retry", "--all"]).ok(), "0 items put back to be tried again\n");

    let exported = desk.json(&["queue", "export", "all.jsonl", "--state", "pending"]);
    assert_eq!((&exported["items"], &exported["version"]), (&json!(7), &json!(1)));
    let lines = std::fs::read_to_string(desk.path("all.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() == 7 && lines.iter().all(|line| line["idempotency_key"].is_string()));
    assert_eq!(crate::desk::mode(&desk.path("all.jsonl")), 0o600);
    let again = desk.stint(&["queue", "export", "all.jsonl"]);
    assert_eq!(again.code, 73, "{again:?}");
    assert_eq!(desk.stint(&["queue", "export", "-"]).ok().lines().count(), 8);

    desk.stint(&["target", "resume", "home"]).ok();
    second.until_blocking(|ledger, _| ledger.effects.len() == 4);
    assert_eq!(first.counts().requests, 0);
}

#[test]
fn without_a_host_nothing_is_delivered_and_that_is_said() {
    let backend = backend();
    let stage = Stage::one(&backend);
    let desk = &stage.desk;
    let none = "error: failed to reach a host: none runs, and only a host delivers\n \
                hint: start it with `stint run`; what is recorded waits until then\n";
    for args in [&["sync"] as &[&str], &["sync", "--wait"], &["tap"], &["tap", "--target", "work"]] {
        let said = desk.stint(args);
        assert_eq!((said.code, said.stdout.as_str(), said.stderr.as_str()), (69, "", none), "{args:?}");
        let said = desk.stint(&[args, &["--json"]].concat());
        let error: Value = serde_json::from_str(&said.stderr).unwrap();
        assert_eq!((said.code, &error["exit"]), (69, &json!(69)), "{args:?}");
        assert!(error["hint"].as_str().unwrap().contains("stint run"), "{error}");
    }
    desk.stint(&["add", "2026-03-02 9:00-10:00"]).ok();
    let waits = "note: nothing is delivered before a host runs: stint run\n";
    let said = desk.stint(&["queue", "drop", "1", "--yes"]);
    assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("1 item given up\n", waits));
    let said = desk.stint(&["queue", "backfill", "work", "--since", "2026-03-01"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("will be delivered to work"), "{said:?}");
    assert_eq!(desk.stint(&["queue", "export", "-"]).ok().lines().count() as u64, desk.items());
    assert_eq!(backend.counts().requests, 0);
}

#[test]
fn a_target_that_came_later_is_told_of_earlier_times_and_an_old_ones_deliveries_are_moved() {
    let (first, second) = (backend(), backend());
    let stage = Stage::one(&first);
    let desk = &stage.desk;
    desk.stint(&["start"]).ok();
    desk.stint(&["stop"]).ok();
    // The target gets another name.
    desk.configure(&(target("new", &second) + &key()));
    let host = stage.host();
    assert_eq!(desk.stint(&["queue", "move", "work", "new"]).ok(), "2 items moved from work to new\n");
    second.until_blocking(|ledger, _| ledger.effects.len() == 2);
    assert_eq!(second.ledger().order("entry-1"), ["start", "stop"]);
    host.end();

    // Another one comes along.
    let third = backend();
    desk.configure(&(target("new", &second) + &target("late", &third) + &key()));
    let _host = stage.host();
    assert_eq!(third.counts().requests, 0);
    let said = desk.stint(&["queue", "backfill", "late", "--since", "7d"]).ok();
    assert_eq!(said, "2 items of earlier times will be delivered to late\n");
    third.until_blocking(|ledger, _| ledger.effects.len() == 2);
    assert_eq!(desk.stint(&["queue", "backfill", "late", "--since", "7d"]).ok().split(' ').next(), Some("0"));
}

#[test]
fn a_tap_whose_reader_is_gone_ends_well() {
    let backend = backend();
    let stage = Stage::one(&backend);
    let _host = stage.host();
    for args in [&["tap"] as &[&str], &["tap", "--json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        let mut tap = stage.desk.command(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        drop(reader);
        let mut ended = false;
        while !ended {
            stage.desk.stint(&["start"]).ok();
            stage.desk.stint(&["stop"]).ok();
            ended = tap.try_wait().unwrap().is_some();
        }
        let output = tap.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}

#[test]
fn whoever_waits_for_a_target_that_leaves_is_told_so() {
    let (work, slow) = (backend(), backend());
    slow.fail(Rule::new(Fault::Hold));
    let stage = Stage::new(&(target("work", &work) + &target("slow", &slow) + &key()));
    let _host = stage.host();
    stage.desk.stint(&["start"]).ok();
    slow.until_blocking(|_, counts| counts.held == 1);
    let waiting = stage.desk.command(&["sync", "--wait"]).stdout(Stdio::piped()).spawn().unwrap();
    // It is asked for again and again by then.
    until("it waits", || stage.desk.stint(&["sync", "--target", "slow"]).ok().contains("still at it"));
    stage.desk.configure(&(target("work", &work) + &key()));
    let output = waiting.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("slow: it is no longer in the configuration"), "{said}");
}
