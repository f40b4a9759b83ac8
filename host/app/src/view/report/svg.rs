//! A report as a picture: a bar for each line, in SVG that needs nothing from elsewhere. It is readable on light and on
//! dark ground, and its title and description tell a screen reader all that is drawn.
//!
//! Invariant: whatever a project is called, it is text in here, never markup.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

use super::{Shown, scale, shown::Line};
use crate::{
    text::{fit, safe},
    time::length,
};

const WIDTH: u64 = 760;
const LABEL_RIGHT: u64 = 232;
const BAR_LEFT: u64 = 244;
const BAR_WIDTH: u64 = 400;
const TOP: u64 = 72;
const ROW: u64 = 28;
const BAR_HEIGHT: u64 = 18;
/// What fits beside the bars at most.
const LABEL_COLUMNS: usize = 28;
/// How long a label may be drawn, in tenths of a pixel. Fonts differ, so this is what a wide one takes.
const LABEL_TENTHS: usize = 2_140;
/// The whole of a label is told where somebody points at it, up to here.
const TOLD_COLUMNS: usize = 200;
/// A picture is for the eye: of more lines the table and JSON tell.
const LINES_MAX: usize = 100;

const STYLE: &str = "\
text{font:13px system-ui,-apple-system,'Segoe UI','Noto Sans','DejaVu Sans',sans-serif;fill:#1f2328}\
.ground{fill:#fff}.title{font-size:16px;font-weight:600}.small{font-size:11px;fill:#59636e}\
.grid{stroke:#d1d9e0;stroke-width:1}.bar{fill:#2f6fb7}\
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.small{fill:#9198a1}\
.grid{stroke:#30363d}.bar{fill:#5aa0e8}}";

/// The report as SVG.
pub(crate) fn svg(shown: &Shown<'_>) -> String {
    let mut lines = shown.lines();
    let hidden = lines.len().saturating_sub(LINES_MAX);
    lines.truncate(LINES_MAX);
    let rows = ROW * u64::try_from(lines.len()).unwrap_or_default();
    let height = TOP + rows + 60;
    let title = format!("Work, {}", shown.title());
    let mut out = String::new();
    // Writing to a text can't fail, here and below.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"ground\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"24\" y=\"34\">{}</text>",
        escaped(&title),
        escaped(&described(shown, &lines, hidden)),
        escaped(&title),
    );
    let longest_ms = lines.iter().map(|line| line.worked_ms).max().unwrap_or_default();
    grid(longest_ms, rows, &mut out);
    for (place, line) in (0..).zip(&lines) {
        row(TOP + ROW * place, line, longest_ms, &mut out);
    }
    foot(shown, hidden, TOP + rows + 26, &mut out);
    out.push_str("</svg>\n");
    out
}

/// All that is drawn, in words.
fn described(shown: &Shown<'_>, lines: &[Line], hidden: usize) -> String {
    let mut said: Vec<String> = lines
        .iter()
        .map(|line| format!("{}: {}", fit(&line.label, TOLD_COLUMNS), length(line.worked_ms)))
        .collect();
    said.push(format!("total: {}", length(shown.report.total.worked_ms)));
    said.extend(shown.overlap().map(str::to_owned));
    if hidden > 0 {
        said.push(format!("{hidden} lines more are not drawn"));
    }
    said.join("; ")
}

fn grid(longest_ms: u64, rows: u64, out: &mut String) {
    let step_ms = scale::step_ms(longest_ms);
    let mut at_ms = 0;
    while at_ms <= longest_ms {
        let x = BAR_LEFT + along(at_ms, longest_ms);
        let (top, bottom) = (TOP - 8, TOP + rows);
        let name = scale::name(at_ms);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{x}\" y1=\"{top}\" x2=\"{x}\" y2=\"{bottom}\"/>\
             <text class=\"small\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{name}</text>",
            top - 4
        );
        at_ms = at_ms.saturating_add(step_ms);
        if at_ms == u64::MAX {
            break;
        }
    }
}

fn row(top: u64, line: &Line, longest_ms: u64, out: &mut String) {
    let (width, text_y) = (along(line.worked_ms, longest_ms), top + BAR_HEIGHT - 4);
    let worked = if line.worked_ms == 0 { "–".to_owned() } else { length(line.worked_ms) };
    let _ = writeln!(
        out,
        "<g><title>{}: {worked}</title>\
         <text x=\"{LABEL_RIGHT}\" y=\"{text_y}\" text-anchor=\"end\">{}</text>\
         <rect class=\"bar\" x=\"{BAR_LEFT}\" y=\"{top}\" width=\"{width}\" height=\"{BAR_HEIGHT}\" rx=\"2\"/>\
         <text x=\"{}\" y=\"{text_y}\">{worked}</text></g>",
        escaped(&fit(&line.label, TOLD_COLUMNS)),
        escaped(&short(&line.label)),
        BAR_LEFT + width + 8,
    );
}

fn foot(shown: &Shown<'_>, hidden: usize, y: u64, out: &mut String) {
    let total = format!("Total {} ({})", length(shown.report.total.worked_ms), shown.remarks());
    let more = (hidden > 0).then(|| format!("{hidden} lines more are not drawn"));
    let notes: Vec<String> = shown.overlap().map(str::to_owned).into_iter().chain(more).collect();
    let _ = writeln!(out, "<text x=\"24\" y=\"{y}\">{}</text>", escaped(&total));
    if !notes.is_empty() {
        let (y, notes) = (y + 20, escaped(&notes.join("; ")));
        let _ = writeln!(out, "<text class=\"small\" x=\"24\" y=\"{y}\">{notes}</text>");
    }
}

/// As much of a label as fits beside the bars.
fn short(label: &str) -> String {
    let shorter = (1..=LABEL_COLUMNS).rev().map(|columns| fit(label, columns));
    shorter
        .into_iter()
        .find(|text| text.chars().map(tenths).sum::<usize>() <= LABEL_TENTHS)
        .unwrap_or_default()
}

/// How wide a character is drawn at most.
fn tenths(letter: char) -> usize {
    match letter.width().unwrap_or_default() {
        1 if letter.is_uppercase() || "mw@%&█".contains(letter) => 125,
        columns => columns.min(2) * if columns == 1 { 80 } else { 68 },
    }
}

/// How far a length reaches. Anything above nothing can be seen.
fn along(part_ms: u64, longest_ms: u64) -> u64 {
    let far = (u128::from(part_ms) * u128::from(BAR_WIDTH)).checked_div(u128::from(longest_ms));
    let far = u64::try_from(far.unwrap_or_default()).unwrap_or(BAR_WIDTH);
    far.max(u64::from(part_ms > 0))
}

/// A text that XML takes as text and nothing else. What XML can't hold at all isn't in a safe text.
fn escaped(text: &str) -> String {
    safe(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
#[path = "svg_tests.rs"]
mod tests;
