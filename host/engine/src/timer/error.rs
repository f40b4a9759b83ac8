//! Why the timer could not do what it was asked. Nothing has changed then.

use stint_domain::{
    id::{EntryId, GapId},
    timer::Refusal,
};
use stint_store::WriteError;

/// A failure of the timer's service.
#[derive(Debug, thiserror::Error)]
pub enum TimerError {
    /// The rules don't allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such entry.
    #[error("failed to find entry {entry}: `stint log` shows what is there")]
    NoEntry {
        /// The id.
        entry: EntryId,
    },
    /// There is no such gap.
    #[error("failed to find gap {gap}: `stint gap list` shows what is there")]
    NoGap {
        /// The id.
        gap: GapId,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] stint_store::Error),
    /// It could not be made durable.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The system gives no random bytes.
    #[error("failed to draw random bytes for a new id: {source}")]
    Chance {
        /// What the system said.
        #[from]
        source: getrandom::Error,
    },
}
