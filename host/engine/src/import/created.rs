//! When a row was made. The old program wrote whole seconds since 1970; what others may have put there is read where
//! it can only mean one thing.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value;
use stint_domain::time::UnixMs;
use stint_store::legacy::CreatedAt;

/// Numbers from here on count milliseconds: as seconds they would lie beyond the year 5138, and as milliseconds
/// these begin in 1973.
const MILLIS_FROM: i64 = 100_000_000_000;
/// Numbers from here on are no time in any unit.
const ABSURD_FROM: i64 = MILLIS_FROM * 1_000;

/// The instant, if it is one.
pub(super) fn created_at(given: &CreatedAt) -> Option<UnixMs> {
    match given {
        CreatedAt::Integer(number) => whole(*number),
        CreatedAt::Real(number) => fraction(*number),
        CreatedAt::Text(text) => written(text),
    }
}

/// The instant that a value of a payload stands for, if it does.
pub(super) fn stated(value: &Value) -> Option<UnixMs> {
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(number) => whole(number),
            None => number.as_f64().and_then(fraction),
        },
        Value::String(text) => written(text),
        _ => None,
    }
}

fn whole(number: i64) -> Option<UnixMs> {
    match number.unsigned_abs() {
        size if size < MILLIS_FROM.unsigned_abs() => Some(UnixMs(number * 1_000)),
        size if size < ABSURD_FROM.unsigned_abs() => Some(UnixMs(number)),
        _ => None,
    }
}

fn fraction(number: f64) -> Option<UnixMs> {
    #[expect(clippy::cast_precision_loss, reason = "the bounds are powers of ten that a float holds")]
    let (millis_from, absurd_from) = (MILLIS_FROM as f64, ABSURD_FROM as f64);
    let millis = match number.abs() {
        size if size < millis_from => number * 1_000.0,
        size if size < absurd_from => number,
        // Infinities and what is no number land here too.
        _ => return None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "it is below 10^14")]
    Some(UnixMs(millis.round() as i64))
}

/// A number as text, RFC 3339, or what SQLite itself writes: a date and a clock time in UTC.
fn written(text: &str) -> Option<UnixMs> {
    let text = text.trim();
    if let Ok(number) = text.parse() {
        return whole(number);
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(UnixMs(at.as_millisecond()));
    }
    if let Ok(date) = text.parse::<DateTime>() {
        return TimeZone::UTC.to_timestamp(date).ok().map(|at| UnixMs(at.as_millisecond()));
    }
    text.parse().ok().and_then(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_milliseconds_and_dates_are_the_same_instant() {
        let monday = Some(UnixMs(1_736_330_000_000));
        for same in [
            CreatedAt::Integer(1_736_330_000),
            CreatedAt::Integer(1_736_330_000_000),
            CreatedAt::Real(1_736_330_000.0),
            CreatedAt::Real(1_736_330_000_000.0),
            CreatedAt::Text(" 1736330000 ".into()),
            CreatedAt::Text("1736330000000".into()),
            CreatedAt::Text("1736330000.0".into()),
            CreatedAt::Text("2025-01-08T09:53:20Z".into()),
            CreatedAt::Text("2025-01-08T10:53:20+01:00".into()),
            CreatedAt::Text("2025-01-08 09:53:20".into()),
            CreatedAt::Text("2025-01-08T09:53:20".into()),
        ] {
            assert_eq!(created_at(&same), monday, "{same:?}");
        }
        assert_eq!(created_at(&CreatedAt::Real(1_736_330_000.25)), Some(UnixMs(1_736_330_000_250)));
        assert_eq!(
            created_at(&CreatedAt::Text("2025-01-08 09:53:20.125".into())),
            Some(UnixMs(1_736_330_000_125))
        );
    }

    #[test]
    fn a_broken_clock_is_a_time_and_nonsense_is_none() {
        for (given, found) in [
            (0, Some(0)),
            (-86_400, Some(-86_400_000)),
            (4_102_444_800, Some(4_102_444_800_000)),
            (99_999_999_999, Some(99_999_999_999_000)),
            (100_000_000_000, Some(100_000_000_000)),
            (99_999_999_999_999, Some(99_999_999_999_999)),
            (100_000_000_000_000, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(created_at(&CreatedAt::Integer(given)), found.map(UnixMs), "{given}");
        }
        for none in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(created_at(&CreatedAt::Real(none)), None, "{none}");
        }
        for none in ["", "soon", "2025-13-01", "99999999999999999999", "10:00", "NaN", "inf"] {
            assert_eq!(created_at(&CreatedAt::Text(none.into())), None, "{none}");
        }
        assert_eq!(stated(&serde_json::json!("2025-01-08T09:53:20Z")), Some(UnixMs(1_736_330_000_000)));
        assert_eq!(stated(&serde_json::json!(1.5)), Some(UnixMs(1_500)));
        assert_eq!(stated(&serde_json::json!(u64::MAX)), None);
        assert_eq!(stated(&serde_json::json!(true)), None);
    }
}
