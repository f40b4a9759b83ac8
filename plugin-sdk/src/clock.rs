//! The host's clocks.

use crate::imports;
use crate::types::UnixMs;

/// The wall clock.
pub fn now() -> UnixMs {
    imports::clock_now()
}

/// Nanoseconds of a clock that only runs forward. Its zero means nothing.
pub fn monotonic() -> u64 {
    imports::clock_monotonic()
}

/// The machine's time zone as an IANA name.
pub fn timezone() -> String {
    imports::clock_timezone()
}

/// A zone's distance from UTC at a moment, in seconds, positive east of Greenwich; nothing if the zone is not known.
pub fn utc_offset(zone: &str, at: UnixMs) -> Option<i32> {
    imports::clock_utc_offset(zone, at)
}
