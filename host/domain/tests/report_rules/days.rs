//! Splitting a segment: the parts are its days, and sum exactly to its work.

use crate::support::{DAY, HOUR, MINUTE, all, date, near_a_change, parts, segment, zones};
use jiff::civil::Date;
use proptest::prelude::*;
use stint_domain::{
    entry::{Basis, Segment},
    report::Part,
    time::{Millis, Span, UnixMs},
};

/// Milliseconds of 1973-01-01: since then, every offset is of whole minutes and changes on a whole minute.
const WHOLE_MINUTES: i64 = 94_694_400_000;
const YEAR_1880: i64 = -2_840_140_800_000;
const YEAR_2100: i64 = 4_102_444_800_000;

/// The same by looking at every step of the clock: a stretch per run of steps that show one date.
fn by_looking(zone: &jiff::tz::TimeZone, span: Span, step: i64) -> Vec<(Date, Span)> {
    let mut runs: Vec<(Date, Span)> = Vec::new();
    let mut at = span.start.0;
    while at < span.end.0 {
        let (day, end) = (date(zone, at), UnixMs(at + step));
        match runs.last_mut() {
            Some((last, run)) if *last == day => run.end = end,
            _ => runs.push((day, Span::new(UnixMs(at), end))),
        }
        at += step;
    }
    runs
}

fn dated(parts: &[Part]) -> Vec<(Date, Span)> {
    parts.iter().map(|part| (part.day, part.span)).collect()
}

/// A span near a change of the zone's offset, on whole steps.
fn stepped(from: i64, away: i64, length: i64, step: i64) -> Span {
    let start = from.div_euclid(step) * step + away * step;
    Span::new(UnixMs(start), UnixMs(start + length * step))
}

proptest! {
    #[test]
    fn the_parts_are_what_a_look_at_every_minute_shows(
        zone in zones(),
        from in WHOLE_MINUTES..YEAR_2100,
        away in -3 * DAY / MINUTE..DAY / MINUTE,
        length in 0..3 * DAY / MINUTE,
    ) {
        let span = stepped(near_a_change(&zone, from, 0), away, length, MINUTE);
        let parts = parts(&all(&zone), &Segment::claimed(span));
        prop_assert_eq!(dated(&parts), by_looking(&zone, span, MINUTE));
        prop_assert!(parts.iter().all(|part| part.worked == part.span.length()));
    }

    #[test]
    fn and_every_second_where_offsets_had_seconds(
        zone in zones(),
        from in YEAR_1880..WHOLE_MINUTES,
        away in -30 * 3_600..3_600_i64,
        length in 0..30 * 3_600_i64,
    ) {
        let span = stepped(near_a_change(&zone, from, 0), away, length, 1_000);
        let parts = parts(&all(&zone), &Segment::claimed(span));
        prop_assert_eq!(dated(&parts), by_looking(&zone, span, 1_000));
    }

    #[test]
    fn the_parts_sum_exactly_to_the_segment(
        zone in zones(),
        from in YEAR_1880..YEAR_2100,
        away in -60 * DAY..2 * DAY,
        length in prop_oneof![Just(0), 0..HOUR, 0..3 * DAY, 0..60 * DAY],
        worked in prop_oneof![0..10_u64, 0..10_000_000_000_u64, any::<u64>()],
    ) {
        let start = near_a_change(&zone, from, away);
        let span = Span::new(UnixMs(start), UnixMs(start + length));
        let parts = parts(&all(&zone), &segment(span, worked, Basis::Measured));
        prop_assert_eq!(parts.iter().map(|part| part.worked).sum::<Millis>(), Millis(worked));
        prop_assert!(parts.iter().all(|part| part.worked > Millis::ZERO));
        prop_assert!(parts.iter().all(|part| span.start <= part.span.start && part.span.end <= span.end));
        prop_assert!(parts.is_sorted_by(|a, b| a.span.end <= b.span.start));
    }

    #[test]
    fn each_part_has_its_share_to_the_millisecond(
        zone in zones(),
        from in YEAR_1880..YEAR_2100,
        away in -30 * DAY..DAY,
        length in 1..60 * DAY,
        drift in -5_000..5_000_i64,
    ) {
        let start = near_a_change(&zone, from, away);
        let span = Span::new(UnixMs(start), UnixMs(start + length));
        let worked = length.saturating_add(drift).max(0).unsigned_abs();
        for part in parts(&all(&zone), &segment(span, worked, Basis::Measured)) {
            let exact = u128::from(worked) * u128::from(part.span.length().0) / u128::from(length.unsigned_abs());
            prop_assert!(u128::from(part.worked.0).abs_diff(exact) <= 1, "{part:?} instead of {exact}");
        }
    }
}
