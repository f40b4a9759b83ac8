//! Moments and lengths of time as backends want them.

use serde_json::{Number, Value};
use stint_plugin_sdk::date::{self, Civil};
use stint_plugin_sdk::{UnixMs, clock};

use crate::nearest;
use crate::template::Malformed;

/// A way to write a moment or a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Ms,
    Seconds,
    Minutes,
    Hours,
    Iso,
    Rfc3339,
    Date,
    Local,
    LocalDate,
    LocalTime,
}

/// What a field holds, as far as formats care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Moment,
    Length,
    Other,
}

const WORDS: [(&str, Format); 10] = [
    ("ms", Format::Ms),
    ("s", Format::Seconds),
    ("min", Format::Minutes),
    ("h", Format::Hours),
    ("iso", Format::Iso),
    ("rfc3339", Format::Rfc3339),
    ("date", Format::Date),
    ("local", Format::Local),
    ("local_date", Format::LocalDate),
    ("local_time", Format::LocalTime),
];

impl Format {
    pub(crate) fn parse(word: &str) -> Result<Self, Malformed> {
        let known = WORDS.iter().find(|(known, _)| *known == word);
        known.map(|(_, format)| *format).ok_or_else(|| Malformed {
            message: format!("`{word}` is no format"),
            hint: nearest::hint(word, WORDS.iter().map(|(word, _)| *word)),
        })
    }

    /// Whether it writes what a field holds.
    pub(crate) fn suits(self, holds: Holds) -> bool {
        match self {
            Format::Ms | Format::Seconds => holds != Holds::Other,
            Format::Minutes | Format::Hours | Format::Iso => holds == Holds::Length,
            _ => holds == Holds::Moment,
        }
    }

    /// The words of the formats for what a field holds.
    pub(crate) fn words_for(holds: Holds) -> String {
        let words = WORDS.iter().filter(|(_, format)| format.suits(holds)).map(|(word, _)| *word);
        words.collect::<Vec<_>>().join(", ")
    }

    /// Whether it needs a time zone.
    pub(crate) fn is_local(self) -> bool {
        matches!(self, Format::Local | Format::LocalDate | Format::LocalTime)
    }

    /// Milliseconds in this format. Where the zone is not known to the host, local time is UTC.
    pub(crate) fn write(self, ms: i64, zone: Option<&str>) -> Value {
        let local = || {
            let offset = zone.and_then(|zone| clock::utc_offset(zone, ms)).unwrap_or_default();
            Civil::at(ms, offset)
        };
        match self {
            Format::Ms => ms.into(),
            Format::Seconds => ms.div_euclid(1000).into(),
            Format::Minutes => ratio(ms, 60_000),
            Format::Hours => ratio(ms, 3_600_000),
            Format::Iso => iso(ms).into(),
            Format::Rfc3339 => date::rfc3339(ms).into(),
            Format::Date => Civil::at(ms, 0).date().into(),
            Format::Local => format!("{}T{}", local().date(), local().time()).into(),
            Format::LocalDate => local().date().into(),
            Format::LocalTime => local().time().into(),
        }
    }
}

/// So many of a unit, to four decimals: a third of a second where the unit is an hour. A whole number is written as
/// one.
fn ratio(ms: UnixMs, unit_ms: i64) -> Value {
    let ten_thousandths = (ms.saturating_mul(10_000).saturating_add(unit_ms / 2)).div_euclid(unit_ms);
    if ten_thousandths % 10_000 == 0 {
        return (ten_thousandths / 10_000).into();
    }
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 ten thousandths, which are centuries")]
    let number = ten_thousandths as f64 / 10_000.0;
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// A length as ISO 8601 has it: `PT1H30M5S`.
fn iso(ms: i64) -> String {
    let seconds = ms.div_euclid(1000);
    let mut text = "PT".to_owned();
    for (number, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M'), (seconds % 60, 'S')] {
        if number != 0 {
            text.push_str(&number.to_string());
            text.push(unit);
        }
    }
    if seconds == 0 {
        text.push_str("0S");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stint_plugin_sdk::testing::Host;

    use super::*;

    #[test]
    fn lengths_are_written() {
        let write = |format: &str, ms| Format::parse(format).unwrap().write(ms, None);
        assert_eq!(write("ms", 90_061_000), json!(90_061_000));
        assert_eq!(write("s", 1_999), json!(1));
        assert_eq!([write("min", 90_000), write("min", 60_000)], [json!(1.5), json!(1)]);
        assert_eq!(
            [write("h", 5_400_000), write("h", 1_200_000), write("h", 0)],
            [json!(1.5), json!(0.3333), json!(0)]
        );
        assert_eq!(
            [write("iso", 5_405_000), write("iso", 0), write("iso", 7_200_000)],
            ["PT1H30M5S", "PT0S", "PT2H"]
        );
    }

    #[test]
    fn moments_are_written_in_utc_or_where_the_person_was() {
        let host = Host::new();
        host.set_timezone("UTC", |zone, _| (zone == "Europe/Berlin").then_some(3600));
        let noon = 1_772_452_800_000;
        let write = |format: &str, zone| Format::parse(format).unwrap().write(noon, Some(zone));
        assert_eq!(write("rfc3339", "Europe/Berlin"), "2026-03-02T12:00:00Z");
        assert_eq!(write("date", "Europe/Berlin"), "2026-03-02");
        assert_eq!(write("local", "Europe/Berlin"), "2026-03-02T13:00:00");
        assert_eq!(write("local_date", "Mars/Olympus"), "2026-03-02");
        assert_eq!(write("local_time", "Mars/Olympus"), "12:00:00");
        assert_eq!(write("s", "Europe/Berlin"), noon / 1000);
    }
}
