//! Cutting a span at the local midnights of a zone.
//!
//! An instant belongs to the date that a clock in the zone shows. Between two changes of its offset a zone is a fixed
//! offset, whose days all have 24 hours: so midnights that don't exist, days of 23 and 25 hours and days that a zone
//! left out need no rules of their own.

use jiff::{civil::Date, tz::TimeZone};

use super::share::on_calendar;
use crate::time::{Millis, Span, UnixMs};

/// A day, as long as no offset changes.
const DAY_MS: i64 = 86_400_000;

/// The stretches of a span that lie on one date each, in order and without holes. A date comes twice where clocks
/// were put back across midnight. A span without length is one such stretch.
pub(super) struct Days<'z> {
    zone: &'z TimeZone,
    rest: Option<Span>,
}

impl<'z> Days<'z> {
    /// The days of a span that lies on the calendar.
    pub(super) fn of(span: Span, zone: &'z TimeZone) -> Self {
        Self { zone, rest: Some(span) }
    }

    fn date(&self, at: UnixMs) -> Date {
        self.zone.to_datetime(on_calendar(at)).date()
    }

    /// Until when the date surely stays as it is at this instant: midnight, or a change of the offset before it.
    fn same_date_until(&self, at: UnixMs) -> UnixMs {
        let instant = on_calendar(at);
        let local_ms = at.0 + i64::from(self.zone.to_offset(instant).seconds()) * 1_000;
        let midnight = UnixMs(at.0 + DAY_MS - local_ms.rem_euclid(DAY_MS));
        let change = self.zone.following(instant).next();
        change.map_or(midnight, |change| midnight.min(UnixMs(change.timestamp().as_millisecond())))
    }
}

impl Iterator for Days<'_> {
    type Item = (Date, Span);

    fn next(&mut self) -> Option<Self::Item> {
        let Span { start, end: last } = self.rest.take()?;
        let date = self.date(start);
        let mut end = self.same_date_until(start).min(last);
        while end < last && self.date(end) == date {
            end = self.same_date_until(end).min(last);
        }
        self.rest = (end < last).then_some(Span { start: end, end: last });
        Some((date, Span { start, end }))
    }
}

/// Between which instants this date starts, in whatever zone.
pub(super) fn start_anywhere(date: Date) -> Span {
    /// More than any zone's offset from UTC: jiff has none of 26 hours.
    const OFFSET: Millis = Millis::from_mins(26 * 60);
    let days = date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    let in_utc = UnixMs(days * DAY_MS);
    Span { start: in_utc - OFFSET, end: in_utc + OFFSET }
}
