//! Brings an older file's tables to the present version, one step a version.
//!
//! Invariant: a file is at one version, whole: a step and its version number are one transaction. Before the first
//! step of an older file there is a backup of it. A newer file is not touched.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::backup::BackupError;

/// What brings a file from the version before to this one. The first makes the tables of an empty file.
pub(crate) type Step = fn(&Transaction<'_>) -> rusqlite::Result<()>;

/// Why the tables are not at the present version.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer program wrote the file.
    #[error(
        "failed to open a database of version {found}: this stint knows versions up to {known}; \
         install the newer stint again, or name another directory with --data-dir"
    )]
    Newer {
        /// The file's version.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// It is a database of something else.
    #[error(
        "failed to open the database: it has tables, but no version of stint's; \
         move it away, or name another directory with --data-dir"
    )]
    Stranger,
    /// The file was not backed up, so it is left as it was.
    #[error("failed to migrate the database: {0}")]
    Backup(#[from] BackupError),
    /// A step failed and was rolled back.
    #[error("failed to migrate the database to version {to}: {source}")]
    Step {
        /// The version that the step leads to.
        to: i64,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A step left a row that points nowhere, and was rolled back.
    #[error(
        "failed to migrate the database to version {to}: a row of {table} points to one that isn't there"
    )]
    Dangling {
        /// The version that the step leads to.
        to: i64,
        /// Where the row is.
        table: String,
    },
    /// The version could not be read.
    #[error("failed to read the database's version: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// Takes the steps that are missing. `back_up` is called before the first one, unless the file is new.
pub(crate) fn migrate(
    connection: &mut Connection,
    steps: &[Step],
    back_up: impl FnOnce(&Connection) -> Result<(), BackupError>,
) -> Result<(), MigrateError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    if found == known {
        return Ok(());
    }
    let Some(done) = usize::try_from(found).ok().filter(|_| found < known) else {
        return Err(MigrateError::Newer { found, known });
    };
    if found == 0 {
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
        if tables > 0 {
            return Err(MigrateError::Stranger);
        }
    } else {
        back_up(connection)?;
    }
    // A step may have to build a table anew, which takes rows away for a moment. It can't be switched inside a
    // transaction; the check before each commit takes its place.
    connection.pragma_update(None, "foreign_keys", false)?;
    let migrated = steps.iter().zip(1..).skip(done).try_for_each(|(step, to)| take(connection, *step, to));
    connection.pragma_update(None, "foreign_keys", true)?;
    migrated
}

fn take(connection: &mut Connection, step: Step, to: i64) -> Result<(), MigrateError> {
    let failed = |source| MigrateError::Step { to, source };
    let transaction = Transaction::new(connection, TransactionBehavior::Immediate).map_err(failed)?;
    step(&transaction).map_err(failed)?;
    if let Some(table) = dangling(&transaction).map_err(failed)? {
        return Err(MigrateError::Dangling { to, table });
    }
    transaction.pragma_update(None, "user_version", to).map_err(failed)?;
    transaction.commit().map_err(failed)
}

fn dangling(transaction: &Transaction<'_>) -> rusqlite::Result<Option<String>> {
    let mut statement = transaction.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query(())?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

#[cfg(test)]
mod tests;
