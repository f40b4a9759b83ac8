//! Why the timer could not do what it was asked. Nothing has changed then.

use stint_domain::{
    bounds::TooMuch,
    id::{CommandId, EntryId, GapId},
    timer::Refusal,
};
use stint_store::WriteError;

/// A failure of the timer's service.
#[derive(Debug, thiserror::Error)]
pub enum TimerError {
    /// The rules don't allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// More is said about an entry than can be.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
    /// The command's id was another one's.
    #[error(
        "failed to carry out `{given}`: the command id {id} was given to {} before; a new command needs an id of its own",
        before(first, given)
    )]
    IdReused {
        /// The id.
        id: CommandId,
        /// What it was given to first.
        first: String,
        /// What it was given to now.
        given: String,
    },
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

fn before(first: &str, given: &str) -> String {
    if first == given { format!("another `{first}`") } else { format!("`{first}`") }
}
