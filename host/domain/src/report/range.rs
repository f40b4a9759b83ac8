//! From where to where a report looks.
//!
//! Invariant: what one range ends with, the next starts with. Of two ranges that share an edge no work is in both,
//! and none between them is in neither.

use jiff::civil::Date;

use super::days::start_anywhere;
use crate::time::{Span, UnixMs};

/// Where a range starts or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// At an instant: a segment across it counts in proportion.
    At(UnixMs),
    /// At the start of a day of the report's zone.
    Day(Date),
}

/// From one edge up to, but not with, the other; without an edge, without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first instant or day in it.
    pub from: Option<Edge>,
    /// The first instant or day after it.
    pub to: Option<Edge>,
}

impl Range {
    /// All time.
    pub const ALL: Self = Self { from: None, to: None };

    /// From one edge up to, but not with, the other. Nothing lies in it when `to` is not after `from`.
    pub const fn between(from: Edge, to: Edge) -> Self {
        Self { from: Some(from), to: Some(to) }
    }

    /// Instants between which everything in the range lies, in whatever zone: what to load for a report.
    pub fn cover(self) -> Span {
        let start = match self.from {
            None => UnixMs(i64::MIN),
            Some(Edge::At(at)) => at,
            Some(Edge::Day(first)) => start_anywhere(first).start,
        };
        let end = match self.to {
            None => UnixMs(i64::MAX),
            Some(Edge::At(at)) => at,
            Some(Edge::Day(next)) => start_anywhere(next).end,
        };
        Span::new(start, end)
    }

    /// Whether the range's days, where it names any, include this one.
    pub(super) fn has(self, date: Date) -> bool {
        let begun = !matches!(self.from, Some(Edge::Day(first)) if date < first);
        begun && !matches!(self.to, Some(Edge::Day(next)) if date >= next)
    }
}
