//! A report as CSV (RFC 4180): one line a group, no total, so that a column can be added up or not as its reader likes.
//!
//! Invariant: no name becomes a formula. Spreadsheets take what begins with `=`, `+`, `-` or `@` for one, and a project
//! may be named by somebody else (an import, a shared list): opening a report must run nothing. So an apostrophe stands
//! before such a character at the beginning of a field. It stands there too after what another reader may take for
//! the beginning of a field: a spreadsheet that parts fields at semicolons doesn't see our quotes. Names are shown
//! safely, as on a terminal, since that is where CSV lands as well. Whoever needs them exactly takes `--format json`.

use super::Shown;
use crate::{
    api::{GroupView, TallyView},
    text::safe,
};

const LENGTHS: &str = "worked_hours,worked_ms,measured_ms,unattended_ms,claimed_ms,billable_ms,entries";

/// The report as CSV.
pub(crate) fn csv(shown: &Shown<'_>) -> String {
    let by = shown.report.by.as_str();
    let names = if by == "task" { "project,task" } else { by };
    let mut text = format!("{names},{LENGTHS}\r\n");
    for group in &shown.report.groups {
        let mut fields: Vec<String> =
            keys(group, by).iter().map(|key| field(key.unwrap_or_default())).collect();
        fields.extend(lengths(&group.tally));
        text.push_str(&fields.join(","));
        text.push_str("\r\n");
    }
    text
}

fn keys<'a>(group: &'a GroupView, by: &str) -> Vec<Option<&'a str>> {
    match by {
        "task" => vec![group.project.as_deref(), group.task.as_deref()],
        "project" => vec![group.project.as_deref()],
        "tag" => vec![group.tag.as_deref()],
        _ => vec![group.day.as_deref()],
    }
}

fn lengths(tally: &TallyView) -> [String; 7] {
    // Ten-thousandths of an hour, rounded to the nearest: for adding up exactly there are the milliseconds.
    let parts = (u128::from(tally.worked_ms) + 180) / 360;
    let hours = format!("{}.{:04}", parts / 10_000, parts % 10_000);
    let TallyView { worked_ms, measured_ms, unattended_ms, claimed_ms, billable_ms, entries } = *tally;
    let rest = [worked_ms, measured_ms, unattended_ms, claimed_ms, billable_ms, entries];
    let [worked, measured, unattended, claimed, billable, entries] = rest.map(|number| number.to_string());
    [hours, worked, measured, unattended, claimed, billable, entries]
}

/// A name as a field: harmless, and in quotes where it needs them.
fn field(name: &str) -> String {
    let text = harmless(&safe(name));
    let needs_quotes =
        text.contains([',', ';', '"', '\'', '\t', '|']) || text.starts_with(' ') || text.ends_with(' ');
    if needs_quotes { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

/// A text in which nothing can be taken for the beginning of a formula.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut at_start = true;
    for letter in text.chars() {
        if at_start && matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            out.push('\'');
        }
        // Spaces, and what is shown in place of control characters, may be skipped by whoever reads it.
        let skipped = letter.is_whitespace() || matches!(letter, '\u{2400}'..='\u{2421}');
        let parts = matches!(letter, ',' | ';' | '|' | '"');
        at_start = parts || (at_start && skipped);
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_becomes_a_formula() {
        for (name, expected) in [
            ("=cmd()", "\"'=cmd()\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("＝cmd()", "\"'＝cmd()\""),
            ("  =cmd()", "\"  '=cmd()\""),
            ("\t=cmd()", "\" '=cmd()\""),
            ("\r\n=cmd()", "\"␍␊'=cmd()\""),
            ("a;=cmd()", "\"a;'=cmd()\""),
            ("a\",=cmd()", "\"a\"\",'=cmd()\""),
            ("=HYPERLINK(\"http://x\";\"y\")", "\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\""),
        ] {
            assert_eq!(field(name), expected, "{name:?}");
        }
    }

    #[test]
    fn what_harms_nobody_stays() {
        for name in ["Website", "a=b", "2026-03-02", "a - b", "e-mail", "工時", "me@example.org", ""] {
            assert_eq!(field(name), name);
        }
        assert_eq!(field("Smith, Jones \"& Co\""), "\"Smith, Jones \"\"& Co\"\"\"");
        assert_eq!(field("\u{1b}[31mred"), "␛[31mred");
    }

    #[test]
    fn hours_are_rounded_to_the_nearest() {
        let hours = |worked_ms| lengths(&TallyView { worked_ms, ..TallyView::default() })[0].clone();
        assert_eq!(
            [0, 179, 180, 3_600_000, 5_400_000, 59_999].map(hours),
            ["0.0000", "0.0000", "0.0001", "1.0000", "1.5000", "0.0167"]
        );
    }
}
