//! A database that was damaged: whoever gives any verb is told that something may be missing.

use std::fs;

use crate::desk::Desk;

const NOTE: &str = "note: an alert stands, something may be missing: `stint status` shows it\n";

/// A desk with an entry whose database was damaged afterwards.
fn damaged() -> Desk {
    let desk = Desk::new();
    desk.stint(&["add", "2026-03-02 9:00-12:00"]).ok();
    for name in ["stint.db-wal", "stint.db-shm"] {
        let _ = fs::remove_file(desk.data().join(name));
    }
    fs::write(desk.data().join("stint.db"), "no database at all".repeat(1_000)).unwrap();
    desk
}

#[test]
fn every_verb_says_that_an_alert_stands_and_json_stays_as_it_is() {
    let desk = damaged();
    for args in
        [&["start"] as &[&str], &["log"], &["report"], &["queue", "list"], &["gap", "list"], &["stop"]]
    {
        let said = desk.stint(args);
        assert_eq!(said.code, 0, "{args:?}: {said:?}");
        assert_eq!(said.stderr.matches(NOTE).count(), 1, "{args:?}: {said:?}");
        let quiet = desk.stint(&[args, &["--quiet"]].concat());
        assert_eq!(quiet.stderr, "", "{args:?}");
        let json = desk.stint(&[args, &["--json"]].concat());
        assert_eq!(json.stderr, "", "{args:?}");
        serde_json::from_str::<serde_json::Value>(&json.stdout).unwrap();
    }
    let said = desk.stint(&["status"]);
    assert!(said.stdout.contains("alert: a damaged database was put aside as"), "{said:?}");
    assert!(!said.stderr.contains("alert"), "the status shows it by itself: {said:?}");
    fs::rename(desk.data().join("quarantine"), desk.path("looked-at")).unwrap();
    let said = desk.stint(&["pause"]);
    assert!(!said.stderr.contains("alert"), "{said:?}");
}

#[test]
fn a_host_logs_it_at_its_start_and_its_verbs_say_it() {
    let desk = damaged();
    desk.stint(&["log"]).ok();
    let host = desk.host();
    assert!(desk.log().contains("a damaged database was put aside as "), "{}", desk.log());
    assert!(desk.stint(&["start"]).stderr.contains(NOTE));
    assert_eq!(desk.json(&["status"])["alerts"].as_array().unwrap().len(), 1);
    assert_eq!(host.end(), 0);
}
