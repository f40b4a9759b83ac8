//! A report as it is shown: its lines with their labels, and the words around them.

use jiff::civil::Date;

use crate::{
    api::{GroupView, ReportView},
    time::{Days, length},
};

/// Of longer ranges the days without work are left out: a year of them says nothing.
const DAYS_MAX: usize = 62;

/// A report, and the days it was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) report: &'a ReportView,
    pub(crate) days: Days,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) label: String,
    pub(super) worked_ms: u64,
}

impl Shown<'_> {
    /// What it is about.
    pub(super) fn title(&self) -> String {
        let Days { first, last } = self.days;
        let days = if first == last { first.to_string() } else { format!("{first} to {last}") };
        format!("{days}, by {}", self.report.by)
    }

    /// The lines. By day they are a calendar: a day without work has its line too.
    pub(super) fn lines(&self) -> Vec<Line> {
        let groups = self.report.groups.iter();
        if self.report.by != "day" {
            return groups
                .map(|group| Line { label: label(group, &self.report.by), worked_ms: group.tally.worked_ms })
                .collect();
        }
        let worked = |day: Date| {
            let text = day.to_string();
            let mut found = self.report.groups.iter().filter(|group| group.day.as_ref() == Some(&text));
            found.next().map(|group| group.tally.worked_ms)
        };
        let all: Vec<Date> = self.days.first.series(jiff::Span::new().days(1)).take(DAYS_MAX + 1).collect();
        let all: Vec<Date> = all.into_iter().take_while(|day| *day <= self.days.last).collect();
        if all.len() > DAYS_MAX {
            return groups
                .map(|group| Line { label: label(group, "day"), worked_ms: group.tally.worked_ms })
                .collect();
        }
        all.into_iter()
            .map(|day| Line { label: named(day), worked_ms: worked(day).unwrap_or_default() })
            .collect()
    }

    /// Whether anything was worked.
    pub(super) fn is_empty(&self) -> bool {
        self.report.groups.is_empty()
    }

    /// How the total is known, as far as it wasn't measured by a host that watched, and of how many entries it is.
    pub(super) fn remarks(&self) -> String {
        let total = &self.report.total;
        let parts = [
            ("claimed", total.claimed_ms),
            ("unattended", total.unattended_ms),
            ("billable", total.billable_ms),
        ];
        let said = parts.into_iter().filter(|(_, part)| *part > 0);
        let mut said: Vec<String> = said.map(|(word, part)| format!("{} {word}", length(part))).collect();
        said.push(if total.entries == 1 {
            "1 entry".to_owned()
        } else {
            format!("{} entries", total.entries)
        });
        said.join(", ")
    }

    /// Why the lines may be more than the total.
    pub(super) fn overlap(&self) -> Option<&'static str> {
        let text = "work with several tags is in each of their lines, and once in the total";
        self.report.overlapping.then_some(text)
    }
}

/// `2026-03-02 Mon`
fn named(day: Date) -> String {
    day.strftime("%Y-%m-%d %a").to_string()
}

fn label(group: &GroupView, by: &str) -> String {
    let or = |text: &Option<String>, none: &str| text.clone().unwrap_or_else(|| none.to_owned());
    match by {
        "day" => {
            let text = or(&group.day, "");
            text.parse().map_or(text, named)
        }
        "task" => format!("{} / {}", or(&group.project, "(no project)"), or(&group.task, "(no task)")),
        "tag" => or(&group.tag, "(no tag)"),
        _ => or(&group.project, "(no project)"),
    }
}
