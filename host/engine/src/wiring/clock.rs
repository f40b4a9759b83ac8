//! The host's clocks, as plugins are shown them.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use stint_clock::{Clock, thread_cpu, zone};
use stint_plugin_runtime::services;

/// The host's clocks and the machine's time zone.
#[derive(Clone)]
pub(super) struct HostClock {
    clock: Arc<dyn Clock>,
    zone: Arc<str>,
}

impl HostClock {
    pub(super) fn new(clock: Arc<dyn Clock>, zone: &str) -> Self {
        Self { clock, zone: zone.into() }
    }
}

impl services::Clock for HostClock {
    fn now_unix_ms(&self) -> i64 {
        self.clock.sample().wall.0
    }

    fn monotonic_ns(&self) -> u64 {
        self.clock.sample().monotonic.0.saturating_mul(1_000_000)
    }

    fn timezone(&self) -> String {
        self.zone.as_ref().to_owned()
    }

    fn utc_offset_s(&self, name: &str, unix_ms: i64) -> Option<i32> {
        let at = Timestamp::from_millisecond(unix_ms).ok()?;
        Some(zone(name)?.to_offset(at).seconds())
    }

    fn thread_cpu_ns(&self) -> Option<u64> {
        u64::try_from(thread_cpu().as_nanos()).ok()
    }
}

impl fmt::Debug for HostClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostClock").field("zone", &self.zone).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use services::Clock as _;
    use stint_clock::SystemClock;

    #[test]
    fn plugins_see_the_hosts_time() {
        let clock = HostClock::new(Arc::new(SystemClock::new().unwrap()), "Europe/Vienna");
        let summer = 1_782_907_200_000;
        assert_eq!(clock.utc_offset_s("Europe/Vienna", summer), Some(7200));
        assert_eq!(clock.utc_offset_s("UTC", summer), Some(0));
        assert_eq!(clock.utc_offset_s("../../etc/passwd", summer), None);
        assert_eq!(clock.utc_offset_s("UTC", i64::MAX), None);
        assert_eq!(clock.timezone(), "Europe/Vienna");
        let (before, cpu) = (clock.monotonic_ns(), clock.thread_cpu_ns().unwrap());
        assert!(clock.monotonic_ns() >= before && clock.thread_cpu_ns().unwrap() >= cpu);
        assert!(clock.now_unix_ms() > 1_767_225_600_000);
    }
}
