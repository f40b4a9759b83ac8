//! Reading what people write for a time: `14:30`, `yesterday 17:00`, `15m ago`, `2026-03-02 9:00`, or an instant; and
//! for days.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _, Zoned,
    civil::{Date, DateTime, Time},
};
use stint_domain::time::UnixMs;

use super::Zone;

/// A text that is no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TimeError {
    /// It is none.
    #[error(
        "failed to read {text:?} as a time: write 14:30, 9am, \"yesterday 17:00\", 15m (ago), \"2026-03-02 9:00\" or 2026-03-02T09:00:00Z"
    )]
    Time {
        /// What was written.
        text: String,
    },
    /// It lies before or behind all days.
    #[error("failed to go to {text:?}: the calendar doesn't reach that far")]
    Beyond {
        /// What was written.
        text: String,
    },
    /// It is no stretch.
    #[error(
        "failed to read {text:?} as a stretch of time: write 9:00-12:30, \"yesterday 9:00-12:30\" or \"2026-03-02 9:00-12:30\""
    )]
    Stretch {
        /// What was written.
        text: String,
    },
    /// It would end before it starts, or on a day that nobody wrote.
    #[error(
        "failed to read {text:?} as a stretch of time: it ends before it starts; where it goes over midnight, write both days, such as \"2026-03-02 22:00 - 2026-03-03 1:00\""
    )]
    Wraps {
        /// What was written.
        text: String,
    },
    /// It is no day.
    #[error(
        "failed to read {text:?} as a day: write today, yesterday, a weekday such as monday, or 2026-03-02"
    )]
    Day {
        /// What was written.
        text: String,
    },
    /// The last day comes before the first.
    #[error("failed to go from {first} to {last}, which is earlier: write the earlier day after --from")]
    Backwards {
        /// The first day.
        first: Date,
        /// The last one.
        last: Date,
    },
}

/// Days in a row, the first and the last included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    /// The first.
    pub(crate) first: Date,
    /// The last.
    pub(crate) last: Date,
}

/// What is meant where no day is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    /// The day.
    Day,
    /// The week, from Monday on.
    Week,
}

/// Reads from which day to which. Without a last day it is today, or the first one where that comes later; without a
/// first day it is the beginning of the last one's period.
pub(crate) fn read_days(
    from: Option<&str>,
    to: Option<&str>,
    period: Period,
    now: UnixMs,
    zone: &Zone,
) -> Result<Days, TimeError> {
    let today = zone.at(now);
    let read = |text: &str| {
        let day = day(text.trim(), &today);
        day.ok_or_else(|| TimeError::Day { text: text.to_owned() })
    };
    let (from, to) = (from.map(read).transpose()?, to.map(read).transpose()?);
    let last = to.unwrap_or_else(|| from.map_or(today.date(), |first| first.max(today.date())));
    let first = from.unwrap_or_else(|| period.begin(last));
    if last < first {
        return Err(TimeError::Backwards { first, last });
    }
    Ok(Days { first, last })
}

impl Period {
    /// The first day of the period that this day is in.
    fn begin(self, day: Date) -> Date {
        let back = match self {
            Self::Day => 0,
            Self::Week => i64::from(day.weekday().to_monday_zero_offset()),
        };
        // Only the calendar's very first week has no Monday.
        day.checked_sub(back.days()).unwrap_or(Date::MIN)
    }
}

impl Days {
    /// The day after the last one.
    pub(crate) fn next(self) -> Date {
        self.last.tomorrow().unwrap_or(Date::MAX)
    }

    /// The instants between which they lie in the zone. A day that the calendar doesn't reach has none.
    pub(crate) fn span(self, zone: &Zone) -> (UnixMs, UnixMs) {
        let begin = |day: Date| instant(day.to_datetime(Time::midnight()), zone);
        (begin(self.first).unwrap_or(UnixMs(i64::MIN)), begin(self.next()).unwrap_or(UnixMs(i64::MAX)))
    }
}

/// What goes over midnight without its second day being written is no longer than this: a night's work. Anything longer
/// is a slip in one of the two times.
const LONGEST_NIGHT_HOURS: i64 = 12;

/// Reads a time. A clock time without a day is one of today, and a day without a time is its first moment.
pub(crate) fn read_time(text: &str, now: UnixMs, zone: &Zone) -> Result<UnixMs, TimeError> {
    let fail = || TimeError::Time { text: text.to_owned() };
    let text = text.trim();
    if text.eq_ignore_ascii_case("now") {
        return Ok(now);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(UnixMs(at.as_millisecond()));
    }
    if let Some(length) = ago(text) {
        let at = i64::try_from(length.as_millis()).ok().and_then(|length| now.0.checked_sub(length));
        let on_calendar = at.filter(|at| Timestamp::from_millisecond(*at).is_ok());
        return on_calendar.map(UnixMs).ok_or_else(|| TimeError::Beyond { text: text.to_owned() });
    }
    let today = zone.at(now);
    instant(on_day(text, &today, today.date()).ok_or_else(fail)?, zone).ok_or_else(fail)
}

/// Reads a stretch: two times with a dash, `..` or `to` between them. The second one is on the day of the first, or, where
/// it would not be after it, on the next: if that makes a night that is over.
pub(crate) fn read_stretch(text: &str, now: UnixMs, zone: &Zone) -> Result<(UnixMs, UnixMs), TimeError> {
    let today = zone.at(now);
    let instant_of = |text: &str| text.parse::<Timestamp>().ok().map(|at| UnixMs(at.as_millisecond()));
    for (at, mark) in marks(text.trim()) {
        let (from, to) = (text.trim()[..at].trim(), text.trim()[at + mark..].trim());
        if let Some(both) = instant_of(from).zip(instant_of(to)) {
            return Ok(both);
        }
        let Some(start) = on_day_or_hour(from, &today, today.date()) else { continue };
        let Some(mut end) = on_day_or_hour(to, &today, start.date()) else { continue };
        if end <= start && !to.contains(' ') && !to.contains('T') {
            let next = end.checked_add(1.day()).ok().filter(|next| is_past_night(start, *next, now, zone));
            end = next.ok_or_else(|| TimeError::Wraps { text: text.to_owned() })?;
        }
        if let (Some(start), Some(end)) = (instant(start, zone), instant(end, zone)) {
            return Ok((start, end));
        }
    }
    Err(TimeError::Stretch { text: text.to_owned() })
}

/// Whether a stretch over midnight is short enough to be a night, and over.
fn is_past_night(start: DateTime, end: DateTime, now: UnixMs, zone: &Zone) -> bool {
    let is_short = start.checked_add(LONGEST_NIGHT_HOURS.hours()).is_ok_and(|latest| end <= latest);
    is_short && instant(end, zone).is_some_and(|end| end <= now)
}

/// Where the stretch may be parted, and how long what parts it is. A date has dashes too, so every one is tried.
fn marks(text: &str) -> Vec<(usize, usize)> {
    let marks = ["..", " to ", "/", "–", "-"];
    marks.iter().flat_map(|mark| text.match_indices(mark).map(|(at, found)| (at, found.len()))).collect()
}

/// `15m`, `-1h30m`, `90 min ago`.
fn ago(text: &str) -> Option<SignedDuration> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let text = text.strip_suffix("ago").unwrap_or(text).trim();
    // jiff reads 9:05:30 as a length as well; people mean a time by it.
    let is_length = text.starts_with(|char: char| char.is_ascii_digit()) && !text.contains(':');
    let (days, rest) = days_and_rest(text);
    let length: SignedDuration = if rest.is_empty() && days > 0 {
        SignedDuration::ZERO
    } else {
        rest.parse().ok().filter(|_| is_length)?
    };
    let length = length.checked_add(SignedDuration::from_hours(days.checked_mul(24)?))?;
    (!length.is_negative()).then_some(length)
}

/// `1d`, `2 days 3h`: days of 24 hours, and what follows them. jiff has none of those, because a day by the calendar
/// may be longer or shorter.
fn days_and_rest(text: &str) -> (i64, &str) {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit = text[digits..].trim_start();
    let behind = ["days", "day", "d"].iter().find_map(|word| unit.strip_prefix(word));
    match (text[..digits].parse::<u32>(), behind) {
        (Ok(days), Some(rest)) if !rest.starts_with(char::is_alphabetic) => {
            (i64::from(days), rest.trim_start())
        }
        _ => (0, text),
    }
}

fn on_day(text: &str, today: &Zoned, otherwise: Date) -> Option<DateTime> {
    if let Some(time) = clock_time(text) {
        return Some(otherwise.to_datetime(time));
    }
    // The `T` of 2026-03-02T09:00, not that of today.
    let parted =
        text.split_once(' ').or_else(|| text.split_once(['T', 't']).filter(|(first, _)| first.len() == 10));
    let (first, rest) = parted.unwrap_or((text, "00:00"));
    Some(day(first, today)?.to_datetime(clock_time(rest.trim())?))
}

/// As above, and a bare hour is one too: `9-12`.
fn on_day_or_hour(text: &str, today: &Zoned, otherwise: Date) -> Option<DateTime> {
    let has_time = text.contains(':') || text.to_ascii_lowercase().ends_with('m');
    on_day(text, today, otherwise).filter(|_| has_time).or_else(|| {
        let (before, hour) = text.rsplit_once(' ').map_or(("", text), |(before, hour)| (before, hour));
        let hour: i8 = hour.parse().ok().filter(|_| hour.len() <= 2)?;
        let date = if before.is_empty() { otherwise } else { day(before.trim(), today)? };
        Some(date.to_datetime(Time::new(hour, 0, 0, 0).ok()?))
    })
}

/// `9:05`, `09:05:30`, and the parts of a second that a refusal names; `9am`, `9:30 pm`.
fn clock_time(text: &str) -> Option<Time> {
    let low = text.to_ascii_lowercase();
    let half = [("am", 0), ("pm", 12)]
        .iter()
        .find_map(|(word, more)| Some((low.strip_suffix(word)?.trim_end(), *more)));
    let Some((text, more)) = half else { return clock_time_of_24(text) };
    let whole = if text.contains(':') { text.to_owned() } else { format!("{text}:00") };
    let time = clock_time_of_24(&whole).filter(|time| (1..=12).contains(&time.hour()))?;
    Time::new(time.hour() % 12 + more, time.minute(), time.second(), time.subsec_nanosecond()).ok()
}

fn clock_time_of_24(text: &str) -> Option<Time> {
    let (text, nanosecond) = match text.split_once('.') {
        Some((whole, part)) if whole.matches(':').count() == 2 => (whole, nanoseconds(part)?),
        Some(_) => return None,
        None => (text, 0),
    };
    let mut parts = text.split(':').map(|part| {
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i8>().ok().filter(|_| digits)
    });
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() { None } else { Time::new(hour, minute, second, nanosecond).ok() }
}

/// What stands behind a second's point.
fn nanoseconds(digits: &str) -> Option<i32> {
    let is_part = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    format!("{digits:0<9}").parse().ok().filter(|_| is_part)
}

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn day(text: &str, today: &Zoned) -> Option<Date> {
    let word = text.to_lowercase();
    match word.as_str() {
        "today" => return Some(today.date()),
        "yesterday" => return today.date().yesterday().ok(),
        _ => {}
    }
    if let Some(wanted) = WEEKDAYS.iter().position(|day| *day == word) {
        let back = (today.weekday().to_monday_zero_offset() - i8::try_from(wanted).ok()?).rem_euclid(7);
        return today.date().checked_sub(i64::from(back).days()).ok();
    }
    // Only the full form: jiff reads `20260302` as well, which nobody takes for a day at a glance.
    word.parse::<Date>().ok().filter(|_| word.len() == 10)
}

/// An instant that a clock in the zone shows. What is skipped or repeated when clocks change is read as everybody
/// does: later, and the first time.
fn instant(local: DateTime, zone: &Zone) -> Option<UnixMs> {
    let zoned = local.to_zoned(zone.rules().clone()).ok()?;
    Some(UnixMs(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
