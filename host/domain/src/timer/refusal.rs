//! Why a command is refused. A refusal that is about a time names the nearest one that would have been accepted, and
//! which of the stated times it stands for; it names none that would be refused too.

use super::claim::{LONGEST_CLAIM_DAYS, OLDEST_DAY};
use crate::{
    id::{EntryId, GapId},
    time::UnixMs,
};

/// Which of the times that a person states is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// The only one: when it is meant to have happened.
    Time,
    /// The start of a stretch.
    Start,
    /// The end of a stretch.
    End,
}

/// A time that would have been accepted in place of the one that was stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// The time.
    pub at: UnixMs,
    /// What it is to take the place of.
    pub border: Border,
}

impl Nearest {
    pub(crate) const fn time(at: UnixMs) -> Self {
        Self { at, border: Border::Time }
    }

    pub(crate) const fn start(at: UnixMs) -> Self {
        Self { at, border: Border::Start }
    }

    pub(crate) const fn end(at: UnixMs) -> Self {
        Self { at, border: Border::End }
    }
}

/// A command that can't be carried out. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The stated time has not come yet.
    #[error("failed to use a time that has not come yet: the latest valid time is now")]
    InFuture {
        /// The nearest valid time, if there is one.
        nearest: Option<Nearest>,
    },
    /// The stated time lies before anything that is tracked.
    #[error("failed to use a time that lies that far back: nothing is claimed from before {}", OLDEST_DAY)]
    TooLongAgo {
        /// The nearest valid time, if there is one.
        nearest: Option<Nearest>,
    },
    /// The stretch is longer than anybody works.
    #[error(
        "failed to claim more than {} days at once: add the parts that were work one by one",
        LONGEST_CLAIM_DAYS
    )]
    TooLong {
        /// The nearest valid time, if there is one.
        nearest: Option<Nearest>,
    },
    /// The stated time lies before the entry, or before its last work.
    #[error("failed to go back that far: the time lies before the start or the last work of entry {entry}")]
    TooEarly {
        /// The entry.
        entry: EntryId,
        /// The nearest valid time, if there is one.
        nearest: Option<Nearest>,
    },
    /// The stated time would count time twice.
    #[error("failed to count the same time twice: entry {entry} already has it")]
    Overlaps {
        /// The entry that has it.
        entry: EntryId,
        /// The nearest valid time, if there is one.
        nearest: Option<Nearest>,
    },
    /// An end that is not after its start.
    #[error("failed to use an end that is not after its start")]
    EndBeforeStart {
        /// A valid time close by, if there is one.
        nearest: Option<Nearest>,
    },
    /// An end for an entry that still runs.
    #[error("failed to set an end: entry {entry} is still current; `stint stop --at TIME` ends it")]
    StillCurrent {
        /// The entry.
        entry: EntryId,
    },
    /// There is no entry to take the details from.
    #[error("failed to continue: there is no earlier entry; `stint start` begins one")]
    NothingToContinue,
    /// There is no change to take back.
    #[error("failed to undo: there is no change to take back")]
    NothingToUndo,
    /// No gap of the entry has this id.
    #[error("failed to find gap {gap}: `stint gap list` shows them all")]
    UnknownGap {
        /// The id.
        gap: GapId,
    },
}

/// More refusals than this never follow one another: too early, too long ago, too long, then taken, then done.
const HOPS: usize = 5;

impl Refusal {
    /// The nearest time that would have been accepted, where the refusal is about a time and one would have been.
    pub const fn nearest(&self) -> Option<Nearest> {
        match self {
            Self::InFuture { nearest }
            | Self::TooLongAgo { nearest }
            | Self::TooLong { nearest }
            | Self::TooEarly { nearest, .. }
            | Self::Overlaps { nearest, .. }
            | Self::EndBeforeStart { nearest } => *nearest,
            Self::StillCurrent { .. }
            | Self::NothingToContinue
            | Self::NothingToUndo
            | Self::UnknownGap { .. } => None,
        }
    }

    /// The same refusal, with a nearest time that nothing else stands against: `attempt` says what a time leads to.
    /// The other times stay as they were stated; where none in this one's place is valid, none is named. Where no
    /// time helps at all, it is the refusal that says so.
    pub(crate) fn settled<T>(mut self, attempt: impl Fn(Nearest) -> Result<T, Self>) -> Self {
        for _ in 0..HOPS {
            let Some(nearest) = self.nearest() else { return self };
            let Err(mut next) = attempt(nearest) else { return self };
            if next.nearest_mut().is_none() {
                return next;
            }
            let further =
                next.nearest().filter(|next| next.border == nearest.border && next.at != nearest.at);
            self.name(further);
        }
        self.name(None);
        self
    }

    /// The same refusal of a command that states one time only.
    pub(crate) fn of_one_time(mut self) -> Self {
        self.name(self.nearest().map(|nearest| Nearest { border: Border::Time, ..nearest }));
        self
    }

    /// The same refusal of a command that states no time.
    pub(crate) fn without_a_time(mut self) -> Self {
        self.name(None);
        self
    }

    const fn name(&mut self, nearest: Option<Nearest>) {
        if let Some(place) = self.nearest_mut() {
            *place = nearest;
        }
    }

    /// Where the nearest time is named, in a refusal that is about a time.
    const fn nearest_mut(&mut self) -> Option<&mut Option<Nearest>> {
        match self {
            Self::InFuture { nearest }
            | Self::TooLongAgo { nearest }
            | Self::TooLong { nearest }
            | Self::TooEarly { nearest, .. }
            | Self::Overlaps { nearest, .. }
            | Self::EndBeforeStart { nearest } => Some(nearest),
            Self::StillCurrent { .. }
            | Self::NothingToContinue
            | Self::NothingToUndo
            | Self::UnknownGap { .. } => None,
        }
    }
}
