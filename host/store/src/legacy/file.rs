//! The file: opened for reading alone, its shape told by its columns, its rows handed out one by one.

use rusqlite::{Connection, OpenFlags, OptionalExtension, config::DbConfig};
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    error::{LegacyError, Unreadable},
    row::{self, COLUMNS, LegacyRow, PAYLOAD_BYTES_MAX},
};

/// How long a read waits for the old program. It writes for milliseconds.
const BUSY: Duration = Duration::from_secs(5);

/// An old queue, open for reading.
#[derive(Debug)]
pub struct Legacy {
    path: PathBuf,
    connection: Connection,
    has_message: bool,
}

impl Legacy {
    /// Opens the file. The old program may have it open too; what it wrote last may lie in a log beside it.
    pub fn open(path: &Path) -> Result<Self, LegacyError> {
        // An absolute path is never one of SQLite's special names.
        let real = fs::canonicalize(path).map_err(|source| io(path, source))?;
        if !fs::metadata(&real).map_err(|source| io(path, source))?.is_file() {
            return Err(LegacyError::NoFile { path: path.to_owned() });
        }
        // Before SQLite says the same of it in fewer words.
        fs::File::open(&real).map_err(|source| io(path, source))?;
        let failed = |source| LegacyError::of(path, source);
        let connection = connect(&real).map_err(failed)?;
        let columns = columns(&connection).map_err(failed)?;
        if columns.is_empty() {
            return Err(LegacyError::NoTable { path: path.to_owned() });
        }
        let has = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let missing: Vec<&'static str> = COLUMNS.into_iter().filter(|name| !has(name)).collect();
        if !missing.is_empty() {
            return Err(LegacyError::Columns { path: path.to_owned(), missing });
        }
        Ok(Self { path: path.to_owned(), has_message: has("error_message"), connection })
    }

    /// How many rows there are now.
    pub fn len(&self) -> Result<u64, LegacyError> {
        let count = self.connection.query_row("SELECT count(*) FROM sync_queue", (), |row| row.get(0));
        count.map(|count: i64| count.cast_unsigned()).map_err(|source| LegacyError::of(&self.path, source))
    }

    /// Whether there is no row now.
    pub fn is_empty(&self) -> Result<bool, LegacyError> {
        self.len().map(|rows| rows == 0)
    }

    /// The rows in the order of their numbers.
    pub fn rows(&self) -> Rows<'_> {
        Rows { legacy: self, next: Some(i64::MIN) }
    }

    /// The number of the first row from here on. It stands in the tree itself, so it can be had of a row that is
    /// damaged further out.
    fn number_from(&self, from: i64) -> rusqlite::Result<Option<i64>> {
        self.connection
            .prepare_cached("SELECT rowid FROM sync_queue WHERE rowid >= ?1 ORDER BY rowid LIMIT 1")?
            .query_row([from], |row| row.get(0))
            .optional()
    }

    /// The row with this number. Nothing where the old program removed it a moment ago.
    fn row(&self, number: i64) -> rusqlite::Result<Option<Result<LegacyRow, Unreadable>>> {
        let message = if self.has_message { "error_message" } else { "NULL" };
        let question = format!(
            "SELECT octet_length(payload), id, entity_type, \
             CASE WHEN octet_length(payload) > {PAYLOAD_BYTES_MAX} THEN NULL ELSE payload END, \
             status, retry_count, created_at, {message} FROM sync_queue WHERE rowid = ?1"
        );
        let mut statement = self.connection.prepare_cached(&question)?;
        statement.query_row([number], |row| Ok(row::read(row))).optional()
    }
}

/// The rows of an old queue: each as it is, or its number and why it can't be read. An error ends them.
#[derive(Debug)]
pub struct Rows<'a> {
    legacy: &'a Legacy,
    next: Option<i64>,
}

impl Iterator for Rows<'_> {
    type Item = Result<(i64, Result<LegacyRow, Unreadable>), LegacyError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let number = match self.legacy.number_from(self.next?) {
                Ok(number) => number?,
                Err(source) => {
                    self.next = None;
                    return Some(Err(LegacyError::of(&self.legacy.path, source)));
                }
            };
            self.next = number.checked_add(1);
            match self.legacy.row(number) {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok((number, row))),
                Err(error) if is_damage(&error) => return Some(Ok((number, Err(Unreadable::Damaged)))),
                Err(source) => {
                    self.next = None;
                    return Some(Err(LegacyError::of(&self.legacy.path, source)));
                }
            }
        }
    }
}

fn io(path: &Path, source: std::io::Error) -> LegacyError {
    LegacyError::Io { path: path.to_owned(), source }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt)
}

/// Without `SQLITE_OPEN_URI`: whatever the file is called, it is its name and nothing else.
fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // The file is a stranger's: what its schema says runs nothing.
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // The log beside it is the old program's to take in.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

fn columns(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT name FROM pragma_table_info('sync_queue')")?;
    statement.query_map((), |row| row.get(0))?.collect()
}
