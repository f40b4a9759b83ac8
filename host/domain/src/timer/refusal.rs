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
    #[error("failed to go back that far: entry {entry} has work of its own until then")]
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
        /// The nearest valid time: the start.
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
}
