//! How much a report's rules cost: midnights, days of 23 or 25 hours, how each piece of work is known. The control
//! is the least that any report by day must do: ask the zone for the date of each segment and sum per date. (A loop
//! that sums without dates is no control: it takes a third of a millisecond, so the ratio is mostly noise.)

use std::collections::BTreeMap;
use std::hint::black_box;
use std::rc::Rc;

use jiff::{
    Timestamp,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};
use stint_domain::{
    entry::{Details, Entry, Origin, Segment},
    id::EntryId,
    report::{Range, Scope},
    time::{Millis, Span, UnixMs},
};
use stint_tests::ratio::{Bench, Failure, Pair};

const ENTRIES: u16 = 10_000;
/// About 3 was measured, with single runs above 4 on a machine busy with other work. A report that asked the zone
/// for each hour, or looked at all entries for each day, would be far beyond.
const BAR: f64 = 6.0;

const MINUTE: i64 = 60_000;

/// Several years of a busy person.
pub(crate) fn by_day() -> Bench {
    Bench::slowdown("report of 10,000 entries by day", BAR, || {
        let entries = Rc::new(entries()?);
        let zone = TimeZoneDatabase::bundled().get("Europe/Berlin")?;
        let (same_entries, same_zone) = (Rc::clone(&entries), zone.clone());
        Ok(Pair::new(
            move |watch| {
                let scope = Scope { zone: &zone, range: Range::ALL };
                let report = watch.time(|| scope.by_day(black_box(entries.iter())));
                expect_work(report.total.worked())
            },
            move |watch| {
                let days = watch.time(|| sum_by_date(black_box(&same_entries), &same_zone))?;
                expect_work(days.into_values().sum())
            },
        ))
    })
}

/// The bare loop: a segment counts for the day it starts on.
fn sum_by_date(entries: &[Entry], zone: &TimeZone) -> Result<BTreeMap<Date, Millis>, Failure> {
    let mut days = BTreeMap::new();
    for segment in entries.iter().flat_map(|entry| &entry.segments) {
        let start = Timestamp::from_millisecond(segment.span.start.0)?;
        let day = days.entry(zone.to_datetime(start).date()).or_insert(Millis::ZERO);
        *day += segment.worked;
    }
    Ok(days)
}

/// An entry every four hours, day and night: three stretches of an hour with breaks between, so that one entry in
/// six goes across midnight.
fn entries() -> Result<Vec<Entry>, Failure> {
    let first = "2024-01-01T00:30Z".parse::<Timestamp>()?.as_millisecond();
    let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "1".into() };
    Ok((0..ENTRIES)
        .map(|number| {
            let start = first + i64::from(number) * 240 * MINUTE;
            let details = Details { project: Some("blue".into()), billable: true, ..Details::default() };
            let id = EntryId::from_bytes(u128::from(number).to_be_bytes());
            let mut entry = Entry::new(id, details, UnixMs(start), "Europe/Berlin".into(), origin.clone());
            for stretch in 0..3 {
                let start = start + stretch * 75 * MINUTE;
                entry.add_segment(Segment::claimed(Span::new(UnixMs(start), UnixMs(start + 60 * MINUTE))));
            }
            entry
        })
        .collect())
}

/// Both sides must have done the work they are timed for.
fn expect_work(worked: Millis) -> Result<(), Failure> {
    let expected = Millis(u64::from(ENTRIES) * 3 * 3_600_000);
    if worked == expected { Ok(()) } else { Err(format!("{worked:?} were summed, not {expected:?}").into()) }
}
