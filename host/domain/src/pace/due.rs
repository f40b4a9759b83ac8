//! Due times are kept as wall-clock instants, and the wall clock may be moved at any moment. So a due time is
//! believed only as far ahead as any wait can be; one beyond that was written under another clock.

use super::backoff::{LONGEST, LONGEST_ASK};
use crate::time::{Millis, UnixMs};

/// No wait is longer than this.
pub const LONGEST_WAIT: Millis = Millis(LONGEST.0 + LONGEST_ASK.0);

/// When something that was due at `due` may be done, as seen from `now`.
pub fn believed(due: UnixMs, now: UnixMs) -> UnixMs {
    due.min(now + LONGEST_WAIT)
}

/// Whether it may be done now.
pub fn has_come(due: UnixMs, now: UnixMs) -> bool {
    believed(due, now) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_time_from_another_century_is_a_day_away_at_most() {
        let (now, year_2100) = (UnixMs(0), UnixMs(4_102_444_800_000));
        assert_eq!(believed(year_2100, now), UnixMs(87_360_000));
        assert_eq!(believed(UnixMs(5), now), UnixMs(5));
        assert_eq!(believed(now + LONGEST_WAIT, now), now + LONGEST_WAIT);
    }

    #[test]
    fn what_is_due_now_has_come() {
        assert!(has_come(UnixMs(5), UnixMs(5)));
        assert!(has_come(UnixMs(4), UnixMs(5)));
        assert!(!has_come(UnixMs(6), UnixMs(5)));
    }
}
