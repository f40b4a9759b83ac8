//! `stint report` in all its forms.

use serde_json::{Value, json};

use crate::support::Workshop;

const RANGE: [&str; 4] = ["--from", "2026-03-02", "--to", "2026-03-05"];

fn week() -> Workshop {
    let workshop = Workshop::new();
    let entries: [&[&str]; 4] = [
        &[
            "2026-03-02 9:00-13:00",
            "--project",
            "Website",
            "--task",
            "Plan",
            "--tag",
            "a",
            "--tag",
            "b",
            "--billable",
        ],
        &["2026-03-03 22:00-01:00", "--project", "=cmd()", "--tag", "a"],
        &["2026-03-05 9:00-10:00"],
        &["2026-03-06 9:00-10:00", "--project", "Later"],
    ];
    for entry in entries {
        workshop.say(&[&["add"], entry].concat()).ok();
    }
    workshop
}

fn report(workshop: &Workshop, columns: usize, args: &[&str]) -> String {
    workshop.say_in(columns, &[&["report"], &RANGE[..], args].concat()).ok().stdout
}

#[test]
fn by_day_it_is_a_calendar_that_parts_the_night() {
    let bar = |columns: usize| "█".repeat(columns);
    assert_eq!(
        report(&week(), 80, &[]),
        format!(
            "\
2026-03-02 to 2026-03-05, by day
2026-03-02 Mon  4 h 00 min  {}
2026-03-03 Tue  2 h 00 min  {}
2026-03-04 Wed  1 h 00 min  {}
2026-03-05 Thu  1 h 00 min  {}
total           8 h 00 min
8 h 00 min claimed, 4 h 00 min billable, 3 entries
",
            bar(40),
            bar(20),
            bar(10),
            bar(10)
        )
    );
}

#[test]
fn by_what_was_said_it_has_a_line_each() {
    let workshop = week();
    let lines = |by: &str| {
        let text = report(&workshop, 100, &["--by", by]);
        let worked =
            text.lines().skip(1).map_while(|line| line.split_once(" min").map(|(line, _)| line.to_owned()));
        worked.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("project")[..4],
        ["(no project) 1 h 00", "=cmd() 3 h 00", "Website 4 h 00", "total 8 h 00"]
    );
    assert_eq!(
        lines("task")[..3],
        ["(no project) / (no task) 1 h 00", "=cmd() / (no task) 3 h 00", "Website / Plan 4 h 00"]
    );
    assert_eq!(lines("tag")[..4], ["(no tag) 1 h 00", "a 7 h 00", "b 4 h 00", "total 8 h 00"]);
    let note = "note: work with several tags is in each of their lines, and once in the total\n";
    assert!(report(&workshop, 100, &["--by", "tag"]).ends_with(note));
    assert!(!report(&workshop, 100, &["--by", "project"]).contains("note:"));
}

#[test]
fn csv_is_as_rfc_4180_has_it_and_starts_no_formula() {
    let head = "worked_hours,worked_ms,measured_ms,unattended_ms,claimed_ms,billable_ms,entries\r\n";
    assert_eq!(
        report(&week(), 20, &["--by", "project", "--format", "csv"]),
        format!(
            "project,{head},1.0000,3600000,0,0,3600000,0,1\r\n\"'=cmd()\",3.0000,10800000,0,0,10800000,0,1\r\n\
             Website,4.0000,14400000,0,0,14400000,14400000,1\r\n"
        )
    );
    let by_task = report(&week(), 20, &["--by", "task", "--format", "csv"]);
    assert!(by_task.starts_with(&format!("project,task,{head},,1.0000,")), "{by_task}");
    let by_day = report(&week(), 20, &["--format", "csv"]);
    assert!(by_day.starts_with(&format!("day,{head}2026-03-02,4.0000,")), "{by_day}");
    let by_tag = report(&week(), 20, &["--by", "tag", "--format", "csv"]);
    assert!(by_tag.starts_with(&format!("tag,{head},1.0000,")), "{by_tag}");
}

#[test]
fn json_is_the_same_whichever_way_it_is_asked_for() {
    let workshop = week();
    let text = report(&workshop, 20, &["--by", "tag", "--format", "json"]);
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(text, report(&workshop, 20, &["--by", "tag", "--json"]));
    assert_eq!(text, report(&workshop, 20, &["--by", "tag", "--json", "--format", "json"]));
    assert_eq!(
        [&json["version"], &json["by"], &json["zone"], &json["overlapping"], &json["total"]["worked_ms"]],
        [&json!(1), &json!("tag"), &json!("Europe/Vienna"), &json!(true), &json!(28_800_000)]
    );
    assert_eq!(json["groups"][1]["tag"], json!("a"));
    let said = workshop.say(&["report", "--json", "--format", "csv"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert_eq!(serde_json::from_str::<Value>(&said.stderr).unwrap()["exit"], json!(2));
}

#[test]
fn a_picture_stands_by_itself() {
    let svg = report(&week(), 20, &["--by", "project", "--format", "svg"]);
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(svg.contains("<title id=\"title\">Work, 2026-03-02 to 2026-03-05, by project</title>"), "{svg}");
    assert!(svg.contains("=cmd(): 3 h 00 min; Website: 4 h 00 min; total: 8 h 00 min</desc>"), "{svg}");
    assert!(!svg.contains("http://www.w3.org/1999/xlink") && !svg.contains("href"), "{svg}");
}

#[test]
fn a_week_without_work_is_said_as_such() {
    let workshop = Workshop::new();
    assert_eq!(
        workshop.say(&["report", "--from", "2026-03-02", "--to", "2026-03-02"]).ok().stdout,
        "2026-03-02, by day\nnothing was recorded\n"
    );
    let json = workshop.json(&["report"]);
    assert_eq!((&json["by"], &json["groups"]), (&json!("day"), &json!([])));
    let said = workshop.say(&["report", "--format", "csv"]).ok();
    assert_eq!(said.stdout.lines().count(), 1, "{}", said.stdout);
    assert!(workshop.say(&["report", "--format", "svg"]).ok().stdout.contains("Total 0 s (0 entries)"));
}

#[test]
fn this_week_begins_on_monday() {
    let said = Workshop::new().say(&["report", "--to", "2026-03-05"]).ok();
    assert_eq!(said.stdout.lines().next(), Some("2026-03-02 to 2026-03-05, by day"));
}

#[test]
fn a_word_that_is_nearly_right_is_suggested() {
    Workshop::new().say(&["report", "--by", "projet"]).failed_with_tip("'project'");
    Workshop::new().say(&["report", "--format", "tabel"]).failed_with_tip("'table'");
    Workshop::new().say(&["report", "--form", "csv"]).failed_with_tip("'--from'");
}
