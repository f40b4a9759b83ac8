//! Why the store could not do what it was asked.

/// A failure of the store. Nothing of the transaction it happened in may be kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite refused.
    #[error("failed to use the database: {source}")]
    Sqlite {
        /// What SQLite says.
        #[from]
        source: rusqlite::Error,
    },
    /// A value in the file is not one that this version writes.
    #[error("failed to read {what} from the database: {text:?} is not one; `stint doctor` checks the file")]
    Strange {
        /// What was expected, with its article.
        what: &'static str,
        /// What stands there.
        text: String,
    },
}
