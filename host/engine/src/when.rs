//! Instants as programs outside read and write them: RFC 3339 in UTC.

use std::{borrow::Cow, fmt};

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use stint_domain::time::UnixMs;

/// An instant that is RFC 3339 in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When(pub UnixMs);

impl When {
    /// The instant on the calendar. One beyond its years is the nearest inside: a broken clock may say anything.
    pub fn timestamp(self) -> Timestamp {
        let nearest = if self.0.0.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(self.0.0).unwrap_or(nearest)
    }
}

impl fmt::Display for When {
    /// As the API reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl JsonSchema for When {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl From<UnixMs> for When {
    fn from(at: UnixMs) -> Self {
        Self(at)
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let at: Timestamp = text.parse().map_err(|_| {
            D::Error::custom(format!("{text:?} is no instant: write one such as 2026-03-02T09:00:00Z"))
        })?;
        Ok(Self(UnixMs(at.as_millisecond())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_comes_back_as_it_went() {
        for at in [0, 1_772_442_000_123, -1] {
            let when = When(UnixMs(at));
            let json = serde_json::to_string(&when).unwrap();
            assert_eq!(serde_json::from_str::<When>(&json).unwrap(), when);
        }
        let json = serde_json::to_string(&When(UnixMs(1_772_442_000_123))).unwrap();
        assert_eq!(json, "\"2026-03-02T09:00:00.123Z\"");
        assert_eq!(
            serde_json::from_str::<When>("\"2026-03-02T10:00:00+01:00\"").unwrap().0.0,
            1_772_442_000_000
        );
    }

    #[test]
    fn what_is_beyond_the_calendar_is_the_nearest_in_it() {
        assert_eq!(serde_json::to_string(&When(UnixMs(i64::MAX))).unwrap(), "\"9999-12-30T22:00:00.999Z\"");
        assert_eq!(
            serde_json::to_string(&When(UnixMs(i64::MIN))).unwrap(),
            "\"-009999-01-02T01:59:59.000Z\""
        );
        let error = serde_json::from_str::<When>("\"soon\"").unwrap_err().to_string();
        assert!(
            error.starts_with("\"soon\" is no instant: write one such as 2026-03-02T09:00:00Z"),
            "{error}"
        );
    }
}
