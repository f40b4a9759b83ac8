//! Why no screenshot was taken or kept.

use stint_capture::SourceError;
use stint_store::{BlobError, Error, WriteError};

/// Why no screenshot was taken or kept.
#[derive(Debug, thiserror::Error)]
pub enum ShotError {
    /// They are switched off.
    #[error("failed to take a screenshot: they are switched off")]
    Off,
    /// A person paused them.
    #[error("failed to take a screenshot: they are paused")]
    Paused,
    /// There is nothing to look at.
    #[error("failed to {0}")]
    Source(#[from] SourceError),
    /// The picture can't be kept.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] Error),
    /// It could not be made durable.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The system gives no random bytes.
    #[error("failed to draw random bytes for a screenshot: {source}")]
    Chance {
        /// What the system said.
        #[from]
        source: getrandom::Error,
    },
    /// There is no such screenshot.
    #[error("failed to find screenshot {name:?}: `stint capture list` shows what is there")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// The host is about to end.
    #[error("failed to take a screenshot: the host is stopping")]
    Stopping,
}
