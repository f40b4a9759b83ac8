//! Why a value couldn't be changed.

use std::{io, path::PathBuf};

use crate::{diagnose::Diagnostics, layers::FlagError};

/// Why a value couldn't be changed. The files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no file, and no folder where one could be.
    #[error("failed to find a configuration file to change: name one with --config")]
    NoFile,
    /// What was to be changed is no key.
    #[error(transparent)]
    Key(#[from] FlagError),
    /// The key isn't written in the file.
    #[error("failed to take `{key}` out: it isn't written in {}", path.display())]
    NotThere {
        /// The key.
        key: String,
        /// The file.
        path: PathBuf,
    },
    /// Something on the way to the key is a value.
    #[error("failed to set `{key}`: `{parent}` is a value in {}, and no table", path.display())]
    NoTable {
        /// The key.
        key: String,
        /// The part of it that is a value.
        parent: String,
        /// The file.
        path: PathBuf,
    },
    /// The files can't be read as they are.
    #[error(
        "failed to change the configuration, because it can't be read; correct that first\n\n{diagnostics}"
    )]
    Before {
        /// What is wrong.
        diagnostics: Diagnostics,
    },
    /// The configuration would be wrong.
    #[error(
        "failed to change the configuration, which would be wrong then; nothing was written\n\n{diagnostics}"
    )]
    After {
        /// What would be wrong.
        diagnostics: Diagnostics,
    },
    /// Somebody else changed the file while it was edited.
    #[error("failed to change {}: it was changed by somebody else meanwhile; it is as they left it", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The file can't be read or written.
    #[error("failed to change {}: {source}; the file is as it was", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
