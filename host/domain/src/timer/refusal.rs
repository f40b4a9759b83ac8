//! Why a command is refused. Each refusal names the nearest thing that would have been accepted.

use crate::{
    id::{EntryId, GapId},
    time::UnixMs,
};

/// A command that can't be carried out. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The stated time has not come yet.
    #[error("failed to use a time that has not come yet: the latest valid time is now")]
    InFuture {
        /// The nearest valid time.
        nearest: UnixMs,
    },
    /// The stated time lies before the entry, or before its last work.
    #[error("failed to go back that far: the time lies before the start or the last work of entry {entry}")]
    TooEarly {
        /// The entry.
        entry: EntryId,
        /// The nearest valid time.
        nearest: UnixMs,
    },
    /// The stated time would count time twice.
    #[error("failed to count the same time twice: entry {entry} already has it")]
    Overlaps {
        /// The entry that has it.
        entry: EntryId,
        /// The nearest valid time.
        nearest: UnixMs,
    },
    /// An end that is not after its start.
    #[error("failed to use an end that is not after its start")]
    EndBeforeStart {
        /// A valid time close by, in place of the one that was stated.
        nearest: UnixMs,
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

/// More refusals than this never follow one another: too early, then taken, then done.
const HOPS: usize = 3;

impl Refusal {
    /// The nearest time that would have been accepted, where the refusal is about a time.
    pub const fn nearest(&self) -> Option<UnixMs> {
        match self {
            Self::InFuture { nearest }
            | Self::TooEarly { nearest, .. }
            | Self::Overlaps { nearest, .. }
            | Self::EndBeforeStart { nearest } => Some(*nearest),
            Self::StillCurrent { .. }
            | Self::NothingToContinue
            | Self::NothingToUndo
            | Self::UnknownGap { .. } => None,
        }
    }

    /// The same refusal, with a nearest time that nothing else stands against: `attempt` says what a time leads to.
    /// Where no time helps, it is the refusal that says so.
    pub(crate) fn settled<T>(mut self, attempt: impl Fn(UnixMs) -> Result<T, Self>) -> Self {
        for _ in 0..HOPS {
            let Some(nearest) = self.nearest_mut() else { break };
            let Err(next) = attempt(*nearest) else { break };
            let Some(next_nearest) = next.nearest() else { return next };
            *nearest = next_nearest;
        }
        self
    }

    const fn nearest_mut(&mut self) -> Option<&mut UnixMs> {
        match self {
            Self::InFuture { nearest }
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
