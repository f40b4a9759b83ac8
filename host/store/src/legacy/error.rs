//! Why an old queue, or one row of it, could not be read. No text holds a value of the row: it could be a token.

use std::{io, path::PathBuf};

/// Why an old queue could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// There is no such file, or it may not be read.
    #[error("failed to open {path:?}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is a folder, or something stranger.
    #[error("failed to open {path:?}: it is no file; name the old program's database")]
    NoFile {
        /// What was named.
        path: PathBuf,
    },
    /// Somebody has it to himself.
    #[error("failed to read {path:?}: another program has locked it; end the old program and try again")]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// What a crash left has to be put in order first, and that would be writing.
    #[error(
        "failed to read {path:?}: it was not closed in order, or its folder can't be written to; start and end the \
         old program once, or copy the file with those beside it whose names begin alike, and import the copy"
    )]
    Unfinished {
        /// The file.
        path: PathBuf,
    },
    /// It is no database, or a damaged one.
    #[error("failed to read {path:?}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// It is a database of something else.
    #[error("failed to find an old queue in {path:?}: it has no table \"sync_queue\"")]
    NoTable {
        /// The file.
        path: PathBuf,
    },
    /// It is none of the shapes that the table had.
    #[error("failed to read the old queue in {path:?}: its table lacks {}", missing.join(", "))]
    Columns {
        /// The file.
        path: PathBuf,
        /// What is missing.
        missing: Vec<&'static str>,
    },
}

/// Why one row could not be read. The rest of the file is none the worse for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The file is damaged there.
    #[error("the file is damaged where it lies")]
    Damaged,
    /// A column has no value, or one of another type.
    #[error("its {column} is {found}, not {wanted}")]
    Type {
        /// Which column.
        column: &'static str,
        /// What should be there.
        wanted: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// Its status is none that the old program wrote.
    #[error("its status is none of pending, failed and sent")]
    Status,
    /// It is larger than anything the old program wrote.
    #[error("its payload has {bytes} bytes, and at most {PAYLOAD_BYTES_MAX} are read", PAYLOAD_BYTES_MAX = super::PAYLOAD_BYTES_MAX)]
    TooLarge {
        /// Its size.
        bytes: i64,
    },
}

impl LegacyError {
    /// What SQLite says of a file that can't be opened or read, in words that lead on.
    pub(super) fn of(path: &std::path::Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, ReadOnly};
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy { path },
            Some(ReadOnly | CannotOpen) => Self::Unfinished { path },
            _ => Self::Sqlite { path, source },
        }
    }
}
