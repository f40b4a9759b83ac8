//! The verbs, with and without a host.

use serde_json::{Value, json};

use crate::desk::{Desk, ONE_TARGET, Said};

/// A day of verbs, and what each said of the change and the state.
fn a_day(desk: &Desk) {
    let verbs: [(&[&str], bool, &str); 9] = [
        (
            &["start", "Read", "--project", "Website", "--tag", "a", "--tag", "b", "--billable"],
            true,
            "running",
        ),
        (&["pause"], true, "paused"),
        (&["pause"], false, "paused"),
        (&["resume"], true, "running"),
        (&["start", "--project", "Other"], true, "running"),
        (&["stop"], true, "idle"),
        (&["stop"], false, "idle"),
        (&["continue"], true, "running"),
        (&["cancel"], true, "idle"),
    ];
    for (args, changed, state) in verbs {
        let said = desk.json(args);
        assert_eq!(
            (&said["changed"], &said["state"]),
            (&Value::from(changed), &Value::from(state)),
            "{args:?}: {said}"
        );
        assert!(said["message"].is_string() && said["version"] == 1, "{said}");
    }
    assert_eq!(desk.items(), 8, "one item a change, two where an entry is finished for another");
}

#[test]
fn a_day_without_a_host() {
    let desk = Desk::new();
    a_day(&desk);
    let said = desk.stint(&["start"]);
    assert_eq!(
        said.stderr, "note: no host is running; what was recorded is delivered once `stint run` does\n",
        "{said:?}"
    );
}

#[test]
fn a_day_with_a_host() {
    let desk = Desk::new();
    let host = desk.host();
    a_day(&desk);
    let status = desk.json(&["status"]);
    assert_eq!(status["host"]["running"], true);
    assert_eq!(status["host"]["pid"], host.pid());
    assert_eq!(desk.stint(&["start"]).stderr, "");
    assert_eq!(host.end(), 0);
    assert_eq!(desk.json(&["status"])["host"], {
        let path = desk.path("stint.toml").display().to_string();
        json!({"running": false, "pid": null, "since": null,
               "config": {"path": path, "valid": true, "error": null}, "tasks": []})
    });
    assert_eq!(desk.timer()["state"], "running", "on_quit is keep");
}

#[test]
fn entries_are_added_edited_deleted_and_brought_back() {
    let desk = Desk::new();
    desk.stint(&["add", "2026-03-02 9:00-12:30", "Workshop", "--project", "Website"]).ok();
    let list = |desk: &Desk| desk.json(&["gap", "list"]);
    assert_eq!(list(&desk)["gaps"], json!([]));
    let id = desk.json(&["add", "2026-03-02 13-14"])["entry_id"].as_str().unwrap().to_owned();
    let end = &id[id.len() - 8..];
    assert_eq!(desk.stint(&["edit", end, "--note", "Lunch", "--end", "2026-03-02 13:45"]).ok(), "edited\n");
    assert_eq!(desk.stint(&["delete", end]).ok(), "deleted\n");
    assert_eq!(desk.stint(&["delete", &id]).ok(), "already deleted\n");
    assert_eq!(desk.stint(&["undo"]).ok(), "took back `delete`\n");
    assert_eq!(desk.stint(&["edit", &id, "--project", "Canteen"]).ok(), "edited\n");
    assert_eq!(desk.items(), 6);
    let said = desk.stint(&["edit", "00000000", "--note", "x"]);
    assert_eq!(said.code, 65);
    assert_eq!(said.stderr, "error: failed to find entry \"00000000\": `stint log` shows what is there\n");
}

#[test]
fn a_time_that_cannot_be_is_refused_with_the_nearest_that_can() {
    let desk = Desk::new();
    let said = desk.stint(&["start", "--at", "2999-01-01 10:00"]);
    assert_eq!(said.code, 77, "{said:?}");
    assert!(said.stderr.contains("failed to use a time that has not come yet"), "{said:?}");
    assert!(said.stderr.contains("hint: the nearest time that would do: \"20"), "{said:?}");
    desk.stint(&["add", "2026-03-02 9:00-12:00"]).ok();
    let said = desk.stint(&["add", "2026-03-02 11:00-13:00"]);
    assert_eq!(said.code, 77);
    assert!(said.stderr.contains("failed to count the same time twice"), "{said:?}");
    assert!(
        said.stderr.ends_with("hint: the nearest start that would do: \"2026-03-02 12:00:00\"\n"),
        "{said:?}"
    );
    let said = desk.stint(&["add", "2026-03-02 8:00-10:00"]);
    assert!(
        said.stderr.ends_with("hint: the nearest end that would do: \"2026-03-02 09:00:00\"\n"),
        "{said:?}"
    );
    let said = desk.stint(&["add", "2026-03-02 10:00-11:00"]);
    assert_eq!(said.code, 77, "no other start and no other end would do: {said:?}");
    assert!(!said.stderr.contains("nearest"), "{said:?}");
    desk.stint(&["start", "--at", "10m"]).ok();
    let said = desk.stint(&["stop", "--at", "20m"]);
    assert_eq!(said.code, 77, "before its start: {said:?}");
    let nearest = said.stderr.trim_end().rsplit_once("the nearest time that would do: ").unwrap().1;
    desk.stint(&["pause", "--at", nearest.trim_matches('"')]).ok();
    desk.stint(&["resume", "--at", nearest.trim_matches('"')]).ok();
    let said = desk.stint(&["stop", "--at", "noonish"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert_eq!(desk.items(), 4);
}

#[test]
fn nobody_claims_a_century() {
    let desk = Desk::new();
    let said = desk.stint(&["start", "--at", "99999999999h"]);
    assert_eq!(said.code, 2, "{said:?}");
    let said = desk.stint(&["start", "--at", "999999h"]);
    assert_eq!(said.code, 77, "{said:?}");
    assert!(said.stderr.contains("nothing is claimed from before 2000-01-01"), "{said:?}");
    let nearest = said.stderr.trim_end().rsplit_once("the nearest time that would do: ").unwrap().1;
    assert!(nearest.starts_with("\"20"), "{said:?}");
    let said = desk.stint(&["add", "2025-01-01 9:00 - 2026-01-01 9:00"]);
    assert_eq!(said.code, 77, "{said:?}");
    assert!(said.stderr.contains("failed to claim more than 31 days at once"), "{said:?}");
    assert!(
        said.stderr.ends_with("hint: the nearest start that would do: \"2025-12-01 09:00:00\"\n"),
        "{said:?}"
    );
    assert_eq!(desk.items(), 0);
}

#[test]
fn what_people_write_is_stored_exactly() {
    let desk = Desk::new();
    let odd = format!("{}\u{1b}[31m\u{202e}\u{7}🦀\n\0end", "ä".repeat(5_000)).replace('\0', "\u{1}");
    desk.stint(&["start", "--project", &odd]).ok();
    assert_eq!(desk.timer()["project"], odd.as_str());
}

#[test]
fn a_broken_configuration_stops_no_timer_while_a_host_runs() {
    let desk = Desk::new();
    let host = desk.host();
    desk.stint(&["start"]).ok();
    desk.configure("[timer]\nheartbeat = 5\nnonsense = true\n");
    let mut command = desk.command(&["stop", "--json"]);
    let said = Said::of(&mut command);
    assert_eq!(said.code, 0, "{said:?}");
    host.end();
}

#[test]
fn a_broken_configuration_stops_no_timer_without_a_host() {
    let desk = Desk::new();
    desk.stint(&["start"]).ok();
    desk.configure("[timer]\nheartbeat = 5\nnonsense = true\n");
    let said = desk.stint(&["pause"]);
    assert_eq!(said.code, 0, "{said:?}");
    let file = desk.path("stint.toml");
    let note = format!(
        "note: the configuration can't be used, so what is built in counts; `stint config check` shows why: {}:2:13:",
        file.display()
    );
    assert!(said.stderr.starts_with(&note), "{said:?}");
    let status = desk.json(&["status"]);
    assert_eq!(status["queue"]["pending"], 2, "the targets that were known are told");
    assert_eq!(
        (&status["host"]["config"]["valid"], &status["host"]["running"]),
        (&false.into(), &false.into())
    );
    assert_eq!(status["host"]["config"]["path"], file.to_str().unwrap());
    assert!(status["host"]["config"]["error"].as_str().unwrap().contains("nonsense"));
    let said = desk.stint(&["status"]).ok();
    assert!(said.contains("the configuration can't be used: what is built in counts"), "{said}");
    // What was there is still wanted afterwards.
    desk.configure(ONE_TARGET);
    assert_eq!(desk.items(), 2);
    desk.configure("nonsense = true\n");
    assert_eq!(desk.stint(&["run"]).code, 78);
    std::fs::write(desk.path("old.db"), "").unwrap();
    assert_ne!(desk.stint(&["import", "old.db"]).code, 0);
}

#[test]
fn with_no_target_known_yet_a_broken_configuration_says_what_brings_the_items_there() {
    let desk = Desk::new();
    desk.configure("[timer]\nnonsense = true\n");
    let said = desk.stint(&["start"]);
    assert_eq!(said.code, 0, "{said:?}");
    let words: Vec<&str> = said.stderr.split_whitespace().collect();
    assert!(
        words.join(" ").contains(
            "no target is known yet, so this goes to none by itself; once the configuration is right, \
             `stint queue backfill TARGET --since TIME` brings it there"
        ),
        "{said:?}"
    );
    // It does.
    desk.configure(ONE_TARGET);
    desk.stint(&["stop"]).ok();
    assert_eq!(desk.items(), 1);
    desk.stint(&["queue", "backfill", "work", "--since", "1h"]).ok();
    assert_eq!(desk.items(), 2);
}

#[test]
fn nothing_is_written_where_it_might_not_belong() {
    let desk = Desk::new();
    for text in [
        "[storage]\ndata_dir = 5\n",
        "[storage]\ndatadir = \"mine\"\n",
        "[stroage]\ndata_dir = \"mine\"\n",
        "data_dir = \"mine\"\n",
        "[timer\nheartbeat = \"1s\"\n",
    ] {
        desk.configure(text);
        let mut command = desk.command(&["start"]);
        let said = Said::of(command.env_remove("STINT_DATA_DIR"));
        assert_eq!(said.code, 78, "{text}: {said:?}");
        assert!(said.stderr.contains('^'), "{said:?}");
        assert!(!desk.path(".local").exists() && !desk.path("mine").exists(), "{text}");
    }
    for (text, place) in [
        ("[storage]\ndata_dir = \"mine\"\n[timer]\nnonsense = 1\n", "mine"),
        ("[timer]\nnonsense = 1\n", ".local/share/stint"),
    ] {
        desk.configure(text);
        let mut command = desk.command(&["start"]);
        assert_eq!(Said::of(command.env_remove("STINT_DATA_DIR")).code, 0, "{text}");
        assert!(desk.path(place).join("stint.db").exists(), "{text}");
    }
}

#[test]
fn what_is_empty_is_refused_before_anything_is_done() {
    let desk = Desk::new();
    let empty: [&[&str]; 6] = [
        &["start", "--project", ""],
        &["start", "--tag", ""],
        &["add", "9-10", "--task", ""],
        &["delete", ""],
        &["edit", "", "--note", "x"],
        &["gap", "keep", ""],
    ];
    for args in empty {
        let said = desk.stint(args);
        assert_eq!(said.code, 2, "{args:?}: {said:?}");
        assert!(said.stderr.contains("a value is required"), "{args:?}: {said:?}");
    }
    assert_eq!(desk.items(), 0);
}
