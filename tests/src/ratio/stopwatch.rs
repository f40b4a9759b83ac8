//! Times what a bench does, and nothing around it. This is the one place outside `host/clock` that reads a clock:
//! a bench times work between two points of one process, where a machine's sleep and its wall clock play no part.

#![expect(clippy::disallowed_types, reason = "a bench measures itself; no product code can reach this type")]

use std::time::{Duration, Instant};

/// Adds up the time of the calls to [`time`](Self::time), so that what a bench prepares in between is left out.
#[derive(Debug, Default)]
pub struct Stopwatch {
    elapsed: Duration,
}

impl Stopwatch {
    /// Does `work` and counts its time. What `work` returns is kept from the optimiser, which could otherwise leave
    /// out work whose result nobody looks at.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = std::hint::black_box(work());
        self.elapsed += start.elapsed();
        result
    }

    /// Counts time that was measured elsewhere, such as the processor time a child process used.
    pub fn add(&mut self, measured: Duration) {
        self.elapsed += measured;
    }

    /// The time counted so far.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_timed_work_counts_and_its_result_is_handed_on() {
        let mut watch = Stopwatch::default();
        assert_eq!(watch.elapsed(), Duration::ZERO);

        let sum = watch.time(|| (0..10_000_u64).map(std::hint::black_box).sum::<u64>());
        let once = watch.elapsed();
        watch.add(Duration::from_secs(7));

        assert_eq!(sum, 49_995_000);
        assert!(once > Duration::ZERO);
        assert_eq!(watch.elapsed(), once + Duration::from_secs(7));
    }
}
