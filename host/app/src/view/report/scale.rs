//! The scale of a picture: round steps that a person can count.

const HOUR_MS: u64 = 3_600_000;
/// Steps in minutes; beyond them, doubled days of work.
const STEPS_MIN: [u64; 8] = [1, 5, 15, 30, 60, 120, 240, 480];
const MARKS_MAX: u64 = 5;

/// The step from mark to mark so that at most five reach the longest.
pub(super) fn step_ms(longest_ms: u64) -> u64 {
    let enough = |step: &u64| longest_ms.div_ceil(*step) <= MARKS_MAX;
    let small = STEPS_MIN.into_iter().map(|minutes| minutes * 60_000).find(enough);
    small.unwrap_or_else(|| {
        let mut step = 8 * HOUR_MS;
        while !enough(&step) {
            step = step.saturating_mul(2);
        }
        step
    })
}

/// A mark's name.
pub(super) fn name(ms: u64) -> String {
    if ms.is_multiple_of(HOUR_MS) { format!("{} h", ms / HOUR_MS) } else { format!("{} min", ms / 60_000) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        let steps = [0, 1, 600_000, 3 * HOUR_MS, 9 * HOUR_MS, 41 * HOUR_MS, 500 * HOUR_MS]
            .map(|ms| name(step_ms(ms)));
        assert_eq!(steps, ["1 min", "1 min", "5 min", "1 h", "2 h", "16 h", "128 h"]);
        assert!(step_ms(u64::MAX) > u64::MAX / 6);
        assert_eq!(name(90 * 60_000), "90 min");
    }
}
