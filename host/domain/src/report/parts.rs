//! The work of one segment and of one entry, day by day: what reports add up and what day-based targets are told.

use jiff::civil::Date;
use std::collections::BTreeMap;

use super::{Scope, days::Days, share::Spread};
use crate::{
    entry::{Entry, Segment},
    time::{Millis, Span, UnixMs},
};

/// A stretch of a segment that lies on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The date that a clock in the zone shows.
    pub day: Date,
    /// Where it lies on the wall clock.
    pub span: Span,
    /// How much of the segment's work it has.
    pub worked: Millis,
}

/// What was worked on an entry on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkDay {
    /// The date that a clock in the zone shows.
    pub day: Date,
    /// How much of the entry's work it has.
    pub worked: Millis,
    /// Where its first work starts.
    pub first_start: UnixMs,
    /// Where its last work ends.
    pub last_end: UnixMs,
}

impl Scope<'_> {
    /// The parts of a segment in order: one for a day, two for one that clocks put back across midnight brought
    /// twice. A day without any work has no part.
    pub fn parts(&self, segment: &Segment) -> impl Iterator<Item = Part> {
        let spread = Spread::of(segment);
        let days = spread.clip(self.range.cover()).map(|span| Days::of(span, self.zone));
        days.into_iter()
            .flatten()
            .filter(|(day, _)| self.range.has(*day))
            .map(move |(day, span)| Part { day, span, worked: spread.within(span) })
            .filter(|part| part.worked > Millis::ZERO)
    }

    /// The days on which an entry was worked on, in order.
    pub fn days(&self, entry: &Entry) -> Vec<WorkDay> {
        let mut days: BTreeMap<Date, WorkDay> = BTreeMap::new();
        for Part { day, span, worked } in entry.segments.iter().flat_map(|segment| self.parts(segment)) {
            let first = WorkDay { day, worked: Millis::ZERO, first_start: span.start, last_end: span.end };
            let known = days.entry(day).or_insert(first);
            known.worked += worked;
            known.first_start = known.first_start.min(span.start);
            known.last_end = known.last_end.max(span.end);
        }
        days.into_values().collect()
    }
}
