//! What a person may claim: how far back, and how much at once.
//!
//! A typing error must not become work. `--at 99999999999h` is no start, and every report over such a stretch would
//! have to count all the days in it.

use crate::time::{Millis, Span, UnixMs};

/// Nothing is claimed from before the first of January 2000 in UTC: no backend of today books the last century, and a
/// clock that shows it has lost its battery.
pub const OLDEST: UnixMs = UnixMs(946_684_800_000);
pub(crate) const OLDEST_DAY: &str = "2000-01-01";

/// The longest stretch that counts by a person's word: a month. It has room for whoever forgot the timer over a
/// holiday and wants to see it before it is cut, and none for a slip in the year.
pub const LONGEST_CLAIM: Millis = Millis::from_mins(LONGEST_CLAIM_DAYS * 24 * 60);
pub(crate) const LONGEST_CLAIM_DAYS: u64 = 31;

/// The earliest instant that may be stated now. A machine whose clock has lost its battery can claim what it tracked
/// all the same.
pub fn oldest(now: UnixMs) -> UnixMs {
    OLDEST.min(now - LONGEST_CLAIM)
}

/// Whether a stretch is longer than a person's word is good for.
pub fn is_too_long(span: Span) -> bool {
    span.length() > LONGEST_CLAIM
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_what_their_words_say() {
        assert_eq!(OLDEST.0, 10_957 * 86_400_000, "30 years of 365 days and 7 leap days");
        assert_eq!(LONGEST_CLAIM, Millis(31 * 86_400_000));
    }

    #[test]
    fn a_lost_clock_may_claim_a_month_back() {
        assert_eq!(oldest(UnixMs(1_772_443_800_000)), OLDEST);
        assert_eq!(oldest(UnixMs(0)), UnixMs(0) - LONGEST_CLAIM);
    }

    #[test]
    fn a_month_is_not_too_long() {
        let month = Span::starting(OLDEST, LONGEST_CLAIM);
        assert!(!is_too_long(month) && is_too_long(Span::new(month.start, month.end + Millis(1))));
    }
}
