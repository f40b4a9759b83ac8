//! How fast a target is worked on: how many items a claim takes, when it rests, how long it is left alone.

use stint_domain::{
    clock::ClockSample,
    failure::Cause,
    pace::{Floor, Jitter},
    time::Millis,
};
use stint_store::target::Pace;

/// How long a backend is left alone that says it has had enough and not for how long.
const FLOOR: Millis = Millis::from_mins(1);
/// The same for an account that has used up what it may.
const QUOTA: Millis = Millis::from_mins(15);

/// The pace of one target during a pass.
#[derive(Clone, Debug)]
pub(super) struct Pacing {
    pace: Pace,
    saved: Pace,
    steps: Vec<u32>,
    clean: u32,
    /// Several calls that fail together are one failure of their target.
    has_failed: bool,
}

impl Pacing {
    /// The pace as it is stored, with the steps that the configuration names.
    pub(super) fn new(pace: Pace, steps: &[u32]) -> Self {
        let first = steps.first().copied().unwrap_or(1);
        let mut steps = steps.to_vec();
        if steps.is_empty() {
            steps.push(first);
        }
        Self { pace, saved: pace, steps, clean: 0, has_failed: false }
    }

    /// How many items a claim takes.
    pub(super) fn batch(&self) -> usize {
        let most = self.steps.last().copied().unwrap_or(1);
        usize::try_from(self.pace.batch.clamp(1, most)).unwrap_or(1)
    }

    /// An item passed. After as many as a claim takes, the next takes more.
    pub(super) fn passed(&mut self) {
        self.pace.breaker = self.pace.breaker.passed();
        self.has_failed = false;
        self.clean += 1;
        if self.clean >= self.pace.batch {
            self.clean = 0;
            let next = self.steps.iter().copied().find(|step| *step > self.pace.batch);
            self.pace.batch = next.unwrap_or(self.pace.batch);
        }
    }

    /// The target itself failed: it rests, longer each time.
    pub(super) fn failed(&mut self, now: &ClockSample, jitter: Jitter, retry_after: Option<Millis>) {
        if !std::mem::replace(&mut self.has_failed, true) {
            self.pace.breaker = self.pace.breaker.failed(now.wall, jitter, retry_after);
            self.halve();
        }
    }

    /// The target asks to be left alone.
    pub(super) fn floored(&mut self, now: &ClockSample, cause: Cause, retry_after: Option<Millis>) {
        let unsaid = if cause == Cause::Quota { QUOTA } else { FLOOR };
        let floor = Floor::new(now, retry_after.filter(|wait| *wait > Millis::ZERO).unwrap_or(unsaid));
        self.pace.floor = Some(match self.pace.floor {
            Some(before) => before.carried_over(now).max(floor),
            None => floor,
        });
        self.halve();
    }

    fn halve(&mut self) {
        self.clean = 0;
        let least = self.steps.first().copied().unwrap_or(1);
        self.pace.batch = (self.pace.batch / 2).max(least);
    }

    /// The pace, if it is another one than was stored.
    pub(super) fn changed(&mut self) -> Option<Pace> {
        let changed = self.pace != self.saved;
        self.saved = self.pace;
        changed.then_some(self.pace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stint_domain::{id::BootId, pace::Breaker, time::UnixMs};

    fn sample(at: u64) -> ClockSample {
        let boot = BootId::from_bytes([1; 16]);
        let wall = UnixMs(i64::try_from(at).unwrap());
        ClockSample { boot, boottime: Millis(at), monotonic: Millis(at), wall }
    }

    fn pacing(batch: u32) -> Pacing {
        let pace = Pace { breaker: Breaker::default(), floor: None, batch };
        Pacing::new(pace, &[10, 50, 100])
    }

    #[test]
    fn a_claim_takes_more_after_as_many_clean_items_and_half_after_a_failure() {
        let mut pacing = pacing(10);
        let batches: Vec<usize> = (0..170)
            .map(|_| {
                pacing.passed();
                pacing.batch()
            })
            .collect();
        assert_eq!((batches[8], batches[9], batches[58], batches[59]), (10, 50, 50, 100));
        assert_eq!(batches[169], 100);
        pacing.failed(&sample(0), Jitter(u64::MAX), None);
        assert_eq!(pacing.batch(), 50);
        pacing.failed(&sample(0), Jitter(u64::MAX), None);
        assert_eq!(pacing.batch(), 50, "several failures at once are one");
        pacing.passed();
        pacing.failed(&sample(0), Jitter(u64::MAX), None);
        pacing.floored(&sample(0), Cause::RateLimited, None);
        assert_eq!(pacing.batch(), 12);
        pacing.floored(&sample(0), Cause::RateLimited, None);
        assert_eq!(pacing.batch(), 10, "never less than the first step");
    }

    #[test]
    fn a_floor_is_as_long_as_was_asked_or_as_is_usual_for_its_cause() {
        let lengths = [
            (Cause::RateLimited, Some(Millis(7_000))),
            (Cause::RateLimited, None),
            (Cause::Quota, None),
            (Cause::RateLimited, Some(Millis::ZERO)),
        ]
        .map(|(cause, asked)| {
            let mut pacing = pacing(10);
            pacing.floored(&sample(5), cause, asked);
            pacing.changed().unwrap().floor.unwrap().wait.0
        });
        assert_eq!(lengths, [7_000, 60_000, 900_000, 60_000]);
        let mut pacing = pacing(10);
        pacing.floored(&sample(0), Cause::RateLimited, Some(Millis(9_000)));
        pacing.floored(&sample(1), Cause::RateLimited, Some(Millis(1_000)));
        assert_eq!(pacing.changed().unwrap().floor.unwrap().wait, Millis(9_000), "the longer one holds");
    }

    #[test]
    fn what_is_stored_is_told_once() {
        let mut pacing = pacing(10);
        assert_eq!(pacing.changed(), None);
        pacing.failed(&sample(0), Jitter(u64::MAX), Some(Millis(5_000)));
        let stored = pacing.changed().unwrap();
        assert_eq!(stored.breaker, Breaker { streak: 1, open_until: Some(UnixMs(5_000)) });
        assert_eq!(pacing.changed(), None);
        pacing.passed();
        assert_eq!(pacing.changed().unwrap().breaker, Breaker::default());
    }

    #[test]
    fn a_configuration_with_smaller_steps_counts_at_once() {
        let pace = Pace { breaker: Breaker::default(), floor: None, batch: 100 };
        assert_eq!(Pacing::new(pace, &[1, 5]).batch(), 5);
        assert_eq!(Pacing::new(pace, &[]).batch(), 1);
    }
}
