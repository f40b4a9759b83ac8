//! The day: its stretches on a line from midnight to midnight, and its entries with their gaps.

use serde::Serialize;
use stint_domain::{entry::Basis, time::UnixMs};

use super::{button::Button, words::About};
use crate::{
    api::{EntryView, GapView},
    time::{Zone, clock, length, stretch, weekday_and_date},
    view::short,
};

/// The line is so many units wide.
const WIDTH: u64 = 14_400;
/// So many entries are listed, the latest first.
const LISTED: usize = 40;
/// So many stretches are drawn.
const DRAWN: usize = 200;

/// The day.
#[derive(Serialize)]
pub(super) struct TodayView {
    pub(super) date: String,
    pub(super) worked: String,
    pub(super) bars: Vec<Bar>,
    /// When screenshots were taken.
    pub(super) marks: Vec<Bar>,
    pub(super) now_x: u64,
    pub(super) hours: Vec<String>,
    pub(super) entries: Vec<EntryLine>,
    /// How many more there are.
    pub(super) more: usize,
}

/// A stretch on the line.
#[derive(Serialize)]
pub(super) struct Bar {
    pub(super) x: u64,
    pub(super) width: u64,
    /// `measured`, `unattended`, `claimed`, `gap` or `shot`.
    pub(super) class: &'static str,
    pub(super) title: String,
}

/// An entry in the list.
#[derive(Serialize)]
pub(super) struct EntryLine {
    pub(super) times: String,
    pub(super) worked: String,
    pub(super) state: String,
    pub(super) id: String,
    pub(super) about: About,
    pub(super) gaps: Vec<GapLine>,
}

/// A gap under its entry.
#[derive(Serialize)]
pub(super) struct GapLine {
    pub(super) text: String,
    pub(super) button: Button,
}

/// A day of the zone, from its first instant to the next one's.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub(super) from: UnixMs,
    pub(super) to: UnixMs,
}

impl Day {
    fn length(self) -> u64 {
        self.to.since(self.from).0.max(1)
    }

    /// Where an instant lies on the line.
    fn x(self, at: UnixMs) -> u64 {
        at.since(self.from).0.min(self.length()) * WIDTH / self.length()
    }

    pub(super) fn bar(self, from: UnixMs, to: UnixMs, class: &'static str, title: String) -> Option<Bar> {
        let (x, end) = (self.x(from), self.x(to));
        // What is shorter than a few minutes is drawn a little longer, so that it is seen.
        (to > self.from && from < self.to).then(|| Bar { x, width: (end - x).max(30), class, title })
    }
}

impl TodayView {
    pub(super) fn of(entries: &[EntryView], day: Day, now: UnixMs, zone: &Zone) -> Self {
        let bars = entries.iter().rev().flat_map(|entry| bars(entry, day, zone)).take(DRAWN);
        let worked = entries.iter().flat_map(|entry| &entry.segments).fold(0_u64, |sum, segment| {
            sum.saturating_add(share(segment.start.0, segment.end.0, segment.worked_ms, day))
        });
        let eighth = i64::try_from(day.length() / 8).unwrap_or_default();
        Self {
            date: weekday_and_date(now, zone),
            worked: length(worked),
            bars: bars.collect(),
            marks: Vec::new(),
            now_x: day.x(now),
            hours: (0..8).map(|part| clock(UnixMs(day.from.0 + part * eighth), zone)).collect(),
            entries: entries.iter().rev().take(LISTED).map(|entry| EntryLine::of(entry, zone)).collect(),
            more: entries.len().saturating_sub(LISTED),
        }
    }
}

/// The part of a stretch's work that lies in the day. One that crosses midnight is divided as reports divide it: by
/// the length on each side.
fn share(from: UnixMs, to: UnixMs, worked: u64, day: Day) -> u64 {
    let whole = to.since(from).0;
    let inside = to.min(day.to).since(from.max(day.from)).0;
    if whole == 0 || inside == whole {
        return if from >= day.from && from < day.to { worked } else { 0 };
    }
    let part = u128::from(worked) * u128::from(inside) / u128::from(whole);
    u64::try_from(part).unwrap_or(worked)
}

fn bars(entry: &EntryView, day: Day, zone: &Zone) -> Vec<Bar> {
    let about = About::of(&entry.details);
    let name = if about.place.is_empty() { about.note } else { about.place };
    let segments = entry.segments.iter().filter_map(|segment| {
        let class = match segment.basis {
            Basis::Measured => "measured",
            Basis::Unattended => "unattended",
            Basis::Claimed => "claimed",
        };
        let times = stretch(segment.start.0, Some(segment.end.0), zone);
        day.bar(segment.start.0, segment.end.0, class, format!("{times} {class} {name}"))
    });
    let gaps = entry.gaps.iter().filter_map(|gap| {
        let title = format!("{} {}", stretch(gap.start.0, Some(gap.end.0), zone), gap.kind.word());
        day.bar(gap.start.0, gap.end.0, "gap", title)
    });
    segments.chain(gaps).collect()
}

impl EntryLine {
    fn of(entry: &EntryView, zone: &Zone) -> Self {
        Self {
            times: stretch(entry.started_at.0, entry.ended_at.map(|at| at.0), zone),
            worked: length(entry.worked_ms),
            state: entry.state.clone(),
            id: short(&entry.id),
            about: About::of(&entry.details),
            gaps: entry.gaps.iter().take(10).map(|gap| GapLine::of(gap, zone)).collect(),
        }
    }
}

impl GapLine {
    fn of(gap: &GapView, zone: &Zone) -> Self {
        let times = stretch(gap.start.0, Some(gap.end.0), zone);
        let counts = if gap.kept { "counts as work" } else { "doesn't count" };
        let text = format!("{} {times}, {}: {counts}", gap.kind.word(), length(gap.length_ms));
        let (does, label) = if gap.kept { ("gap-drop", "Leave it out") } else { ("gap-keep", "It was work") };
        let button = Button::new(does, label, format!("{label}: {times}")).with("gap", gap.id.to_string());
        Self { text, button }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day = Day { from: UnixMs(0), to: UnixMs(86_400_000) };

    #[test]
    fn what_crosses_midnight_is_divided() {
        let share = |from, to, worked| share(UnixMs(from), UnixMs(to), worked, DAY);
        assert_eq!(share(1_000, 2_000, 900), 900);
        assert_eq!(share(-1_000, 1_000, 1_000), 500);
        assert_eq!(share(86_399_000, 86_402_000, 3_000), 1_000);
        assert_eq!(share(90_000_000, 90_001_000, 1_000), 0);
        assert_eq!(share(5, 5, 7), 7);
    }

    #[test]
    fn a_stretch_lies_where_it_was() {
        let bar =
            |from, to| DAY.bar(UnixMs(from), UnixMs(to), "gap", String::new()).map(|bar| (bar.x, bar.width));
        assert_eq!(bar(43_200_000, 64_800_000), Some((7_200, 3_600)));
        assert_eq!(bar(43_200_000, 43_200_001), Some((7_200, 30)), "the shortest is seen");
        assert_eq!(bar(-5_000, 43_200_000), Some((0, 7_200)));
        assert_eq!(bar(-5_000, 0), None);
        assert_eq!(bar(86_400_000, 90_000_000), None);
    }
}
