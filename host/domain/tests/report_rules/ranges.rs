//! Ranges: those that follow each other add up to the range they make up, group by group.

use crate::support::{DAY, at, date, entries, entry, near_a_change, parts, segment, span, zone, zones};
use jiff::{civil::Date, tz::TimeZone};
use proptest::prelude::*;
use std::collections::BTreeMap;
use stint_domain::{
    entry::{Basis, Details, Entry, Segment},
    report::{Edge, Facet, Label, Range, Report, Scope, Tally},
    time::{Millis, Span, UnixMs},
};

const FACETS: [Facet; 3] = [Facet::Project, Facet::Task, Facet::Tag];

/// Which kind of edge a test's ranges have.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Instants,
    Days,
    /// A day, then an instant, then a day, far enough apart that no offset turns them around.
    Mixed,
}

/// Three edges in order.
fn edges(kind: Kind, zone: &TimeZone, start: i64, steps: [i64; 2]) -> [Edge; 3] {
    let apart = if matches!(kind, Kind::Mixed) { 3 * DAY } else { 0 };
    let instants = [start, start + steps[0] + apart, start + steps[0] + steps[1] + 2 * apart];
    let day = |at| Edge::Day(date(zone, at));
    match kind {
        Kind::Instants => instants.map(|at| Edge::At(UnixMs(at))),
        Kind::Days => instants.map(day),
        Kind::Mixed => [day(instants[0]), Edge::At(UnixMs(instants[1])), day(instants[2])],
    }
}

/// The work of a report without its counts of entries, which don't add up: an entry may go on in the next range.
fn work<K: Ord + Clone>(reports: &[Report<K>]) -> (Tally, BTreeMap<K, Tally>) {
    let (mut total, mut groups) = (Tally::default(), BTreeMap::new());
    for report in reports {
        total += Tally { entries: 0, ..report.total };
        for group in report.groups.lines() {
            *groups.entry(group.key.clone()).or_insert_with(Tally::default) +=
                Tally { entries: 0, ..group.tally };
        }
    }
    (total, groups)
}

/// A day and labels of the same ranges, in one table.
type Lines = (BTreeMap<Date, Tally>, Vec<BTreeMap<Label, Tally>>, Vec<BTreeMap<(Date, Label), Tally>>);

fn lines(zone: &TimeZone, ranges: &[Range], entries: &[Entry]) -> (Tally, Lines) {
    let scopes: Vec<Scope<'_>> = ranges.iter().map(|range| Scope { zone, range: *range }).collect();
    let (total, days) = work(&scopes.iter().map(|scope| scope.by_day(entries)).collect::<Vec<_>>());
    let (mut labels, mut both) = (Vec::new(), Vec::new());
    for facet in FACETS {
        let reports: Vec<_> = scopes.iter().map(|scope| scope.by_label(facet, entries)).collect();
        let (same, groups) = work(&reports);
        assert_eq!(same, total);
        labels.push(groups);
        let reports: Vec<_> = scopes.iter().map(|scope| scope.by_day_and_label(facet, entries)).collect();
        let (same, groups) = work(&reports);
        assert_eq!(same, total);
        both.push(groups);
    }
    (total, (days, labels, both))
}

fn around_a_change() -> impl Strategy<Value = (TimeZone, i64, Vec<Entry>)> {
    (zones(), 0..4_000_000_000_000_i64)
        .prop_map(|(zone, from)| (near_a_change(&zone, from, 0), zone))
        .prop_flat_map(|(near, zone)| (Just(zone), Just(near), entries(near)))
}

proptest! {
    #[test]
    fn ranges_in_a_row_add_up(
        (zone, near, entries) in around_a_change(),
        kind in prop_oneof![Just(Kind::Instants), Just(Kind::Days), Just(Kind::Mixed)],
        away in -25 * DAY..5 * DAY,
        steps in [0..10 * DAY, 0..10 * DAY],
    ) {
        let [a, b, c] = edges(kind, &zone, near + away, steps);
        let apart = lines(&zone, &[Range::between(a, b), Range::between(b, c)], &entries);
        prop_assert_eq!(apart, lines(&zone, &[Range::between(a, c)], &entries));

        let open = [
            Range { from: None, to: Some(a) },
            Range::between(a, b),
            Range::between(b, c),
            Range { from: Some(c), to: None },
        ];
        prop_assert_eq!(lines(&zone, &open, &entries), lines(&zone, &[Range::ALL], &entries));
    }

    #[test]
    fn no_zone_changes_a_total(
        (zone, near, entries) in around_a_change(),
        other in zones(),
        away in -25 * DAY..5 * DAY,
        length in 0..10 * DAY,
    ) {
        let [from, to] = [near + away, near + away + length].map(|at| Edge::At(UnixMs(at)));
        for range in [Range::ALL, Range::between(from, to)] {
            let here = Scope { zone: &zone, range };
            let there = Scope { zone: &other, range };
            prop_assert_eq!(here.by_day(&entries).total, there.by_day(&entries).total);
            for facet in FACETS {
                prop_assert_eq!(here.by_label(facet, &entries), there.by_label(facet, &entries));
            }
        }
        let all = Scope { zone: &zone, range: Range::ALL }.by_day(&entries).total;
        prop_assert_eq!(all.worked(), entries.iter().map(Entry::worked).sum::<Millis>());
    }

    #[test]
    fn a_range_of_days_has_those_days(
        (zone, near, entries) in around_a_change(),
        away in -25 * DAY..5 * DAY,
        length in 0..10 * DAY,
    ) {
        let [from, to] = [near + away, near + away + length].map(|at| date(&zone, at));
        let range = Range::between(Edge::Day(from), Edge::Day(to));
        let mut expected = lines(&zone, &[Range::ALL], &entries).1.0;
        expected.retain(|day, _| from <= *day && *day < to);
        prop_assert_eq!(lines(&zone, &[range], &entries).1.0, expected);

        let cover = range.cover();
        for segment in entries.iter().flat_map(|entry| &entry.segments) {
            for part in parts(&Scope { zone: &zone, range }, segment) {
                prop_assert!(cover.start <= part.span.start && part.span.end <= cover.end);
            }
        }
    }

    #[test]
    fn a_range_of_instants_has_its_share(
        start in 0..1_000_000_i64,
        length in 1..1_000_000_i64,
        from in 0..2_000_000_i64,
        to in 0..2_000_000_i64,
    ) {
        let work = Segment::claimed(Span::new(UnixMs(start), UnixMs(start + length)));
        let range = Range::between(Edge::At(UnixMs(from)), Edge::At(UnixMs(to)));
        let parts = parts(&Scope { zone: &TimeZone::UTC, range }, &work);
        let expected = (to.min(start + length) - from.max(start)).max(0).unsigned_abs();
        prop_assert_eq!(parts.iter().map(|part| part.worked).sum::<Millis>(), Millis(expected));
    }
}

#[test]
fn work_without_length_is_in_the_range_that_starts_there() {
    let instant = at("2026-05-04T22:00Z");
    let work = segment(Span::new(instant, instant), 5_000, Basis::Unattended);
    let berlin = zone("Europe/Berlin");
    let found = |range| parts(&Scope { zone: &berlin, range }, &work);
    let day = Edge::Day("2026-05-05".parse().unwrap());
    for edge in [Edge::At(instant), day] {
        let after = found(Range { from: Some(edge), to: None });
        assert_eq!(after.len(), 1);
        assert_eq!((after[0].day, after[0].worked), ("2026-05-05".parse().unwrap(), Millis(5_000)));
        assert_eq!(found(Range { from: None, to: Some(edge) }), []);
    }
}

#[test]
fn a_range_that_ends_before_it_starts_is_empty() {
    let work = Segment::claimed(span("2026-05-04T08:00Z", "2026-05-08T08:00Z"));
    let (early, late) = ("2026-05-05T00:00Z", "2026-05-06T00:00Z");
    let day = |date: &str| Edge::Day(date.parse().unwrap());
    for range in [
        Range::between(Edge::At(at(late)), Edge::At(at(early))),
        Range::between(day("2026-05-06"), day("2026-05-05")),
        Range::between(day("2026-05-06"), Edge::At(at(early))),
        Range::between(Edge::At(at(late)), day("2026-05-05")),
        Range::between(day("2026-05-06"), day("2026-05-06")),
        Range::between(Edge::At(at(late)), Edge::At(at(late))),
    ] {
        assert_eq!(parts(&Scope { zone: &TimeZone::UTC, range }, &work), [], "{range:?}");
    }
}

#[test]
fn the_cover_of_a_range_is_loaded_and_no_more() {
    let day = |date: &str| Some(Edge::Day(date.parse().unwrap()));
    let range = Range { from: day("2026-05-05"), to: day("2026-05-06") };
    assert_eq!(range.cover(), span("2026-05-03T22:00Z", "2026-05-07T02:00Z"));
    let [from, to] = [at("2026-05-05T08:00Z"), at("2026-05-05T09:00Z")];
    assert_eq!(Range::between(Edge::At(from), Edge::At(to)).cover(), Span::new(from, to));
    assert_eq!(Range::ALL.cover(), Span::new(UnixMs(i64::MIN), UnixMs(i64::MAX)));
    assert_eq!(Range::default(), Range::ALL);
}

#[test]
fn counts_of_entries_are_per_range() {
    let work =
        entry(1, Details::default(), vec![Segment::claimed(span("2026-05-04T20:00Z", "2026-05-05T04:00Z"))]);
    let entries_of = |range| Scope { zone: &TimeZone::UTC, range }.by_day([&work]).total.entries;
    let midnight = Some(Edge::Day("2026-05-05".parse().unwrap()));
    assert_eq!(entries_of(Range { from: None, to: midnight }), 1);
    assert_eq!(entries_of(Range { from: midnight, to: None }), 1);
    assert_eq!(entries_of(Range::ALL), 1);
    assert_eq!(entries_of(Range { from: Some(Edge::At(at("2026-05-05T04:00Z"))), to: None }), 0);
}
