//! Days and spans of local time, and when the next one begins.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use stint_plugin_sdk::UnixMs;

use crate::zone::Zone;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
const MINUTES_OF_DAY: u16 = 24 * 60;

/// A day of the week, in the calendar's order from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A span of local time, in minutes from midnight. One that ends before it begins goes on after midnight, and
/// belongs to the day that it begins on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    from: u16,
    to: u16,
}

impl Span {
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let span = Self { from: minutes(from)?, to: minutes(to)? };
        (span.from != span.to && span.from < MINUTES_OF_DAY).then_some(span)
    }

    fn crosses_midnight(self) -> bool {
        self.to < self.from
    }
}

/// `09:30` as minutes from midnight; `24:00` is the end of the day.
fn minutes(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let two_digits = |part: &str| (part.len() == 2).then(|| part.parse::<u16>().ok()).flatten();
    let (hour, minute) = (two_digits(hour)?, two_digits(minute)?);
    (minute < 60 && hour * 60 + minute <= MINUTES_OF_DAY).then_some(hour * 60 + minute)
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is no span of time, such as 09:00-17:30")))
    }
}

/// Whether one of the spans is open at a moment.
pub(crate) fn is_open(days: &[Day], spans: &[Span], zone: &Zone, now: UnixMs) -> bool {
    let local = zone.local(now);
    let minute = local.rem_euclid(DAY_MS) / MINUTE_MS;
    let today = local.div_euclid(DAY_MS);
    spans.iter().any(|span| {
        let (from, to) = (i64::from(span.from), i64::from(span.to));
        if span.crosses_midnight() {
            (holds_on(days, today) && minute >= from) || (holds_on(days, today - 1) && minute < to)
        } else {
            holds_on(days, today) && (from..to).contains(&minute)
        }
    })
}

/// The moment at which the next span begins. Without days or spans, which `check` refuses, in a day.
pub(crate) fn next_opening(days: &[Day], spans: &[Span], zone: &Zone, now: UnixMs) -> UnixMs {
    let today = zone.local(now).div_euclid(DAY_MS);
    // Seven days ahead is this weekday again, for a week with one short span that is over for today.
    (today..=today + 7)
        .filter(|day| holds_on(days, *day))
        .flat_map(|day| spans.iter().map(move |span| day * DAY_MS + i64::from(span.from) * MINUTE_MS))
        .map(|local| zone.moment(local))
        .filter(|opening| *opening > now)
        .min()
        .unwrap_or(now + DAY_MS)
}

/// Whether the hours hold on a day, counted from 1970-01-01, which was a Thursday.
fn holds_on(days: &[Day], day: i64) -> bool {
    days.iter().any(|known| *known as i64 == (day + 3).rem_euclid(7))
}
