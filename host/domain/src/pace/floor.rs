//! A floor: a backend asked to be left alone for a while, and no request goes out before that is over. It is kept
//! on the machine's own clock, so moving the wall clock shortens nothing; after a reboot the whole wait starts again.

use serde::{Deserialize, Serialize};

use super::backoff::LONGEST_ASK;
use crate::{clock::ClockSample, id::BootId, time::Millis};

/// A floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Floor {
    /// The boot whose clock it is kept on.
    pub boot: BootId,
    /// It ends when that boot's clock, sleep included, reads this.
    #[serde(rename = "until_ms")]
    pub until: Millis,
    /// The whole wait that was asked for.
    #[serde(rename = "wait_ms")]
    pub wait: Millis,
}

impl Floor {
    /// A floor that starts now.
    pub fn new(now: &ClockSample, wait: Millis) -> Self {
        let wait = wait.min(LONGEST_ASK);
        Self { boot: now.boot, until: now.boottime + wait, wait }
    }

    /// The same floor as it stands now: started again, where the machine was.
    pub fn carried_over(self, now: &ClockSample) -> Self {
        if self.boot == now.boot { self } else { Self::new(now, self.wait) }
    }

    /// How long it lasts yet. Only a floor that was carried over into this boot may be asked.
    pub fn remaining(&self, now: &ClockSample) -> Millis {
        if self.boot == now.boot { self.until.since(now.boottime) } else { self.wait }
    }

    /// The higher of the two: asked twice, the longer wait holds.
    pub fn max(self, other: Self) -> Self {
        if self.boot == other.boot && self.until > other.until { self } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::UnixMs;

    fn sample(boot: u8, boottime: u64, wall: i64) -> ClockSample {
        let boot = BootId::from_bytes([boot; 16]);
        ClockSample { boot, boottime: Millis(boottime), monotonic: Millis(boottime), wall: UnixMs(wall) }
    }

    #[test]
    fn moving_the_wall_clock_shortens_nothing() {
        let floor = Floor::new(&sample(1, 1_000, 0), Millis(500));
        assert_eq!(floor.remaining(&sample(1, 1_200, 9_999_999)), Millis(300));
        assert_eq!(floor.remaining(&sample(1, 1_500, -5)), Millis::ZERO);
        assert_eq!(floor.remaining(&sample(1, 9_999, 0)), Millis::ZERO);
    }

    #[test]
    fn after_a_reboot_the_whole_wait_starts_again() {
        let floor = Floor::new(&sample(1, 1_000, 0), Millis(500));
        let rebooted = sample(2, 10, 0);
        assert_eq!(floor.remaining(&rebooted), Millis(500));
        let carried = floor.carried_over(&rebooted);
        assert_eq!(carried, Floor { boot: rebooted.boot, until: Millis(510), wait: Millis(500) });
        assert_eq!(carried.carried_over(&sample(2, 100, 0)), carried);
    }

    #[test]
    fn the_longer_of_two_waits_holds_and_no_wait_exceeds_a_day() {
        let now = sample(1, 1_000, 0);
        let (short, long) = (Floor::new(&now, Millis(5)), Floor::new(&now, Millis(50)));
        assert_eq!(short.max(long), long);
        assert_eq!(long.max(short), long);
        // Of two that end at once the newer one counts: a reboot starts again what the target said last.
        let later = Floor::new(&sample(1, 1_030, 0), Millis(20));
        assert_eq!(long.max(later), later);
        let newer_boot = Floor::new(&sample(2, 0, 0), Millis(1));
        assert_eq!(long.max(newer_boot), newer_boot);
        assert_eq!(Floor::new(&now, Millis(u64::MAX)).wait, LONGEST_ASK);
    }
}
