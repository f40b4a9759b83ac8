//! The person's time zone, by the name that entries and reports carry.

use jiff::tz::TimeZone;

use crate::ClockError;

/// The IANA name of the system's time zone, from `TZ` or `/etc/localtime`.
pub fn system_zone() -> Result<String, ClockError> {
    let zone = TimeZone::try_system().map_err(|source| ClockError::ZoneUnknown { source: Some(source) })?;
    zone.iana_name().map(str::to_owned).ok_or(ClockError::ZoneUnknown { source: None })
}
