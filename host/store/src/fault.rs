//! What SQLite's refusal means for the store. A job's error may wrap SQLite's in a type of its own, so the chain of
//! causes is followed.

use rusqlite::{ErrorCode, ffi::SQLITE_IOERR_SHMSIZE};
use std::error::Error;

/// What has to be done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no room: the disk or the quota is full. What was rolled back is whole; later writes may succeed.
    Full,
    /// The disk can't be written. What is there is whole.
    ReadOnly,
    /// The disk failed: what it has is uncertain. The connection is dropped, and the file is checked.
    Disk,
    /// The file is damaged.
    Damaged,
    /// The statement failed, nothing else.
    Statement,
}

/// Judges an error by the first of SQLite's in its chain of causes.
pub(crate) fn fault(error: &(dyn Error + 'static)) -> Fault {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(sqlite) = error.downcast_ref::<rusqlite::Error>() {
            // The memory that connections share is a file as well, and this is how SQLite says that it has no room.
            let no_room =
                sqlite.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE);
            return if no_room {
                Fault::Full
            } else {
                sqlite.sqlite_error_code().map_or(Fault::Statement, judge)
            };
        }
        cause = error.source();
    }
    Fault::Statement
}

/// Whether an error says that the file can't be used as a database.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    fault(error) == Fault::Damaged
}

fn judge(code: ErrorCode) -> Fault {
    match code {
        ErrorCode::DiskFull => Fault::Full,
        ErrorCode::ReadOnly => Fault::ReadOnly,
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Fault::Disk,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Fault::Damaged,
        _ => Fault::Statement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[derive(Debug, thiserror::Error)]
    #[error("failed to keep an item: {source}")]
    struct Wrapped {
        #[from]
        source: rusqlite::Error,
    }

    fn sqlite(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn the_cause_counts_not_its_wrapping() {
        for (code, meaning) in [
            (ffi::SQLITE_FULL, Fault::Full),
            (SQLITE_IOERR_SHMSIZE, Fault::Full),
            (ffi::SQLITE_READONLY_DIRECTORY, Fault::ReadOnly),
            (ffi::SQLITE_IOERR_FSYNC, Fault::Disk),
            (ffi::SQLITE_CORRUPT_INDEX, Fault::Damaged),
            (ffi::SQLITE_NOTADB, Fault::Damaged),
            (ffi::SQLITE_CONSTRAINT_UNIQUE, Fault::Statement),
        ] {
            assert_eq!(fault(&sqlite(code)), meaning);
            assert_eq!(fault(&Wrapped { source: sqlite(code) }), meaning);
        }
        assert_eq!(fault(&std::fmt::Error), Fault::Statement);
        assert_eq!(fault(&rusqlite::Error::QueryReturnedNoRows), Fault::Statement);
    }
}
