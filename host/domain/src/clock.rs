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
