//! What `stint report` says.

use serde_json::json;

use super::{
    super::samples::{days, report},
    *,
};
use crate::view::samples::{assert_fits, odd_names, plain};

fn shown(report: &crate::api::ReportView, width: usize) -> String {
    plain(&table(&Shown { report, days: days() }, &Paper::sample(width)))
}

#[test]
fn a_week_is_a_calendar_with_its_empty_days() {
    let report =
        report("day", &[(json!({"day": "2026-03-02"}), 5.0), (json!({"day": "2026-03-04"}), 2.5)], false);
    assert_eq!(
        shown(&report, 60),
        "\
2026-03-02 to 2026-03-04, by day
2026-03-02 Mon  5 h 00 min  ██████████████████████████████
2026-03-03 Tue           –
2026-03-04 Wed  2 h 30 min  ███████████████
total           7 h 30 min
1 h 00 min claimed, 2 entries
"
        .replace("██████████████████████████████\n", &format!("{}\n", "█".repeat(32)))
        .replace("  ███████████████\n", &format!("  {}\n", "█".repeat(16)))
    );
}

#[test]
fn a_narrow_page_has_the_bar_under_the_name() {
    let report = report("project", &[(json!({}), 5.0), (json!({"project": "Website"}), 2.5)], false);
    assert_eq!(
        shown(&report, 24),
        "\
2026-03-02 to
  2026-03-04, by project
(no project)
 5 h 00 min  ███████████
Website
 2 h 30 min  █████▌
total
 7 h 30 min
1 h 00 min claimed, 2
  entries
"
    );
}

#[test]
fn overlapping_lines_are_explained() {
    let groups = [(json!({}), 1.0), (json!({"tag": "a"}), 5.0), (json!({"tag": "b"}), 5.0)];
    let said = shown(&report("tag", &groups, true), 100);
    assert!(said.contains("(no tag)  1 h 00 min"), "{said}");
    assert!(
        said.ends_with("note: work with several tags is in each of their lines, and once in the total\n"),
        "{said}"
    );
    let groups = [(json!({"project": "Website"}), 1.0), (json!({"task": "Review"}), 5.0)];
    let said = shown(&report("task", &groups, false), 100);
    assert!(said.contains("Website / (no task)"), "{said}");
    assert!(said.contains("(no project) / Review"), "{said}");
    assert!(!said.contains("note:"), "{said}");
}

#[test]
fn nothing_is_said_as_such() {
    assert_eq!(
        shown(&report("day", &[], false), 100),
        "2026-03-02 to 2026-03-04, by day\nnothing was recorded\n"
    );
}

#[test]
fn no_name_is_too_odd_and_no_screen_too_narrow() {
    for name in odd_names() {
        let groups = [(json!({"project": name}), 5.0), (json!({"project": "b"}), 0.001)];
        for width in [20, 47, 48, 120] {
            assert_fits(&shown(&report("project", &groups, false), width), width);
        }
    }
}
