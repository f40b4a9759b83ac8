//! Why a target's loop ends before it was told to. It is started again.

use stint_store::ReadError;

/// Why a target's loop could not go on.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] stint_store::Error),
    /// The store can't be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The system gives no random bytes.
    #[error("failed to draw random bytes for a pause: {source}")]
    Chance {
        /// What the system said.
        #[from]
        source: getrandom::Error,
    },
    /// A task of the loop was lost.
    #[error("failed to go on delivering: {what} was lost")]
    Lost {
        /// Which.
        what: &'static str,
    },
}
