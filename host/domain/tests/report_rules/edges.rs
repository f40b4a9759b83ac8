//! The edges of the calendar, and spans that a broken clock or file may hold: clamped, never a failure.

use crate::support::{DAY, all, parts, segment, zone, zones};
use jiff::{Timestamp, civil::Date};
use proptest::prelude::*;
use stint_domain::{
    entry::{Basis, Segment},
    report::{Edge, Part, Range, Scope},
    time::{Millis, Span, UnixMs},
};

fn worked(parts: &[Part]) -> Millis {
    parts.iter().map(|part| part.worked).sum()
}

fn extremes() -> impl Strategy<Value = i64> {
    let [first, last] = [Timestamp::MIN, Timestamp::MAX].map(Timestamp::as_millisecond);
    prop_oneof![
        Just(i64::MIN),
        Just(i64::MAX),
        first - 3 * DAY..first + 3 * DAY,
        last - 3 * DAY..last + 3 * DAY,
        -3 * DAY..3 * DAY,
        any::<i64>(),
    ]
}

proptest! {
    #[test]
    fn no_short_span_loses_work(zone in zones(), start in extremes(), length in -DAY..40 * DAY, work: u64) {
        // A span from a file may end before it starts: it counts as one without length.
        let span = Span { start: UnixMs(start), end: UnixMs(start.saturating_add(length)) };
        let parts = parts(&all(&zone), &segment(span, work, Basis::Unattended));
        prop_assert_eq!(worked(&parts), Millis(work));
    }

    #[test]
    fn no_range_fails_and_neighbours_add_up(
        zone in zones(),
        [start, end] in [extremes(), extremes()],
        middle in extremes(),
        steps in [0..40 * DAY, 0..40 * DAY],
        work: u64,
    ) {
        let segment = segment(Span::new(UnixMs(start), UnixMs(end)), work, Basis::Measured);
        let edges = [middle, middle.saturating_add(steps[0]), middle.saturating_add(steps[0]).saturating_add(steps[1])];
        let [a, b, c] = edges.map(|at| Edge::At(UnixMs(at)));
        let within = |from, to| worked(&parts(&Scope { zone: &zone, range: Range::between(from, to) }, &segment));
        prop_assert_eq!(within(a, b) + within(b, c), within(a, c));
        prop_assert!(within(a, c) <= Millis(work));
    }
}

#[test]
fn an_instant_beyond_the_calendar_is_the_nearest_on_it() {
    let beyond = |start, end| {
        let work = segment(Span { start: UnixMs(start), end: UnixMs(end) }, 7, Basis::Measured);
        parts(&all(&zone("UTC")), &work)
    };
    let (first, last) = (UnixMs(Timestamp::MIN.as_millisecond()), UnixMs(Timestamp::MAX.as_millisecond()));
    let part = |day: &str, at| Part { day: day.parse().unwrap(), span: Span::new(at, at), worked: Millis(7) };
    assert_eq!(beyond(i64::MIN, i64::MIN + 1), [part("-009999-01-02", first)]);
    assert_eq!(beyond(i64::MAX - 1, i64::MAX), [part("9999-12-30", last)]);
}

#[test]
fn the_first_and_the_last_day_can_be_named() {
    let work = Segment::claimed(Span::new(UnixMs(0), UnixMs(1_000)));
    let found = |from, to| {
        let range = Range::between(Edge::Day(from), Edge::Day(to));
        worked(&parts(&Scope { zone: &zone("Pacific/Apia"), range }, &work))
    };
    assert_eq!(found(Date::MIN, Date::MAX), Millis(1_000));
    assert_eq!(found(Date::MIN, Date::MIN), Millis::ZERO);
    assert_eq!(found(Date::MAX, Date::MAX), Millis::ZERO);
}

#[test]
fn a_span_of_two_centuries_is_split_exactly() {
    let [start, end] = ["1900-01-01T00:00Z", "2100-01-01T00:00Z"].map(crate::support::at);
    let parts =
        parts(&all(&zone("Europe/Berlin")), &segment(Span::new(start, end), u64::MAX, Basis::Claimed));
    assert_eq!(worked(&parts), Millis(u64::MAX));
    // From 1900-01-01, 1:00 to 2100-01-01, 1:00: 200 years with 49 leap days, and an hour of the next.
    assert_eq!(parts.len(), 200 * 365 + 49 + 1);
}
