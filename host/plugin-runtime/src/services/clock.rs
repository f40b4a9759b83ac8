//! The time, as far as a plugin sees it, and the time that it takes.

/// The host's clocks. This crate reads none itself.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970 by the wall clock.
    fn now_unix_ms(&self) -> i64;
    /// Nanoseconds of a clock that only runs forward.
    fn monotonic_ns(&self) -> u64;
    /// The machine's time zone as an IANA name.
    fn timezone(&self) -> String;
    /// A zone's distance from UTC at a moment, in seconds east of Greenwich; nothing for an unknown zone.
    ///
    /// The zone is a plugin's text: at most 64 printable characters, which may look like a path that leads elsewhere.
    fn utc_offset_s(&self, zone: &str, unix_ms: i64) -> Option<i32>;
    /// Nanoseconds that the calling thread has had on the processor, ever; nothing where that can't be known. A
    /// clock gives either always.
    ///
    /// A plugin's computing is measured by it. Without it the time that passes while a plugin has its turn counts,
    /// in whole ticks, and on a machine with more to do than processors a call is then ended too early.
    fn thread_cpu_ns(&self) -> Option<u64> {
        None
    }
}
