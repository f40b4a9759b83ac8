//! A report as a table with bars. The numbers say all; the bars repeat it for the eye.

use unicode_width::UnicodeWidthStr as _;

use super::{Shown, shown::Line};
use crate::{
    text::{Page, Tone, bar, fit, pad},
    time::length,
    view::Paper,
};

/// Narrower pages have a line for the label and one for the bar.
const SIDE_BY_SIDE: usize = 48;
/// Longer bars are no easier to compare.
const BAR_MAX: usize = 40;

/// The report as lines of text.
pub(crate) fn table(shown: &Shown<'_>, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    page.say(0, Tone::Heading, &shown.title());
    if shown.is_empty() {
        page.say(0, Tone::Plain, "nothing was recorded");
        return page.finish();
    }
    let lines = shown.lines();
    let total = Line { label: "total".to_owned(), worked_ms: shown.report.total.worked_ms };
    let columns = Columns::of(&lines, &total, page.width());
    for line in &lines {
        columns.write(line, true, &mut page);
    }
    columns.write(&total, false, &mut page);
    page.say(0, Tone::Faint, &shown.remarks());
    if let Some(overlap) = shown.overlap() {
        page.say(0, Tone::Plain, &format!("note: {overlap}"));
    }
    page.finish()
}

/// How wide the parts of a line are.
struct Columns {
    label: usize,
    worked: usize,
    bar: usize,
    whole_ms: u64,
    beside: bool,
}

impl Columns {
    fn of(lines: &[Line], total: &Line, page: usize) -> Self {
        let all = || lines.iter().chain([total]);
        let worked = all().map(|line| length(line.worked_ms).width()).max().unwrap_or_default();
        let beside = page >= SIDE_BY_SIDE;
        let widest = all().map(|line| fit(&line.label, page / 3).width()).max().unwrap_or_default();
        let label = if beside { widest } else { 0 };
        let around = if beside { label + worked + 4 } else { worked + 3 };
        let whole_ms = lines.iter().map(|line| line.worked_ms).max().unwrap_or_default();
        Self { label, worked, bar: page.saturating_sub(around).min(BAR_MAX), whole_ms, beside }
    }

    /// The label, the length and the bar. The length stands before the bar, so that both begin in a column.
    fn write(&self, line: &Line, with_bar: bool, page: &mut Page) {
        let worked = if line.worked_ms == 0 { "–".to_owned() } else { length(line.worked_ms) };
        let worked = format!("{worked:>0$}", self.worked);
        let drawn = if with_bar { bar(line.worked_ms, self.whole_ms, self.bar) } else { String::new() };
        if self.beside {
            let text = format!("{}  {worked}  {drawn}", pad(&line.label, self.label));
            return page.line(0, Tone::Plain, text.trim_end());
        }
        page.line(0, Tone::Plain, &line.label);
        page.line(1, Tone::Plain, format!("{worked}  {drawn}").trim_end());
    }
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
