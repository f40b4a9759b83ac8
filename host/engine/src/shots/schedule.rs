//! When the next screenshot is due. Time is the machine's awake time, so a night asleep makes no difference.

use std::time::Duration;

use stint_domain::time::Millis;

/// Between two looks at whether screenshots are wanted now. tokio's timers stand still while the machine sleeps, so no
/// wait is longer.
const LOOK: Millis = Millis::from_secs(5);
/// However large the jitter, two shots are so far apart.
const APART: Millis = Millis::from_secs(1);

/// How often shots are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) interval: Millis,
    pub(super) jitter: Millis,
}

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Shoot,
    Wait(Duration),
}

/// When the next one is due.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Schedule {
    due: Option<(Millis, Pace)>,
}

impl Schedule {
    /// Looks at the clock. When shots become wanted, the first one is due at a random moment within one interval: work
    /// in short stretches is seen as often as work in long ones. `chance` is a fresh random number.
    pub(super) fn step(&mut self, now: Millis, wanted: bool, pace: Pace, chance: u64) -> Step {
        if !wanted {
            self.due = None;
            return Step::Wait(Duration::from_millis(LOOK.0));
        }
        let due = match self.due {
            Some((due, old)) if old == pace => due,
            _ => Millis(now.0.saturating_add(pick(chance, pace.interval.0))),
        };
        if now < due {
            self.due = Some((due, pace));
            return Step::Wait(Duration::from_millis((due.0 - now.0).min(LOOK.0)));
        }
        let earliest = pace.interval.0.saturating_sub(pace.jitter.0);
        let wait = earliest.saturating_add(pick(chance, pace.jitter.0.saturating_mul(2))).max(APART.0);
        self.due = Some((Millis(now.0.saturating_add(wait)), pace));
        Step::Shoot
    }
}

/// A number from 0 to `most`.
fn pick(chance: u64, most: u64) -> u64 {
    most.checked_add(1).map_or(chance, |count| chance % count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { interval: Millis::from_mins(10), jitter: Millis::from_mins(3) };

    /// Runs for so many seconds; when shots are taken, in seconds.
    fn run(seconds: u64, pace: Pace, wanted: impl Fn(u64) -> bool, chance: impl Fn(u64) -> u64) -> Vec<u64> {
        let mut schedule = Schedule::default();
        let step = |second: &u64| {
            let step = schedule.step(Millis::from_secs(*second), wanted(*second), pace, chance(*second));
            step == Step::Shoot
        };
        (0..seconds).filter(step).collect()
    }

    #[test]
    fn shots_are_an_interval_apart_give_or_take_the_jitter() {
        let random = |second: u64| second.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7;
        let shots = run(100_000, PACE, |_| true, random);
        let apart: Vec<u64> = shots.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(apart.iter().all(|apart| (7 * 60..=13 * 60 + 1).contains(apart)), "{apart:?}");
        let (least, most) = (apart.iter().min().unwrap(), apart.iter().max().unwrap());
        assert!(most - least > 4 * 60, "the moments are spread: {apart:?}");
        assert!((140..190).contains(&apart.len()), "{}", apart.len());
    }

    #[test]
    fn none_is_taken_while_none_is_wanted_and_none_right_after() {
        let shots = run(10_000, PACE, |second| !(1_000..5_000).contains(&second), |_| 300_000);
        assert!(shots.iter().all(|shot| !(1_000..5_000).contains(shot)), "{shots:?}");
        assert!(shots.contains(&5_300), "a random moment of the first interval: {shots:?}");
    }

    #[test]
    fn a_new_pace_counts_at_once_and_an_odd_one_harms_nobody() {
        let mut schedule = Schedule::default();
        schedule.step(Millis(0), true, PACE, 599_999);
        let quick = Pace { interval: Millis(1_000), jitter: Millis(0) };
        assert_eq!(schedule.step(Millis(10), true, quick, 5), Step::Wait(Duration::from_millis(5)));
        let wild = Pace { interval: Millis(1), jitter: Millis(u64::MAX) };
        let shots = run(10, wild, |_| true, |_| 0);
        assert_eq!(shots, (0..10).collect::<Vec<_>>(), "a second apart at least");
    }

    #[test]
    fn nobody_waits_longer_than_a_sleeping_machine_allows() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.step(Millis(0), false, PACE, 1), Step::Wait(Duration::from_secs(5)));
        assert_eq!(schedule.step(Millis(0), true, PACE, 400_000), Step::Wait(Duration::from_secs(5)));
    }
}
