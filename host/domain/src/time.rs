//! Instants and lengths of time. Wall-clock instants order what people see; lengths of work never come from them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Sub};

/// A wall-clock instant: milliseconds since 1970 in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMs(pub i64);

impl UnixMs {
    /// The length from `earlier` to here; nothing when `earlier` is the later one.
    pub const fn since(self, earlier: Self) -> Millis {
        let gone = self.0.saturating_sub(earlier.0);
        Millis(if gone > 0 { gone.unsigned_abs() } else { 0 })
    }

    /// The milliseconds as an unsigned number; an instant before 1970 gives 0.
    pub const fn clamped_to_positive(self) -> u64 {
        if self.0 > 0 { self.0.unsigned_abs() } else { 0 }
    }
}

impl Add<Millis> for UnixMs {
    type Output = Self;

    fn add(self, length: Millis) -> Self {
        Self(self.0.saturating_add_unsigned(length.0))
    }
}

impl Sub<Millis> for UnixMs {
    type Output = Self;

    fn sub(self, length: Millis) -> Self {
        Self(self.0.saturating_sub_unsigned(length.0))
    }
}

/// A length of time, or a reading of a clock that counts from the machine's start.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// So many whole seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000))
    }

    /// So many whole minutes.
    pub const fn from_mins(mins: u64) -> Self {
        Self::from_secs(mins.saturating_mul(60))
    }

    /// The length from `earlier` to here; nothing when `earlier` is the later one.
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// How far the two lie apart, whichever is the longer.
    pub const fn apart(self, other: Self) -> Self {
        Self(self.0.abs_diff(other.0))
    }
}

impl Add for Millis {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Millis {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Millis {
    fn sum<I: Iterator<Item = Self>>(lengths: I) -> Self {
        lengths.fold(Self::ZERO, Add::add)
    }
}

/// A stretch of the wall clock. It never ends before it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Where it starts.
    pub start: UnixMs,
    /// Where it ends: not before `start`.
    pub end: UnixMs,
}

impl Span {
    /// The stretch from `start` to `end`; an end before the start is moved to it.
    pub fn new(start: UnixMs, end: UnixMs) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The stretch of this `length` from `start` on.
    pub fn starting(start: UnixMs, length: Millis) -> Self {
        Self::new(start, start + length)
    }

    /// Its length on the wall clock.
    pub const fn length(self) -> Millis {
        self.end.since(self.start)
    }

    /// Whether the two share more than a border.
    pub fn overlaps(self, other: Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_read_as_their_units_say() {
        assert_eq!(Millis::from_secs(2), Millis(2_000));
        assert_eq!(Millis::from_mins(15), Millis(900_000));
    }

    #[test]
    fn neighbours_that_share_a_border_do_not_overlap() {
        let first = Span::new(UnixMs(0), UnixMs(10));
        assert!(!first.overlaps(Span::new(UnixMs(10), UnixMs(20))));
        assert!(!Span::new(UnixMs(10), UnixMs(20)).overlaps(first));
        assert!(first.overlaps(Span::new(UnixMs(9), UnixMs(20))));
        assert!(Span::new(UnixMs(9), UnixMs(20)).overlaps(first));
    }

    proptest! {
        #[test]
        fn no_instant_makes_arithmetic_fail(a: i64, b: i64, length: u64) {
            let (a, b) = (UnixMs(a), UnixMs(b));
            let span = Span::new(a, b);
            prop_assert!(span.start <= span.end);
            prop_assert_eq!(a.since(b) > Millis::ZERO, a > b);
            prop_assert!(a + Millis(length) >= a && a - Millis(length) <= a);
            prop_assert_eq!(a.clamped_to_positive(), u64::try_from(a.0).unwrap_or(0));
        }

        #[test]
        fn since_undoes_plus(a in -1_000_000_000_000_i64..4_000_000_000_000, length in 0_u64..1_000_000_000) {
            prop_assert_eq!((UnixMs(a) + Millis(length)).since(UnixMs(a)), Millis(length));
            prop_assert_eq!((UnixMs(a) + Millis(length)) - Millis(length), UnixMs(a));
            prop_assert_eq!(Span::starting(UnixMs(a), Millis(length)).length(), Millis(length));
        }

        #[test]
        fn apart_is_the_same_from_both_sides(a: u64, b: u64) {
            prop_assert_eq!(Millis(a).apart(Millis(b)), Millis(b).apart(Millis(a)));
            prop_assert_eq!(Millis(a).apart(Millis(b)), Millis(a).since(Millis(b)) + Millis(b).since(Millis(a)));
        }
    }
}
