//! What people write for a time.

use super::*;
use crate::time::exactly;

/// Monday, the second of March 2026, 10:30 in Vienna.
const NOW: UnixMs = UnixMs(1_772_443_800_000);

fn vienna() -> Zone {
    Zone::named("Europe/Vienna")
}

fn shown(at: UnixMs) -> String {
    vienna().at(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn time(text: &str) -> String {
    read_time(text, NOW, &vienna()).map_or_else(|error| error.to_string(), shown)
}

fn stretch(text: &str) -> String {
    let read = read_stretch(text, NOW, &vienna());
    read.map_or_else(|error| error.to_string(), |(from, to)| format!("{} to {}", shown(from), shown(to)))
}

#[test]
fn a_time_is_read_as_it_is_meant() {
    assert_eq!(time("now"), "2026-03-02 10:30:00");
    assert_eq!(time("9:05"), "2026-03-02 09:05:00");
    assert_eq!(time(" 09:05:30 "), "2026-03-02 09:05:30");
    assert_eq!(time("yesterday 17:00"), "2026-03-01 17:00:00");
    assert_eq!(time("today 0:00"), "2026-03-02 00:00:00");
    assert_eq!(time("Friday 8:15"), "2026-02-27 08:15:00");
    assert_eq!(time("monday 8:15"), "2026-03-02 08:15:00");
    assert_eq!(time("2026-02-28 23:59"), "2026-02-28 23:59:00");
    assert_eq!(time("2026-02-28T23:59"), "2026-02-28 23:59:00");
    assert_eq!(time("2026-02-28"), "2026-02-28 00:00:00");
    assert_eq!(time("2026-03-02T09:00:00Z"), "2026-03-02 10:00:00");
    assert_eq!(time("2026-03-02T09:00:00-05:00"), "2026-03-02 15:00:00");
    for text in ["15m", "-15m", "15m ago", "15 min ago", "900s"] {
        assert_eq!(time(text), "2026-03-02 10:15:00", "{text}");
    }
    assert_eq!(time("1h30m"), "2026-03-02 09:00:00");
}

#[test]
fn what_is_shown_for_a_time_is_read_as_the_same_instant() {
    for at in [NOW, UnixMs(NOW.0 + 1), UnixMs(NOW.0 + 120), UnixMs(NOW.0 - 999)] {
        assert_eq!(read_time(&exactly(at, &vienna()), NOW, &vienna()).unwrap(), at);
    }
}

#[test]
fn half_days_and_days_are_understood() {
    for (text, at) in [
        ("9am", "2026-03-02 09:00:00"),
        ("9:05 AM", "2026-03-02 09:05:00"),
        ("12am", "2026-03-02 00:00:00"),
        ("12:30pm", "2026-03-02 12:30:00"),
        ("yesterday 5pm", "2026-03-01 17:00:00"),
        ("yesterday 5:30 pm", "2026-03-01 17:30:00"),
        ("1d", "2026-03-01 10:30:00"),
        ("1d ago", "2026-03-01 10:30:00"),
        ("2 days 3h ago", "2026-02-28 07:30:00"),
        ("-1d", "2026-03-01 10:30:00"),
    ] {
        assert_eq!(time(text), at, "{text}");
    }
    for text in ["0am", "13pm", "am", "9:60am", "1dm", "d", "1d 1d", "4294967296d"] {
        assert!(read_time(text, NOW, &vienna()).is_err(), "{text:?}");
    }
    assert_eq!(stretch("8am-10am"), "2026-03-02 08:00:00 to 2026-03-02 10:00:00");
    assert_eq!(stretch("yesterday 9am - 5:30pm"), "2026-03-01 09:00:00 to 2026-03-01 17:30:00");
}

#[test]
fn a_stretch_of_instants_is_read() {
    for text in [
        "2026-03-02T07:00:00Z..2026-03-02T08:30:00Z",
        "2026-03-02T07:00:00Z/2026-03-02T08:30:00Z",
        "2026-03-02T08:00:00+01:00 - 2026-03-02T09:30:00+01:00",
        "2026-03-02T07:00:00Z-2026-03-02T08:30:00Z",
    ] {
        assert_eq!(stretch(text), "2026-03-02 08:00:00 to 2026-03-02 09:30:00", "{text}");
    }
}

#[test]
fn over_midnight_goes_a_night_that_is_over_and_nothing_else() {
    assert_eq!(stretch("yesterday 22-6"), "2026-03-01 22:00:00 to 2026-03-02 06:00:00");
    assert_eq!(stretch("yesterday 10pm-1am"), "2026-03-01 22:00:00 to 2026-03-02 01:00:00");
    for text in ["11:00-10:30", "yesterday 11:00-10:30", "22:00-01:00", "yesterday 23:00-10:31", "9:00-9:00"]
    {
        let error = stretch(text);
        assert!(
            error.contains("it ends before it starts; where it goes over midnight, write both days"),
            "{error}"
        );
    }
}

#[test]
fn no_length_is_too_long_to_be_told() {
    assert_eq!(time("999999h"), "1912-02-02 19:30:00", "the timer refuses it, and names the nearest");
    for text in ["99999999999h", "9223372036854775807s", "-9223372036854775807s"] {
        let error = read_time(text, NOW, &vienna()).unwrap_err().to_string();
        assert_eq!(error, format!("failed to go to {text:?}: the calendar doesn't reach that far"));
    }
}

#[test]
fn what_is_no_time_is_refused_with_examples() {
    let error = "failed to read \"noonish\" as a time: write 14:30, 9am, \"yesterday 17:00\", 15m (ago), \
                 \"2026-03-02 9:00\" or 2026-03-02T09:00:00Z";
    assert_eq!(time("noonish"), error);
    for text in [
        "",
        "25:00",
        "9:60",
        "9",
        "9:5:5:5",
        "2026-13-01",
        "20260302",
        "-",
        "--15m",
        "1:234",
        "+1:00",
        "Z",
        "9:05.5",
        "9:05:30.",
    ] {
        assert!(read_time(text, NOW, &vienna()).is_err(), "{text:?}");
    }
}

#[test]
fn clocks_that_change_are_read_as_everybody_does() {
    assert_eq!(time("2026-03-29 02:30"), "2026-03-29 03:30:00", "skipped in spring");
    let first = read_time("2026-10-25 02:30", NOW, &vienna()).unwrap();
    assert_eq!(first, read_time("2026-10-25T02:30:00+02:00", NOW, &vienna()).unwrap(), "twice in autumn");
}

#[test]
fn a_stretch_is_two_times() {
    let morning = "2026-03-02 09:00:00 to 2026-03-02 12:30:00";
    for text in
        ["9:00-12:30", "9:00 - 12:30", "09:00..12:30", "9:00 to 12:30", "9:00–12:30", "today 9:00-12:30"]
    {
        assert_eq!(stretch(text), morning, "{text}");
    }
    assert_eq!(stretch("2026-03-02 9:00-12:30"), morning);
    assert_eq!(stretch("2026-03-02T09:00..2026-03-02T12:30"), morning);
    assert_eq!(stretch("9-12"), "2026-03-02 09:00:00 to 2026-03-02 12:00:00");
    assert_eq!(stretch("yesterday 9-12:15"), "2026-03-01 09:00:00 to 2026-03-01 12:15:00");
    assert_eq!(stretch("yesterday 22:00-01:00"), "2026-03-01 22:00:00 to 2026-03-02 01:00:00");
    assert_eq!(stretch("2026-02-27 22:00 - 2026-02-28 1:00"), "2026-02-27 22:00:00 to 2026-02-28 01:00:00");
    assert_eq!(stretch("friday 9:00-10:00"), "2026-02-27 09:00:00 to 2026-02-27 10:00:00");
}

#[test]
fn what_is_no_stretch_is_refused_with_examples() {
    let error = "failed to read \"9:00\" as a stretch of time: write 9:00-12:30, \"yesterday 9:00-12:30\" or \
                 \"2026-03-02 9:00-12:30\"";
    assert_eq!(stretch("9:00"), error);
    for text in ["", "-", "2026-03-02", "9:00-", "-9:00", "9:00-noon", "99-100"] {
        assert!(read_stretch(text, NOW, &vienna()).is_err(), "{text:?}");
    }
}

fn days(from: Option<&str>, to: Option<&str>, period: Period) -> String {
    let read = read_days(from, to, period, NOW, &vienna());
    read.map_or_else(|error| error.to_string(), |days| format!("{} to {}", days.first, days.last))
}

#[test]
fn days_are_read_as_they_are_meant() {
    assert_eq!(days(None, None, Period::Day), "2026-03-02 to 2026-03-02");
    assert_eq!(days(None, None, Period::Week), "2026-03-02 to 2026-03-02", "today is a Monday");
    assert_eq!(days(Some("yesterday"), None, Period::Day), "2026-03-01 to 2026-03-02");
    assert_eq!(days(Some("Friday"), Some("today"), Period::Week), "2026-02-27 to 2026-03-02");
    assert_eq!(days(None, Some("2026-02-20"), Period::Day), "2026-02-20 to 2026-02-20");
    assert_eq!(days(None, Some(" 2026-02-20 "), Period::Week), "2026-02-16 to 2026-02-20");
    assert_eq!(days(Some("2027-01-01"), None, Period::Day), "2027-01-01 to 2027-01-01");
    assert_eq!(days(None, Some("-009999-01-01"), Period::Week).split(' ').next(), Some("failed"));
}

#[test]
fn what_is_no_day_is_refused_with_examples() {
    let error =
        "failed to read \"soon\" as a day: write today, yesterday, a weekday such as monday, or 2026-03-02";
    assert_eq!(days(Some("soon"), None, Period::Day), error);
    assert_eq!(days(None, Some("soon"), Period::Day), error);
    for text in ["", "9:00", "2026-02-30", "20260302", "now"] {
        assert!(days(Some(text), None, Period::Day).starts_with("failed to read"), "{text:?}");
    }
    let error =
        "failed to go from 2026-03-02 to 2026-02-27, which is earlier: write the earlier day after --from";
    assert_eq!(days(Some("today"), Some("friday"), Period::Day), error);
}

#[test]
fn days_begin_and_end_as_clocks_in_the_zone_say() {
    let span = |day: &str| {
        let days = read_days(Some(day), Some(day), Period::Day, NOW, &vienna()).unwrap();
        let (from, to) = days.span(&vienna());
        (shown(from), shown(to), (to.0 - from.0) / 3_600_000)
    };
    let day = |from: &str, to: &str, hours| (from.to_owned(), to.to_owned(), hours);
    assert_eq!(span("2026-03-02"), day("2026-03-02 00:00:00", "2026-03-03 00:00:00", 24));
    assert_eq!(span("2026-03-29"), day("2026-03-29 00:00:00", "2026-03-30 00:00:00", 23));
    assert_eq!(span("2026-10-25"), day("2026-10-25 00:00:00", "2026-10-26 00:00:00", 25));
}
