//! A clock sample, and what the way from one sample to the next says about the machine: did it sleep, reboot,
//! stall, or had its wall clock moved?

use serde::{Deserialize, Serialize};

use crate::{
    id::BootId,
    time::{Millis, UnixMs},
};

/// A suspend shorter than this is noise between two readings.
pub const SLEEP_THRESHOLD: Millis = Millis::from_secs(2);
/// A wall clock may be this far off before it counts as a step…
pub const STEP_THRESHOLD: Millis = Millis::from_secs(2);
/// …and may drift by this share of the time gone by, as a badly disciplined clock does.
pub const DRIFT_PER_MILLION: u64 = 500;
/// This many missed ticks are a stall.
pub const STALL_TICKS: u64 = 3;

/// All clocks of the machine, read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockSample {
    /// The start of the machine that the next two count from.
    pub boot: BootId,
    /// Time since that start, sleep included.
    pub boottime: Millis,
    /// Time since that start, sleep left out: the only measure of work.
    pub monotonic: Millis,
    /// What people call the time. It can be moved at any moment.
    pub wall: UnixMs,
}

/// What lies between two samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elapsed {
    /// The machine was started anew: nothing measured carries over.
    Reboot {
        /// How far the wall clock moved on meanwhile.
        wall: Millis,
    },
    /// The machine stayed up.
    SameBoot(Interval),
}

/// The time between two samples of one boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Time awake.
    pub awake: Millis,
    /// Time asleep: above [`SLEEP_THRESHOLD`], or nothing.
    pub asleep: Millis,
    /// How far the wall clock was moved, in milliseconds, where it was: forwards is positive.
    pub step: Option<i64>,
}

impl Interval {
    /// Whether the ticking process was held up: more than [`STALL_TICKS`] intervals of `tick`, with no sleep and
    /// no step to explain it.
    pub const fn is_stall(&self, tick: Millis) -> bool {
        self.awake.0 > tick.0.saturating_mul(STALL_TICKS) && self.asleep.0 == 0 && self.step.is_none()
    }
}

impl ClockSample {
    /// What lies between `earlier` and this sample.
    pub fn since(&self, earlier: &Self) -> Elapsed {
        if self.boot != earlier.boot {
            return Elapsed::Reboot { wall: self.wall.since(earlier.wall) };
        }
        let awake = self.monotonic.since(earlier.monotonic);
        let up = self.boottime.since(earlier.boottime);
        let suspended = up.since(awake);
        Elapsed::SameBoot(Interval {
            awake,
            asleep: if suspended > SLEEP_THRESHOLD { suspended } else { Millis::ZERO },
            step: wall_step(self.wall.0.saturating_sub(earlier.wall.0), up),
        })
    }
}

/// The difference between what the wall clock gained and the time that went by, where it is too large for drift.
fn wall_step(gained: i64, up: Millis) -> Option<i64> {
    let step = gained.saturating_sub_unsigned(up.0);
    let allowed = STEP_THRESHOLD
        + Millis(up.0 / 1_000_000 * DRIFT_PER_MILLION + up.0 % 1_000_000 * DRIFT_PER_MILLION / 1_000_000);
    (step.unsigned_abs() > allowed.0).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONE: Millis = Millis::ZERO;

    fn sample(boot: u8, boottime: u64, monotonic: u64, wall: i64) -> ClockSample {
        ClockSample {
            boot: BootId::from_bytes([boot; 16]),
            boottime: Millis(boottime),
            monotonic: Millis(monotonic),
            wall: UnixMs(wall),
        }
    }

    /// What lies between two samples when so much time went by awake and asleep, and the wall clock gained so much.
    fn interval(awake: u64, asleep: u64, wall: i64) -> Interval {
        let earlier = sample(1, 700_000, 500_000, 1_736_326_800_000);
        let later = sample(1, 700_000 + awake + asleep, 500_000 + awake, 1_736_326_800_000 + wall);
        let Elapsed::SameBoot(interval) = later.since(&earlier) else { panic!("the boot is the same") };
        interval
    }

    #[test]
    fn more_than_two_seconds_are_sleep() {
        assert_eq!(
            interval(5_000, 2_000, 7_000),
            Interval { awake: Millis(5_000), asleep: NONE, step: None }
        );
        let slept = Interval { awake: Millis(5_000), asleep: Millis(2_001), step: None };
        assert_eq!(interval(5_000, 2_001, 7_001), slept);
    }

    #[test]
    fn more_than_two_seconds_and_the_drift_are_a_step() {
        for (up, allowed) in [
            (0, 2_000),
            (1_999, 2_000),
            (2_000, 2_001),
            (999_999, 2_499),
            (1_000_000, 2_500),
            (3_600_000, 3_800),
            (7_000_000_001, 3_502_000),
        ] {
            let gained = i64::try_from(up).unwrap();
            for way in [1, -1] {
                assert_eq!(interval(up, 0, gained + way * allowed).step, None, "{up}");
                let step = way * (allowed + 1);
                assert_eq!(interval(up, 0, gained + step).step, Some(step), "{up}");
            }
        }
    }

    #[test]
    fn sleep_is_no_step_and_a_step_no_sleep() {
        assert_eq!(interval(1_000, 3_600_000, 3_601_000).step, None);
        assert_eq!(interval(1_000, 0, 3_601_000).asleep, NONE);
        let both = interval(1_000, 60_000, -3_600_000);
        assert_eq!((both.asleep, both.step), (Millis(60_000), Some(-3_661_000)));
    }

    #[test]
    fn more_than_three_ticks_are_a_stall() {
        let tick = Millis(5_000);
        assert!(!interval(15_000, 0, 15_000).is_stall(tick));
        assert!(interval(15_001, 0, 15_001).is_stall(tick));
        assert!(!interval(15_001, 60_000, 75_001).is_stall(tick), "sleep explains it");
        assert!(!interval(15_001, 0, 3_600_000).is_stall(tick), "a step explains it");
    }

    #[test]
    fn another_boot_id_is_a_reboot_whatever_the_clocks_say() {
        let earlier = sample(1, 700_000, 500_000, 10_000);
        let later = sample(2, 700_001, 500_001, 25_000);
        assert_eq!(later.since(&earlier), Elapsed::Reboot { wall: Millis(15_000) });
        let set_back = sample(2, 700_001, 500_001, 5_000);
        assert_eq!(set_back.since(&earlier), Elapsed::Reboot { wall: NONE });
    }

    proptest! {
        #[test]
        fn no_sample_makes_arithmetic_fail(a: (u64, u64, i64), b: (u64, u64, i64)) {
            let (a, b) = (sample(1, a.0, a.1, a.2), sample(1, b.0, b.1, b.2));
            let Elapsed::SameBoot(interval) = b.since(&a) else { panic!("the boot is the same") };
            prop_assert_eq!(interval.awake, b.monotonic.since(a.monotonic));
            prop_assert!(interval.asleep == NONE || interval.asleep > SLEEP_THRESHOLD);
            prop_assert!(interval.step.is_none_or(|step| step.unsigned_abs() > STEP_THRESHOLD.0));
        }
    }
}
