//! How long to wait before trying again: a curve that doubles, with full jitter, so that many machines that lost
//! the same backend don't come back to it at the same moment.

use crate::time::Millis;

/// The longest step of any curve.
pub const LONGEST: Millis = Millis::from_mins(16);
/// The longest wait that a backend is granted; one that asks for years is asked again after a day.
pub const LONGEST_ASK: Millis = Millis::from_mins(24 * 60);
/// The first step for an item.
pub const ITEM_BASE: Millis = Millis::from_mins(1);
/// The first step for a target.
pub const TARGET_BASE: Millis = Millis::from_secs(1);

/// A draw of chance, handed in: 0 is the shortest wait, `u64::MAX` the longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(pub u64);

impl Jitter {
    /// The share of `whole` that was drawn: at least nothing, at most all.
    fn of(self, whole: Millis) -> Millis {
        let share = (u128::from(whole.0) * (u128::from(self.0) + 1)) >> 64;
        Millis(u64::try_from(share).unwrap_or(whole.0))
    }
}

/// The most that is waited after the `nth` failure, the first being 1: it doubles from `base` up to [`LONGEST`].
pub fn cap(base: Millis, nth: u32) -> Millis {
    let doublings = nth.saturating_sub(1).min(63);
    Millis(base.0.saturating_mul(1 << doublings)).min(LONGEST)
}

/// How long to wait after the `nth` failure: a random share of the curve, and never less than the backend asked.
pub fn delay(base: Millis, nth: u32, jitter: Jitter, retry_after: Option<Millis>) -> Millis {
    jitter.of(cap(base, nth)).max(retry_after.unwrap_or_default().min(LONGEST_ASK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn items_wait_up_to_1_2_4_8_and_16_minutes() {
        let caps = [0, 1, 2, 3, 4, 5, 6, 1_000].map(|nth| cap(ITEM_BASE, nth).0 / 60_000);
        assert_eq!(caps, [1, 1, 2, 4, 8, 16, 16, 16]);
    }

    #[test]
    fn targets_start_with_a_second_and_end_at_the_same_height() {
        let caps = [1, 2, 3, 10, 11, 12].map(|nth| cap(TARGET_BASE, nth).0 / 1_000);
        assert_eq!(caps, [1, 2, 4, 512, 960, 960]);
    }

    #[test]
    fn the_jitter_is_full() {
        assert_eq!(delay(ITEM_BASE, 1, Jitter(0), None), Millis::ZERO);
        assert_eq!(delay(ITEM_BASE, 1, Jitter(u64::MAX), None), Millis(60_000));
        assert_eq!(delay(ITEM_BASE, 1, Jitter(u64::MAX / 2), None), Millis(30_000));
    }

    #[test]
    fn a_backend_that_asks_for_ten_years_gets_a_day() {
        let ten_years = Millis::from_mins(10 * 365 * 24 * 60);
        assert_eq!(delay(ITEM_BASE, 1, Jitter(7), Some(ten_years)), LONGEST_ASK);
        assert_eq!(LONGEST_ASK, Millis(86_400_000));
    }

    proptest! {
        #[test]
        fn a_wait_is_never_shorter_than_asked_nor_longer_than_the_curve(
            nth: u32, draw: u64, asked in 0_u64..2_000_000,
        ) {
            let wait = delay(ITEM_BASE, nth, Jitter(draw), Some(Millis(asked)));
            prop_assert!(wait >= Millis(asked));
            prop_assert!(wait <= cap(ITEM_BASE, nth).max(Millis(asked)));
            prop_assert!(delay(ITEM_BASE, nth, Jitter(draw), None) <= LONGEST);
        }
    }
}
