//! Zones, instants, segments and entries for the tests of reports, given and random.

use jiff::{
    Timestamp,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use stint_domain::{
    entry::{Basis, Details, Entry, Origin, Segment},
    id::EntryId,
    report::{Part, Range, Scope},
    time::{Millis, Span, UnixMs},
};

/// Zones with every habit that matters: none, half and three-quarter hours, changes at midnight and just after it,
/// half-hour changes, a day left out, seconds before 1900, no change for long.
pub(crate) const ZONES: [&str; 22] = [
    "UTC",
    "Europe/Berlin",
    "Europe/Dublin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Havana",
    "America/St_Johns",
    "America/Juneau",
    "America/Scoresbysund",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Monrovia",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Manila",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Kwajalein",
];

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

pub(crate) fn zones() -> impl Strategy<Value = TimeZone> {
    select(&ZONES[..]).prop_map(zone)
}

pub(crate) fn all(zone: &TimeZone) -> Scope<'_> {
    Scope { zone, range: Range::ALL }
}

pub(crate) fn at(instant: &str) -> UnixMs {
    UnixMs(instant.parse::<Timestamp>().unwrap().as_millisecond())
}

pub(crate) fn span(start: &str, end: &str) -> Span {
    Span::new(at(start), at(end))
}

/// The date at an instant, straight from the zone.
pub(crate) fn date(zone: &TimeZone, at: i64) -> Date {
    zone.to_datetime(Timestamp::from_millisecond(at).unwrap()).date()
}

pub(crate) fn parts(scope: &Scope<'_>, segment: &Segment) -> Vec<Part> {
    scope.parts(segment).collect()
}

pub(crate) fn segment(span: Span, worked: u64, basis: Basis) -> Segment {
    Segment { worked: Millis(worked), basis, ..Segment::claimed(span) }
}

pub(crate) fn entry(id: u128, details: Details, segments: Vec<Segment>) -> Entry {
    let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "1".into() };
    let started_at = segments.first().map_or(UnixMs(0), |segment| segment.span.start);
    let id = EntryId::from_bytes(id.to_be_bytes());
    Entry { segments, ..Entry::new(id, details, started_at, "UTC".into(), origin) }
}

/// An instant near a change of the zone's offset: where the rules can go wrong.
pub(crate) fn near_a_change(zone: &TimeZone, from: i64, away: i64) -> i64 {
    let base = Timestamp::from_millisecond(from).unwrap();
    zone.following(base).next().map_or(from, |change| change.timestamp().as_millisecond()) + away
}

fn bases() -> impl Strategy<Value = Basis> {
    select(&[Basis::Measured, Basis::Unattended, Basis::Claimed][..])
}

fn details() -> impl Strategy<Value = Details> {
    let name = |names: &'static [&'static str]| select(names).prop_map(str::to_owned);
    (
        option::of(name(&["blue", "red"])),
        option::of(name(&["review", "write"])),
        vec(name(&["deep", "late", "on call"]), 0..4),
        any::<bool>(),
    )
        .prop_map(|(project, task, tags, billable)| Details {
            project,
            task,
            note: None,
            tags,
            billable,
        })
}

/// Work of about its length, of any other length, or without one.
fn segments(near: i64) -> impl Strategy<Value = Segment> {
    let worked = |length: i64| prop_oneof![Just(length.unsigned_abs()), 0..1_000_000_000_u64];
    (-20 * DAY..20 * DAY, prop_oneof![Just(0), 0..3 * DAY, 0..30 * DAY], bases())
        .prop_flat_map(move |(away, length, basis)| (Just((near + away, length, basis)), worked(length)))
        .prop_map(|((start, length, basis), worked)| {
            segment(Span::new(UnixMs(start), UnixMs(start + length)), worked, basis)
        })
}

/// A few entries around the instant.
pub(crate) fn entries(near: i64) -> impl Strategy<Value = Vec<Entry>> {
    vec((details(), vec(segments(near), 0..5)), 0..5).prop_map(|drawn| {
        let numbered = (1_u128..).zip(drawn);
        numbered.map(|(id, (details, segments))| entry(id, details, segments)).collect()
    })
}
