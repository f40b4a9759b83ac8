//! A clock that a test moves by hand: hours of sleep, reboots and clock steps take no time at all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use stint_domain::{
    clock::ClockSample,
    id::BootId,
    time::{Millis, UnixMs},
};

use crate::Clock;

/// How long the machine has been up after each start.
const UP_AFTER_START: Millis = Millis::from_secs(20);

/// The clocks of a machine that does what it is told. Every clone is a handle to the same machine.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<Mutex<ClockSample>>,
}

impl ManualClock {
    /// A machine that was just started, with this time on its wall clock.
    pub fn new(wall: UnixMs) -> Self {
        let boot = boot_number(1);
        let sample = ClockSample { boot, boottime: UP_AFTER_START, monotonic: UP_AFTER_START, wall };
        Self { now: Arc::new(Mutex::new(sample)) }
    }

    /// Time goes by, awake.
    pub fn advance(&self, length: Millis) {
        let mut now = self.lock();
        now.monotonic += length;
        now.boottime += length;
        now.wall = now.wall + length;
    }

    /// Time goes by, asleep.
    pub fn sleep(&self, length: Millis) {
        let mut now = self.lock();
        now.boottime += length;
        now.wall = now.wall + length;
    }

    /// Somebody moves the wall clock by so many milliseconds: forwards is positive.
    pub fn step(&self, by_ms: i64) {
        let mut now = self.lock();
        now.wall = UnixMs(now.wall.0.saturating_add(by_ms));
    }

    /// The machine is off for `off`, and is started anew.
    pub fn reboot(&self, off: Millis) {
        let mut now = self.lock();
        let starts = u64::from_be_bytes(*now.boot.as_bytes().last_chunk().unwrap_or(&[0; 8]));
        now.boot = boot_number(starts.wrapping_add(1));
        now.boottime = UP_AFTER_START;
        now.monotonic = UP_AFTER_START;
        now.wall = now.wall + off + UP_AFTER_START;
    }

    /// A test that panicked elsewhere leaves whole samples behind.
    fn lock(&self) -> MutexGuard<'_, ClockSample> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn sample(&self) -> ClockSample {
        *self.lock()
    }
}

/// The boot id of the machine's start with this number.
fn boot_number(number: u64) -> BootId {
    BootId::from_bytes(u128::from(number).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use stint_domain::clock::{Elapsed, Interval};

    use super::*;

    fn elapsed(moved: impl Fn(&ManualClock)) -> Elapsed {
        let clock = ManualClock::new(UnixMs(1_736_326_800_000));
        let before = clock.sample();
        moved(&clock);
        clock.sample().since(&before)
    }

    #[test]
    fn each_way_to_move_it_looks_like_the_real_thing() {
        let (hour, none) = (Millis::from_mins(60), Millis::ZERO);
        let awake = Interval { awake: hour, asleep: none, step: None };
        assert_eq!(elapsed(|clock| clock.advance(hour)), Elapsed::SameBoot(awake));
        let asleep = Interval { awake: none, asleep: hour, step: None };
        assert_eq!(elapsed(|clock| clock.sleep(hour)), Elapsed::SameBoot(asleep));
        for by_ms in [60_000, -60_000] {
            let stepped = Interval { awake: none, asleep: none, step: Some(by_ms) };
            assert_eq!(elapsed(|clock| clock.step(by_ms)), Elapsed::SameBoot(stepped));
        }
        assert_eq!(elapsed(|clock| clock.reboot(hour)), Elapsed::Reboot { wall: hour + UP_AFTER_START });
    }

    #[test]
    fn no_start_of_the_machine_is_like_another() {
        let clock = ManualClock::new(UnixMs(0));
        let first = clock.sample();
        clock.reboot(Millis::ZERO);
        let second = clock.sample();
        clock.reboot(Millis::ZERO);
        assert!(first.boot != second.boot && second.boot != clock.sample().boot);
        assert!(first.boot != clock.sample().boot);
        assert_eq!(clock.sample().monotonic, first.monotonic);
    }

    #[test]
    fn every_clone_is_the_same_machine_in_every_thread() {
        let clock = ManualClock::new(UnixMs(0));
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let clock = clock.clone();
                std::thread::spawn(move || (0..100).for_each(|_| clock.advance(Millis(1))))
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(shared.sample().wall, UnixMs(400));
        assert_eq!(shared.sample(), clock.sample());
    }
}
