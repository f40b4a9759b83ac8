//! What the picture of a report says, and that it is one whatever is in it.

use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use super::{
    super::samples::{days, report},
    *,
};
use crate::{api::ReportView, view::samples::odd_names};

fn drawn(report: &ReportView) -> String {
    svg(&Shown { report, days: days() })
}

/// The text between these two, each time.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> Vec<&'a str> {
    let rest = text.split(begin).skip(1);
    rest.map(|rest| rest.split(end).next().unwrap_or_default()).collect()
}

#[test]
fn the_picture_tells_eyes_and_screen_readers_the_same() {
    let svg = drawn(&report(
        "day",
        &[(json!({"day": "2026-03-02"}), 5.0), (json!({"day": "2026-03-04"}), 2.5)],
        false,
    ));
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" "), "{svg}");
    assert!(svg.contains("role=\"img\" aria-labelledby=\"title desc\""), "{svg}");
    assert_eq!(between(&svg, "<title id=\"title\">", "<"), ["Work, 2026-03-02 to 2026-03-04, by day"]);
    assert_eq!(
        between(&svg, "<desc id=\"desc\">", "<"),
        ["2026-03-02 Mon: 5 h 00 min; 2026-03-03 Tue: 0 s; 2026-03-04 Wed: 2 h 30 min; total: 7 h 30 min"]
    );
    assert_eq!(
        between(&svg, "<g><title>", "<"),
        ["2026-03-02 Mon: 5 h 00 min", "2026-03-03 Tue: –", "2026-03-04 Wed: 2 h 30 min"]
    );
    let widths: Vec<&str> =
        svg.lines().filter_map(|line| between(line, "class=\"bar\"", "/").pop()).collect();
    let widths: Vec<&str> = widths.iter().flat_map(|bar| between(bar, "width=\"", "\"")).collect();
    assert_eq!(widths, ["400", "0", "200"]);
    assert_eq!(between(&svg, "text-anchor=\"middle\">", "<"), ["0 h", "1 h", "2 h", "3 h", "4 h", "5 h"]);
    assert!(svg.contains("Total 7 h 30 min (1 h 00 min claimed, 2 entries)"), "{svg}");
    assert!(svg.contains("@media (prefers-color-scheme:dark){"), "{svg}");
}

#[test]
fn a_report_of_nothing_is_a_picture_too() {
    let svg = drawn(&report("project", &[], false));
    assert!(svg.ends_with("</svg>\n"), "{svg}");
    assert!(!svg.contains("class=\"bar\""), "{svg}");
}

#[test]
fn overlapping_lines_are_explained() {
    let svg = drawn(&report("tag", &[(json!({"tag": "a"}), 5.0)], true));
    assert_eq!(
        svg.matches("work with several tags is in each of their lines").count(),
        2,
        "seen and told: {svg}"
    );
}

#[test]
fn what_is_too_much_for_a_picture_is_counted() {
    let groups: Vec<_> = (0..130).map(|number| (json!({"project": format!("{number}")}), 1.0)).collect();
    let svg = drawn(&report("project", &groups, false));
    assert_eq!(svg.matches("class=\"bar\"").count(), 100);
    assert_eq!(svg.matches("30 lines more are not drawn").count(), 2, "seen and told");
}

#[test]
fn a_long_label_is_cut_by_what_it_takes() {
    assert_eq!(short("2026-03-02 Mon"), "2026-03-02 Mon");
    assert_eq!(short(&"W".repeat(100)).width(), 17);
    assert_eq!(short(&"i".repeat(100)).width(), 26);
    assert_eq!(short(&"工".repeat(100)).width(), 27);
}

#[test]
fn a_name_is_text_and_never_markup() {
    for name in odd_names() {
        let svg = drawn(&report(
            "project",
            &[(json!({"project": name}), 5.0), (json!({"project": "b"}), 0.001)],
            false,
        ));
        assert!(svg.len() < 20_000, "{}", svg.len());
        assert!(!svg.contains("<script"), "{svg}");
        let is_xml = |letter: char| {
            letter == '\n'
                || (letter >= ' ' && !matches!(letter, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}'))
        };
        assert!(svg.chars().all(is_xml), "{svg:?}");
        for (place, _) in svg.match_indices('&') {
            let known = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
            assert!(known.iter().any(|entity| svg[place..].starts_with(entity)), "{svg}");
        }
        for tag in between(&svg, "<", ">") {
            let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
            assert!(["svg", "title", "desc", "style", "rect", "text", "line", "g"].contains(&name), "{tag}");
        }
    }
}
