//! `stint log`.

use serde_json::json;

use crate::support::Workshop;

const RANGE: [&str; 5] = ["log", "--from", "2026-03-02", "--to", "2026-03-04"];

/// The text with every id of eight characters replaced.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| word.len() == 8 && word.chars().all(|letter| letter.is_ascii_hexdigit());
    text.split(' ').map(|word| if is_id(word) { "00000000" } else { word }).collect::<Vec<_>>().join(" ")
}

fn week() -> Workshop {
    let workshop = Workshop::new();
    let entries: [&[&str]; 4] = [
        &[
            "2026-03-02 9:00-12:30",
            "Workshop",
            "--project",
            "Website",
            "--task",
            "Plan",
            "--tag",
            "a",
            "--billable",
        ],
        &["2026-03-02 13:00-14:15", "--project", "Website"],
        &["2026-03-03 22:00-01:00"],
        &["2026-03-05 9:00-9:05"],
    ];
    for entry in entries {
        workshop.say(&[&["add"], entry].concat()).ok();
    }
    workshop
}

#[test]
fn entries_stand_under_their_days() {
    let said = week().say_in(100, &RANGE).ok();
    assert_eq!(
        without_ids(&said.stdout),
        "\
Monday 2026-03-02: 2 entries, 4 h 45 min
  00000000  09:00-12:30   3 h 30 min  finished, claimed
    Website / Plan: Workshop  #a  billable
  00000000  13:00-14:15   1 h 15 min  finished, claimed
    Website

Tuesday 2026-03-03: 1 entry, 3 h 00 min
  00000000  22:00-2026-03-04 01:00   3 h 00 min  finished, claimed
"
    );
}

#[test]
fn the_last_day_is_included_and_what_reaches_into_the_first_too() {
    let workshop = week();
    let days = |from: &str, to: &str| {
        let log = workshop.json(&["log", "--from", from, "--to", to]);
        let begun = log["entries"].as_array().unwrap().iter();
        begun.map(|entry| entry["started_at"].as_str().unwrap()[..10].to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(days("2026-03-05", "2026-03-05"), ["2026-03-05"]);
    assert_eq!(
        days("2026-03-04", "2026-03-05"),
        ["2026-03-03", "2026-03-05"],
        "the night reaches into the fourth"
    );
    assert_eq!(days("2026-03-06", "2026-03-08"), Vec::<String>::new());
}

#[test]
fn the_id_that_is_shown_names_the_entry() {
    let workshop = week();
    let said = workshop.say(&RANGE).ok().stdout;
    let id = said.lines().nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    workshop.say(&["edit", &id, "--note", "Better"]).ok();
    assert!(workshop.say(&RANGE).ok().stdout.contains("Website / Plan: Better  #a  billable"));
}

#[test]
fn the_json_has_all_of_an_entry() {
    let log = week().json(&RANGE);
    assert_eq!(log["version"], json!(1));
    let entry = &log["entries"][0];
    assert_eq!(
        [
            &entry["project"],
            &entry["task"],
            &entry["note"],
            &entry["tags"],
            &entry["billable"],
            &entry["state"]
        ],
        [
            &json!("Website"),
            &json!("Plan"),
            &json!("Workshop"),
            &json!(["a"]),
            &json!(true),
            &json!("finished")
        ]
    );
    assert_eq!(entry["started_at"], json!("2026-03-02T08:00:00.000Z"));
    assert_eq!(entry["ended_at"], json!("2026-03-02T11:30:00.000Z"));
    assert_eq!((&entry["worked_ms"], &entry["gaps"]), (&json!(12_600_000), &json!([])));
    assert_eq!(entry["segments"][0]["basis"], json!("claimed"));
}

#[test]
fn today_is_what_is_shown_unless_one_says_otherwise() {
    let workshop = week();
    assert!(workshop.say(&["log"]).ok().stdout.starts_with("nothing on "));
    workshop.say(&["start", "--project", "Now"]).ok();
    let said = workshop.say(&["log"]).ok().stdout;
    for part in [": 1 entry, ", "  running, unattended\n", "\n    Now\n"] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    let said = workshop.say(&["log", "--from", "2026-03-06", "--to", "2026-03-08"]).ok().stdout;
    assert_eq!(said, "nothing from 2026-03-06 to 2026-03-08\n");
}

#[test]
fn what_is_no_day_is_refused_with_examples() {
    let error = "error: failed to read \"soon\" as a day: write today, yesterday, a weekday such as monday, or 2026-03-02\n";
    week().say(&["log", "--from", "soon"]).failed(2, error);
    let error = "error: failed to go from 2026-03-04 to 2026-03-02, which is earlier: write the earlier day after --from\n";
    week().say(&["log", "--from", "2026-03-04", "--to", "2026-03-02"]).failed(2, error);
}
