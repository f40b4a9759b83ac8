//! Days that happened, or will: what each zone's clocks showed.

use crate::support::{all, at, entry, parts, span, zone};
use stint_domain::{
    entry::{Details, Segment},
    report::WorkDay,
    time::{Millis, Span},
};

/// The days of work that went on from start to end, with the minutes of each.
fn minutes(zone_name: &str, start: &str, end: &str) -> Vec<(String, u64)> {
    let zone = zone(zone_name);
    let parts = parts(&all(&zone), &Segment::claimed(span(start, end)));
    parts.iter().map(|part| (part.day.to_string(), part.worked.0 / 60_000)).collect()
}

fn assert_hours(zone: &str, start: &str, end: &str, expected: &[(&str, u64)]) {
    let expected: Vec<_> = expected.iter().map(|(day, hours)| ((*day).to_owned(), hours * 60)).collect();
    assert_eq!(minutes(zone, start, end), expected, "{zone} from {start} to {end}");
}

fn assert_minutes(zone: &str, start: &str, end: &str, expected: &[(&str, u64)]) {
    let expected: Vec<_> = expected.iter().map(|(day, minutes)| ((*day).to_owned(), *minutes)).collect();
    assert_eq!(minutes(zone, start, end), expected, "{zone} from {start} to {end}");
}

#[test]
fn utc_has_24_hours_a_day() {
    let days = [("2026-03-28", 12), ("2026-03-29", 24), ("2026-03-30", 12)];
    assert_hours("UTC", "2026-03-28T12:00Z", "2026-03-30T12:00Z", &days);
}

#[test]
fn a_day_in_spring_has_23_hours() {
    let berlin = [("2026-03-28", 11), ("2026-03-29", 23), ("2026-03-30", 14)];
    assert_hours("Europe/Berlin", "2026-03-28T12:00Z", "2026-03-30T12:00Z", &berlin);
    let new_york = [("2026-03-07", 17), ("2026-03-08", 23), ("2026-03-09", 8)];
    assert_hours("America/New_York", "2026-03-07T12:00Z", "2026-03-09T12:00Z", &new_york);
}

#[test]
fn a_day_in_autumn_has_25_hours() {
    let berlin = [("2026-10-24", 10), ("2026-10-25", 25), ("2026-10-26", 13)];
    assert_hours("Europe/Berlin", "2026-10-24T12:00Z", "2026-10-26T12:00Z", &berlin);
    let new_york = [("2026-10-31", 16), ("2026-11-01", 25), ("2026-11-02", 7)];
    assert_hours("America/New_York", "2026-10-31T12:00Z", "2026-11-02T12:00Z", &new_york);
}

#[test]
fn an_island_changes_by_half_an_hour() {
    let days = [("2026-04-05", 24 * 60 + 30), ("2026-04-06", 30)];
    assert_minutes("Australia/Lord_Howe", "2026-04-04T13:00Z", "2026-04-05T14:00Z", &days);
}

#[test]
fn midnight_may_not_exist() {
    let sao_paulo = [("2018-11-03", 1), ("2018-11-04", 23), ("2018-11-05", 1)];
    assert_hours("America/Sao_Paulo", "2018-11-04T02:00Z", "2018-11-05T03:00Z", &sao_paulo);
    let havana = [("2026-03-07", 1), ("2026-03-08", 23), ("2026-03-09", 1)];
    assert_hours("America/Havana", "2026-03-08T04:00Z", "2026-03-09T05:00Z", &havana);
    let beirut = [("2026-03-28", 1), ("2026-03-29", 23), ("2026-03-30", 1)];
    assert_hours("Asia/Beirut", "2026-03-28T21:00Z", "2026-03-29T22:00Z", &beirut);
}

#[test]
fn midnight_may_come_twice() {
    // Havana goes from 1:00 back to 0:00, on the same date.
    let havana = [("2026-10-31", 1), ("2026-11-01", 25), ("2026-11-02", 1)];
    assert_hours("America/Havana", "2026-11-01T03:00Z", "2026-11-02T06:00Z", &havana);
    // São Paulo went from 0:00 back to 23:00 before the date changed.
    let sao_paulo = [("2019-02-16", 25), ("2019-02-17", 1)];
    assert_hours("America/Sao_Paulo", "2019-02-16T02:00Z", "2019-02-17T04:00Z", &sao_paulo);
}

#[test]
fn a_date_may_come_twice() {
    // St. John's went from 0:01 back to 23:01: the seventh for a minute, the sixth again, the seventh for good.
    let days = [("2010-11-06", 30), ("2010-11-07", 1), ("2010-11-06", 59), ("2010-11-07", 30)];
    assert_minutes("America/St_Johns", "2010-11-07T02:00Z", "2010-11-07T04:00Z", &days);

    let worked =
        entry(1, Details::default(), vec![Segment::claimed(span("2010-11-07T02:00Z", "2010-11-07T04:00Z"))]);
    let zone = zone("America/St_Johns");
    let day = |day: &str, minutes, first_start, last_end| WorkDay {
        day: day.parse().unwrap(),
        worked: Millis::from_mins(minutes),
        first_start: at(first_start),
        last_end: at(last_end),
    };
    assert_eq!(
        all(&zone).days(&worked),
        [
            day("2010-11-06", 89, "2010-11-07T02:00Z", "2010-11-07T03:30Z"),
            day("2010-11-07", 31, "2010-11-07T02:30Z", "2010-11-07T04:00Z"),
        ]
    );
}

#[test]
fn a_zone_may_leave_a_day_out() {
    let apia = [("2011-12-29", 24), ("2011-12-31", 24)];
    assert_hours("Pacific/Apia", "2011-12-29T10:00Z", "2011-12-31T10:00Z", &apia);
    let kwajalein = [("1993-08-20", 24), ("1993-08-22", 24)];
    assert_hours("Pacific/Kwajalein", "1993-08-20T12:00Z", "1993-08-22T12:00Z", &kwajalein);
}

#[test]
fn offsets_need_not_be_whole_hours() {
    let kathmandu = [("2026-01-01", 15), ("2026-01-02", 45)];
    assert_minutes("Asia/Kathmandu", "2026-01-01T18:00Z", "2026-01-01T19:00Z", &kathmandu);
    // Berlin's own time was 53 minutes and 28 seconds ahead.
    let zone = zone("Europe/Berlin");
    let parts = parts(&all(&zone), &Segment::claimed(span("1890-05-04T23:06:00Z", "1890-05-04T23:07:00Z")));
    assert_eq!(parts.iter().map(|part| part.worked).collect::<Vec<_>>(), [Millis(32_000), Millis(28_000)]);
}

#[test]
fn days_before_1970_are_days() {
    let days = [("1969-12-30", 1), ("1969-12-31", 24), ("1970-01-01", 2)];
    assert_hours("Europe/Berlin", "1969-12-30T22:00Z", "1970-01-01T01:00Z", &days);
}

#[test]
fn parts_say_where_they_lie() {
    let zone = zone("Europe/Berlin");
    let worked = span("2026-03-28T22:30Z", "2026-03-29T02:00Z");
    let spans: Vec<Span> =
        parts(&all(&zone), &Segment::claimed(worked)).iter().map(|part| part.span).collect();
    let midnight = at("2026-03-28T23:00Z");
    assert_eq!(spans, [Span::new(worked.start, midnight), Span::new(midnight, worked.end)]);
}

#[test]
fn an_entry_of_several_segments_has_one_line_a_day() {
    let claimed = |start, end| Segment::claimed(span(start, end));
    let worked = entry(
        1,
        Details::default(),
        vec![
            claimed("2026-05-04T08:00Z", "2026-05-04T10:00Z"),
            claimed("2026-05-04T21:00Z", "2026-05-04T23:00Z"),
            claimed("2026-05-05T07:00Z", "2026-05-05T07:30Z"),
        ],
    );
    let zone = zone("Europe/Berlin");
    let days: Vec<_> = all(&zone)
        .days(&worked)
        .iter()
        .map(|day| (day.day.to_string(), day.worked, day.first_start, day.last_end))
        .collect();
    assert_eq!(
        days,
        [
            ("2026-05-04".into(), Millis::from_mins(180), at("2026-05-04T08:00Z"), at("2026-05-04T22:00Z")),
            ("2026-05-05".into(), Millis::from_mins(90), at("2026-05-04T22:00Z"), at("2026-05-05T07:30Z")),
        ]
    );
}
