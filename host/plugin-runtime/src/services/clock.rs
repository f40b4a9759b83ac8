//! The time, as far as a plugin sees it.

/// The host's clocks. This crate reads none itself.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 by the wall clock.
    fn now_unix_ms(&self) -> i64;
    /// Nanoseconds of a clock that only runs forward.
    fn monotonic_ns(&self) -> u64;
    /// The machine's time zone as an IANA name.
    fn timezone(&self) -> String;
    /// A zone's distance from UTC at a moment, in seconds east of Greenwich; nothing for an unknown zone.
    fn utc_offset_s(&self, zone: &str, unix_ms: i64) -> Option<i32>;
}
