//! What is said where something is not as it should be: each text says what is and what to do, in the form that was
//! asked for.

use std::fs;

use serde_json::Value;

use crate::desk::{Desk, ONE_TARGET, Said};

#[test]
fn what_was_deleted_is_deleted_already() {
    let desk = Desk::new();
    let added = desk.json(&["add", "2026-03-02 9:00-10:00"]);
    let id = added["entry_id"].as_str().unwrap();
    assert_eq!(desk.json(&["delete", id])["changed"], true);
    for name in [id, &id[id.len() - 8..]] {
        let again = desk.json(&["delete", name]);
        assert_eq!(
            (&again["changed"], &again["message"]),
            (&false.into(), &"already deleted".into()),
            "{again}"
        );
        assert_eq!(again["entry_id"], id);
    }
    assert_eq!(desk.items(), 2, "what was added, and that it is gone");
    desk.json(&["undo"]);
    assert_eq!(desk.json(&["delete", id])["changed"], true, "it was there again");
    assert_eq!(
        desk.stint(&["delete", "0195570b-0000-7000-8000-00000000000e"]).code,
        65,
        "it was never there"
    );
}

#[test]
fn a_folder_in_the_sockets_place_is_named() {
    let desk = Desk::new();
    desk.stint(&["status"]).ok();
    fs::create_dir(desk.data().join("control.sock")).unwrap();
    let said = desk.stint(&["run"]);
    assert_eq!(said.code, 73, "{said:?}");
    assert!(said.stderr.contains("a folder has its place; move it away"), "{said:?}");
    desk.stint(&["pause"]).ok();
}

#[test]
fn a_zone_that_nobody_knows_is_told() {
    let desk = Desk::new();
    let mut command = desk.command(&["log"]);
    let said = Said::of(command.env("TZ", "Europe/Wein"));
    assert!(
        said.stderr.contains(
            "note: no time zone is called \"Europe/Wein\" (TZ), so times are read and shown in UTC"
        ),
        "{said:?}"
    );
    assert!(!desk.stint(&["log"]).stderr.contains("zone"));
}

#[test]
fn a_command_line_that_is_none_is_json_where_that_was_asked_for() {
    let desk = Desk::new();
    let said = desk.stint(&["strat", "--json"]);
    assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{said:?}");
    let error: Value = serde_json::from_str(&said.stderr).unwrap();
    assert_eq!((&error["version"], &error["exit"]), (&1.into(), &2.into()));
    assert!(error["error"].as_str().unwrap().contains("unrecognized subcommand 'strat'"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("'start'"), "{error}");
    let said = desk.stint(&["strat"]);
    assert!(said.code == 2 && said.stderr.starts_with("error: unrecognized"), "{said:?}");
    assert!(desk.stint(&["--help", "--json"]).ok().contains("Usage:"));
}

#[test]
fn errors_fit_into_twenty_columns() {
    let desk = Desk::new();
    for args in [
        &["start", "--at", "2999-01-01 10:00"] as &[&str],
        &["stop", "--at", "noonish"],
        &["delete", "00000000"],
    ] {
        let mut command = desk.command(args);
        let said = Said::of(command.env("COLUMNS", "20"));
        assert!(said.stderr.lines().count() > 3, "{said:?}");
        assert!(said.stderr.lines().all(|line| line.chars().count() <= 20), "{said:?}");
    }
}

#[test]
fn a_target_that_left_the_configuration_is_not_well() {
    let desk = Desk::new();
    desk.stint(&["start"]).ok();
    desk.configure("");
    let target = desk.json(&["status"])["targets"][0].take();
    assert_eq!((&target["state"], &target["retired"]), (&"held".into(), &true.into()));
    assert!(target["held_because"].as_str().unwrap().contains("no longer in the configuration"), "{target}");
    let said = desk.stint(&["status"]).ok();
    assert!(said.contains("held because it is no longer in the configuration"), "{said}");
    desk.configure(ONE_TARGET);
    assert_eq!(desk.json(&["status"])["targets"][0]["state"], "ok");
}
