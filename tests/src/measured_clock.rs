//! A clock that shows one time and measures the processor time of threads as it is: in tests and benches a plugin's
//! computing is bounded by the same measure as in a host.

use stint_plugin_runtime::services::{Clock, FixedClock};

/// The clock.
#[derive(Debug, Clone, Copy)]
pub struct MeasuredClock {
    /// The time it shows, in UTC.
    pub shown: FixedClock,
}

impl MeasuredClock {
    /// A clock that shows this time.
    pub fn new(unix_ms: i64) -> Self {
        Self { shown: FixedClock { unix_ms } }
    }
}

impl Clock for MeasuredClock {
    fn now_unix_ms(&self) -> i64 {
        self.shown.now_unix_ms()
    }

    fn monotonic_ns(&self) -> u64 {
        self.shown.monotonic_ns()
    }

    fn timezone(&self) -> String {
        self.shown.timezone()
    }

    fn utc_offset_s(&self, zone: &str, unix_ms: i64) -> Option<i32> {
        self.shown.utc_offset_s(zone, unix_ms)
    }

    fn thread_cpu_ns(&self) -> Option<u64> {
        u64::try_from(stint_clock::thread_cpu().as_nanos()).ok()
    }
}
