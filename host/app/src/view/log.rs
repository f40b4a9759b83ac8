//! `stint log` for people: entries under the day on which they began.

use stint_domain::entry::Basis;

use super::{
    Paper,
    entry::{about, short},
    gap::Question,
};
use crate::{
    api::{EntryView, SegmentView},
    text::{Page, Tone},
    time::{Days, date, length, stretch, weekday_and_date},
};

/// Narrower pages have no room for columns.
const IN_COLUMNS: usize = 60;

/// The entries, the earliest first.
pub(crate) fn log(entries: &[EntryView], days: Days, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let day = date(first.started_at.0, &paper.zone);
        let of_day = rest.iter().take_while(|entry| date(entry.started_at.0, &paper.zone) == day).count();
        let (one_day, later) = rest.split_at(of_day);
        head(first, one_day, paper, &mut page);
        for entry in one_day {
            write(entry, paper, &mut page);
        }
        rest = later;
    }
    if entries.is_empty() {
        page.say(0, Tone::Plain, &nothing(days));
    }
    page.finish()
}

fn nothing(Days { first, last }: Days) -> String {
    if first == last { format!("nothing on {first}") } else { format!("nothing from {first} to {last}") }
}

/// The day, and the work of the entries under it. One that runs on past midnight counts whole: a report divides it.
fn head(first: &EntryView, of_day: &[EntryView], paper: &Paper, page: &mut Page) {
    let worked = of_day.iter().fold(0, |sum: u64, entry| sum.saturating_add(entry.worked_ms));
    let count = if of_day.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", of_day.len()) };
    let day = weekday_and_date(first.started_at.0, &paper.zone);
    page.heading(&format!("{day}: {count}, {}", length(worked)));
}

fn write(entry: &EntryView, paper: &Paper, page: &mut Page) {
    let times = stretch(entry.started_at.0, entry.ended_at.map(|at| at.0), &paper.zone);
    let (id, worked, state) = (short(&entry.id), length(entry.worked_ms), &entry.state);
    let known = known(&entry.segments, entry.worked_ms);
    let text = if page.width() < IN_COLUMNS {
        format!("{id} {times} {worked} {state}{known}")
    } else {
        format!("{id}  {times:<11}  {worked:>11}  {state}{known}")
    };
    page.say(2, Tone::Plain, &text);
    let about = about(&entry.details, page.width());
    if !about.is_empty() {
        page.say(4, Tone::Plain, &about);
    }
    for gap in &entry.gaps {
        let question = Question {
            id: gap.id,
            kind: gap.kind,
            from: gap.start.0,
            to: gap.end.0,
            length_ms: gap.length_ms,
            kept: gap.kept,
        };
        question.write(4, paper, page);
    }
}

/// How the time is known, where it wasn't measured by a host that watched.
fn known(segments: &[SegmentView], worked_ms: u64) -> String {
    let sum = |wanted: fn(&SegmentView) -> bool| {
        let found = segments.iter().filter(|segment| wanted(segment));
        found.fold(0, |sum: u64, segment| sum.saturating_add(segment.worked_ms))
    };
    let parts = [
        ("claimed", sum(|segment| segment.basis == Basis::Claimed)),
        ("unattended", sum(|segment| segment.basis == Basis::Unattended)),
        ("recovered after a crash", sum(|segment| segment.recovered)),
    ];
    let said = parts.into_iter().filter(|(_, part)| *part > 0).map(|(word, part)| {
        if part == worked_ms { format!(", {word}") } else { format!(", {} {word}", length(part)) }
    });
    said.collect()
}

#[cfg(test)]
#[path = "log_tests.rs"]
mod tests;
