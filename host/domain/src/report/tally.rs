//! What a report says of a group.
//!
//! Invariant: the three ways in which work is known make up all of it, so no total is kept beside them.

use std::ops::AddAssign;

use crate::{entry::Basis, time::Millis};

/// How much was worked, how it is known, and for how many entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Measured, with a host that watched.
    pub measured: Millis,
    /// Measured, with nobody watching.
    pub unattended: Millis,
    /// By a person's word.
    pub claimed: Millis,
    /// How much of all this somebody is to be billed for.
    pub billable: Millis,
    /// The entries with work in it. An entry with work in two groups, or in two ranges, counts in both.
    pub entries: u64,
}

impl Tally {
    /// All the work, however it is known.
    pub fn worked(&self) -> Millis {
        self.measured + self.unattended + self.claimed
    }

    /// Work of an entry that is counted elsewhere.
    pub(super) fn of(worked: Millis, basis: Basis, billable: bool) -> Self {
        let mut tally = Self::default();
        match basis {
            Basis::Measured => tally.measured = worked,
            Basis::Unattended => tally.unattended = worked,
            Basis::Claimed => tally.claimed = worked,
        }
        if billable {
            tally.billable = worked;
        }
        tally
    }

    /// This work as that of one entry.
    pub(super) fn of_one_entry(self) -> Self {
        Self { entries: 1, ..self }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.measured += other.measured;
        self.unattended += other.unattended;
        self.claimed += other.claimed;
        self.billable += other.billable;
        self.entries += other.entries;
    }
}
