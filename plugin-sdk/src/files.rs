//! Files under the one folder that the configuration grants this target. A path is relative, its parts divided by
//! `/`. What was answered with success is on the disk.

use crate::imports;
use crate::target::Undelivered;
use crate::types::{Cause, Chunk, Failure};

/// Why a file was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The path leads elsewhere, isn't a plain file, or no folder is granted.
    Refused(String),
    /// No room on the disk, or this call has written its bytes.
    Full(String),
    /// None of these.
    Other(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(message) => Failure::misconfigured(message),
            Error::Full(message) => Failure::new(Cause::Quota, message),
            Error::Other(message) => Failure::new(Cause::Server, message),
        }
    }
}

/// A file that was not written may be written later: nothing here blames the item.
impl From<Error> for Undelivered {
    fn from(error: Error) -> Self {
        Undelivered::Retry(error.into())
    }
}

/// Whether a plain file is there.
pub fn exists(path: &str) -> Result<bool, Error> {
    imports::files_exists(path)
}

/// Appends content behind the first `expected_length` bytes, cutting off what lies behind them, and answers with
/// the new length. Keep that length in [`crate::state`]: it is committed with the outcomes, so whatever an attempt
/// appended that was never settled is cut off by the next one, and nothing is in the file twice.
pub fn append(path: &str, expected_length: u64, content: Vec<Chunk<'_>>) -> Result<u64, Error> {
    imports::files_append(path, expected_length, content)
}

/// Replaces the whole file in one step: a reader sees the old content or the new, never a part.
pub fn write(path: &str, content: Vec<Chunk<'_>>) -> Result<(), Error> {
    imports::files_write(path, content)
}
