//! Names as people, programs and attackers write them: stored exactly, shown safely, on screens of any width.

use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use crate::{deliveries::WORK, support::Workshop};

fn odd_names() -> Vec<String> {
    let short = [
        "\u{1b}[2J\u{1b}]0;title\u{7}red",
        "two\nlines\r\nand\ta tab",
        "\u{202e}txt.exe\u{2066}",
        "工時管理システムの開発プロジェクト",
        "👩\u{200d}💻👨\u{200d}👩\u{200d}👧\u{200d}👦🇦🇹",
        "<script>alert('x')</script>&amp;\"",
        "מעקב זמן",
        "\u{1}\u{7f}\u{9b}\u{ffff}\u{feff}",
    ];
    short.map(str::to_owned).into_iter().chain([format!("{}end", "ä\u{301} ".repeat(2_000))]).collect()
}

const DAY: [&str; 4] = ["--from", "2026-03-02", "--to", "2026-03-02"];

#[test]
fn every_name_is_stored_exactly_and_shown_safely() {
    let workshop = Workshop::new();
    workshop.configure(WORK);
    for (hour, name) in (1..).zip(odd_names()) {
        let stretch = format!("2026-03-02 {hour}:00-{hour}:30");
        let details = ["--project", &name, "--task", &name, "--note", &name, "--tag", &name, "--tag", "b"];
        workshop.say(&[&["add", &stretch], &details[..]].concat()).ok();
    }
    workshop.say(&["start", "--project", &odd_names()[0], "--tag", &odd_names()[2]]).ok();
    let log = workshop.json(&[&["log"], &DAY[..]].concat());
    let stored =
        log["entries"].as_array().unwrap().iter().filter(|entry| entry["state"] == json!("finished"));
    let stored: Vec<_> = stored.map(|entry| entry["project"].as_str().unwrap()).collect();
    for (stored, name) in stored.iter().zip(odd_names()) {
        assert!(*stored == name, "{name:.80?} became {stored:.80?}");
    }
    assert_eq!(stored.len(), odd_names().len());
    let views: [&[&str]; 9] = [
        &["status"],
        &["log"],
        &["report"],
        &["report", "--by", "project"],
        &["report", "--by", "task"],
        &["report", "--by", "tag"],
        &["queue", "list"],
        &["queue", "show", "1"],
        &["queue", "show", "9"],
    ];
    for view in views {
        for columns in [20, 50, 120] {
            let range = if ["log", "report"].contains(&view[0]) { &DAY[..] } else { &[] };
            let said = workshop.say_in(columns, &[view, range].concat()).ok();
            for line in said.stdout.lines() {
                assert!(line.width() <= columns, "{view:?}: {} > {columns}: {line}", line.width());
                assert_harmless(line);
            }
        }
    }
    for format in ["csv", "svg"] {
        let said =
            workshop.say(&[&["report", "--by", "project", "--format", format], &DAY[..]].concat()).ok();
        said.stdout.lines().for_each(assert_harmless);
        assert!(format == "csv" || !said.stdout.contains("<script"), "{}", said.stdout);
    }
}

#[track_caller]
fn assert_harmless(line: &str) {
    let acts = |letter: char| {
        letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter) || letter == '\u{2066}'
    };
    assert!(!line.contains(acts), "{line:?}");
}

#[test]
fn colours_only_repeat_what_is_said() {
    let workshop = Workshop::new();
    workshop.say(&["add", "2026-03-02 9:00-10:00", "--project", "\u{1b}[31mred"]).ok();
    let view = [&["log"], &DAY[..]].concat();
    let (plain, coloured) =
        (workshop.say(&view).ok(), workshop.say(&[&view[..], &["--color", "always"]].concat()).ok());
    assert!(coloured.stdout.contains("\u{1b}[1m"), "{:?}", coloured.stdout);
    assert_eq!(coloured.stdout.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain.stdout);
}
