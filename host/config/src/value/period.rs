//! A length of time as people write it: `500ms`, `10s`, `3m`, `1h30m`, `7d`.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use stint_domain::time::Millis;

use crate::decode::{Fault, FromText};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(Millis);

/// The units, the longest first, in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

const EXAMPLES: &str = "write a number and its unit: 500ms, 10s, 3m, 1h30m or 7d";

impl Period {
    /// So many whole seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(Millis::from_secs(secs))
    }

    /// So many whole minutes.
    pub const fn from_mins(mins: u64) -> Self {
        Self(Millis::from_mins(mins))
    }

    /// So many milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(Millis(millis))
    }

    /// The length that a text says, as in the configuration.
    pub fn read(text: &str) -> Option<Self> {
        Self::from_text(text).ok()
    }

    /// The length in milliseconds.
    pub const fn millis(self) -> Millis {
        self.0
    }

    /// The length as the standard library has it.
    pub const fn duration(self) -> std::time::Duration {
        std::time::Duration::from_millis(self.0.0)
    }
}

impl FromText for Period {
    fn expected() -> String {
        "a length of time, such as \"10s\" or \"1h30m\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::whole(text, "a length of time can't be empty").hint(EXAMPLES));
        }
        let mut total: u64 = 0;
        let mut at = 0;
        let mut units = UNITS.iter();
        while at < text.len() {
            let rest = &text[at..];
            let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
            let letters = &rest[digits..];
            let letters =
                &letters[..letters.find(|letter: char| letter.is_ascii_digit()).unwrap_or(letters.len())];
            let end = at + digits + letters.len();
            if digits == 0 {
                return Err(Fault::part(at..end, format!("`{text}` is no length of time")).hint(EXAMPLES));
            }
            if letters.is_empty() {
                return Err(Fault::part(at..end, format!("`{}` has no unit", &rest[..digits])).hint(EXAMPLES));
            }
            if !UNITS.iter().any(|(unit, _)| *unit == letters) {
                let message = format!("`{letters}` is no unit of time");
                return Err(Fault::part(at + digits..end, message).hint(EXAMPLES));
            }
            let Some((_, length)) = units.find(|(unit, _)| *unit == letters) else {
                let message = format!("`{text}` has its units in the wrong order");
                return Err(Fault::part(at..end, message).hint("the longest unit comes first: 1h30m"));
            };
            let part = rest[..digits].parse::<u64>().ok().and_then(|number| number.checked_mul(*length));
            total = part
                .and_then(|part| total.checked_add(part))
                .filter(|total| i64::try_from(*total).is_ok())
                .ok_or_else(|| Fault::part(at..end, format!("`{text}` is too long to be counted")))?;
            at = end;
        }
        Ok(Self::from_millis(total))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.0.0;
        if left == 0 {
            return f.write_str("0s");
        }
        // Days aren't used: people say 48h as well as 2d, and hours are never misread.
        for (unit, length) in &UNITS[1..] {
            if left >= *length {
                write!(f, "{}{unit}", left / length)?;
                left %= length;
            }
        }
        Ok(())
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Period {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Period".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A length of time: numbers with units, the longest unit first.",
            "pattern": "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
            "examples": ["500ms", "10s", "1h30m", "7d"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_read_as_people_write_them() {
        for (text, millis) in [
            ("10s", 10_000),
            ("500ms", 500),
            ("3m", 180_000),
            ("1h30m", 5_400_000),
            ("7d", 604_800_000),
            ("1m500ms", 60_500),
            ("0s", 0),
            ("90m", 5_400_000),
        ] {
            assert_eq!(Period::from_text(text), Ok(Period::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_length_is_refused_where_it_goes_wrong() {
        let refused = |text: &str| {
            let fault = Period::from_text(text).unwrap_err();
            (fault.at, fault.message)
        };
        assert_eq!(refused(""), (0..0, "a length of time can't be empty".into()));
        assert_eq!(refused("soon"), (0..4, "`soon` is no length of time".into()));
        assert_eq!(refused("10"), (0..2, "`10` has no unit".into()));
        assert_eq!(refused("1h30"), (2..4, "`30` has no unit".into()));
        assert_eq!(refused("10 s"), (2..4, "` s` is no unit of time".into()));
        assert_eq!(refused("10жук"), (2..8, "`жук` is no unit of time".into()));
        assert_eq!(refused("-1s"), (0..1, "`-1s` is no length of time".into()));
        assert_eq!(refused("30m1h"), (3..5, "`30m1h` has its units in the wrong order".into()));
        assert_eq!(refused("1s1s"), (2..4, "`1s1s` has its units in the wrong order".into()));
        let long = "99999999999999999999d";
        assert_eq!(refused(long), (0..21, format!("`{long}` is too long to be counted")));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(millis in 0..i64::MAX.unsigned_abs()) {
            let period = Period::from_millis(millis);
            prop_assert_eq!(Period::from_text(&period.to_string()), Ok(period));
        }

        #[test]
        fn no_text_makes_reading_fail_otherwise(text in "\\PC{0,12}|[0-9hms]{0,12}") {
            let _ = Period::from_text(&text);
        }
    }
}
