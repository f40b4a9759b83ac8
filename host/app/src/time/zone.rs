//! The person's zone, and now in it.

use jiff::{Zoned, tz::TimeZone};
use stint_domain::time::UnixMs;
use stint_engine::When;

/// The person's zone.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    rules: TimeZone,
    name: String,
    unknown: Option<String>,
}

impl Zone {
    /// The zone of this name. A machine without one, or with one that nobody knows, shows UTC.
    pub(crate) fn named(name: &str) -> Self {
        match stint_clock::zone(name) {
            Some(zone) => Self { rules: zone, name: name.to_owned(), unknown: None },
            None => Self { rules: TimeZone::UTC, name: "UTC".to_owned(), unknown: Some(name.to_owned()) },
        }
    }

    /// The machine's zone.
    pub(crate) fn of_system() -> Self {
        match stint_clock::system_zone() {
            Ok(name) => Self::named(&name),
            Err(_) => Self { unknown: std::env::var("TZ").ok(), ..Self::named("UTC") },
        }
    }

    /// What was set as the zone, where nobody knows it: what is shown is in UTC then, and so is what is read.
    pub(crate) fn unknown(&self) -> Option<&str> {
        self.unknown.as_deref()
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The rules of it.
    pub(crate) fn rules(&self) -> &TimeZone {
        &self.rules
    }

    /// An instant in it. One beyond the calendar is the nearest inside.
    pub(crate) fn at(&self, at: UnixMs) -> Zoned {
        When(at).timestamp().to_zoned(self.rules.clone())
    }
}
