//! A target's breaker: after a failure that is the target's own, it rests, longer each time, and is then tried
//! with one small batch before the others follow.

use serde::{Deserialize, Serialize};

use super::{
    backoff::{Jitter, TARGET_BASE, delay},
    due,
};
use crate::time::{Millis, UnixMs};

/// A breaker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// How often in a row the target has failed.
    pub streak: u32,
    /// Until when it rests.
    pub open_until: Option<UnixMs>,
}

/// What a breaker lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Everything.
    Open,
    /// One small batch, to see whether the target is back.
    Probe,
    /// Nothing until then.
    Shut(UnixMs),
}

impl Breaker {
    /// What passes now.
    pub fn gate(&self, now: UnixMs) -> Gate {
        match self.open_until {
            None => Gate::Open,
            Some(until) if due::has_come(until, now) => Gate::Probe,
            Some(until) => Gate::Shut(due::believed(until, now)),
        }
    }

    /// The breaker after the target failed once more.
    pub fn failed(self, now: UnixMs, jitter: Jitter, retry_after: Option<Millis>) -> Self {
        let streak = self.streak.saturating_add(1);
        Self { streak, open_until: Some(now + delay(TARGET_BASE, streak, jitter, retry_after)) }
    }

    /// The breaker after something passed.
    pub fn passed(self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST_DRAW: Jitter = Jitter(u64::MAX);

    #[test]
    fn it_rests_longer_each_time_and_closes_on_success() {
        let now = UnixMs(1_000_000);
        let once = Breaker::default().failed(now, LONGEST_DRAW, None);
        assert_eq!(once, Breaker { streak: 1, open_until: Some(UnixMs(1_001_000)) });
        let twice = once.failed(now, LONGEST_DRAW, None);
        assert_eq!(twice, Breaker { streak: 2, open_until: Some(UnixMs(1_002_000)) });
        assert_eq!(twice.passed(), Breaker::default());
    }

    #[test]
    fn it_rests_at_least_as_long_as_the_backend_asks() {
        let breaker = Breaker::default().failed(UnixMs(0), Jitter(0), Some(Millis(7_000)));
        assert_eq!(breaker.open_until, Some(UnixMs(7_000)));
    }

    #[test]
    fn after_its_rest_one_small_batch_goes_first() {
        let breaker = Breaker { streak: 1, open_until: Some(UnixMs(10)) };
        assert_eq!(Breaker::default().gate(UnixMs(0)), Gate::Open);
        assert_eq!(breaker.gate(UnixMs(9)), Gate::Shut(UnixMs(10)));
        assert_eq!(breaker.gate(UnixMs(10)), Gate::Probe);
    }

    #[test]
    fn a_wall_clock_set_back_by_a_century_does_not_shut_it_for_one() {
        let breaker = Breaker { streak: 1, open_until: Some(UnixMs(4_102_444_800_000)) };
        assert_eq!(breaker.gate(UnixMs(0)), Gate::Shut(UnixMs(0) + due::LONGEST_WAIT));
    }
}
