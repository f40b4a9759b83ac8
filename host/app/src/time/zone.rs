//! The person's zone, and now in it.

use jiff::{Timestamp, Zoned, tz::TimeZone};
use stint_domain::time::UnixMs;

/// The person's zone.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    zone: TimeZone,
    name: String,
}

impl Zone {
    /// The zone of this name. A machine without one, or with one that nobody knows, shows UTC.
    pub(crate) fn named(name: &str) -> Self {
        match stint_clock::zone(name) {
            Some(zone) => Self { zone, name: name.to_owned() },
            None => Self { zone: TimeZone::UTC, name: "UTC".to_owned() },
        }
    }

    /// The machine's zone.
    pub(crate) fn of_system() -> Self {
        stint_clock::system_zone().map_or_else(|_| Self::named("UTC"), |name| Self::named(&name))
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The rules of it.
    pub(crate) fn rules(&self) -> &TimeZone {
        &self.zone
    }

    /// An instant in it. One beyond the calendar is the nearest inside.
    pub(crate) fn at(&self, at: UnixMs) -> Zoned {
        let nearest = if at.0.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_millisecond(at.0).unwrap_or(nearest).to_zoned(self.zone.clone())
    }
}
