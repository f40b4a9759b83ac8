//! Connections to the database: the one that writes and those that read. What makes a commit durable and keeps the
//! file sound is set here and nowhere else.

use rusqlite::{Connection, OpenFlags, config::DbConfig, ffi};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Older versions can lose a commit when two connections write and checkpoint at once.
pub(crate) const OLDEST_SQLITE: i32 = 3_051_003;

/// SQLite's page, which the quota is counted in.
const PAGE_BYTES: u64 = 4_096;

/// 1.009 fsyncs a commit instead of 1.035 with SQLite's own 1000.
pub(crate) const CHECKPOINT_PAGES: u32 = 4_000;

/// The most pages that SQLite can count.
const MOST_PAGES: i64 = 0xffff_fffe;

/// How long a connection waits for another's lock. There is one writer, so only a person's own tool can hold it.
const BUSY: Duration = Duration::from_secs(5);

/// How long emptying the log waits for readers.
const BRIEF: Duration = Duration::from_millis(250);

/// A log that a long reader made grow is cut back to this after the next checkpoint.
const LOG_BYTES_KEPT: i64 = 64 << 20;

/// How many prepared statements a connection keeps: more than the store has.
const STATEMENTS: usize = 256;

/// What a commit waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::manual_non_exhaustive, reason = "nothing is hidden for later: the second is for one proof")]
pub enum Synchronous {
    /// The disk has it: what the store promises.
    #[default]
    Full,
    /// Nothing. Only for the control of the crash proof, which must lose what was acknowledged.
    #[doc(hidden)]
    Off,
}

/// How the writing connection is set up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriterSetup {
    /// The most that the file may take.
    pub(crate) quota_bytes: u64,
    /// What a commit waits for.
    pub(crate) synchronous: Synchronous,
    /// How long the log grows before a commit takes it into the database.
    pub(crate) checkpoint_pages: u32,
}

/// Opens the connection that writes. The file must exist: it was created with the right mode.
pub(crate) fn writer(path: &Path, setup: WriterSetup) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Before the journal mode: changing that takes a lock.
    connection.busy_timeout(BUSY)?;
    guard(&connection)?;
    // Before the first page, which the journal mode's change writes. Later it would only be a needless commit.
    if connection.pragma_query_value::<i64, _>(None, "page_count", |row| row.get(0))? == 0 {
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| expect_wal(&row.get::<_, String>(0)?))?;
    let synchronous = match setup.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Off => "OFF",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    // Only this connection ever checkpoints.
    connection.pragma_update_and_check(None, "wal_autocheckpoint", setup.checkpoint_pages, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES_KEPT, |_| Ok(()))?;
    let pages = i64::try_from(setup.quota_bytes / PAGE_BYTES).unwrap_or(i64::MAX).clamp(1, MOST_PAGES);
    connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    Ok(connection)
}

/// Opens a connection that can only read. It never checkpoints, not even when it is the last one closed.
pub(crate) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    guard(&connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// Opens a connection that can only read, on a disk that can't be written: not even the memory that several share for
/// the log's index can be made there, nor a lock that SQLite would take on it. The directory's lock keeps others away.
pub(crate) fn frozen(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let uri = frozen_uri(path);
    let connection = Connection::open_with_flags_and_vfs(uri, flags, c"unix-none")?;
    // Before anything is read, or the shared memory is asked for.
    connection.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    guard(&connection)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// A log that is there is read with the file; SQLite would make one that isn't, unless it is told that nothing changes.
fn frozen_uri(path: &Path) -> String {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let is_all = fs::metadata(log).map_or(0, |found| found.len()) == 0;
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    let uri = bytes.fold("file:".to_owned(), |mut uri, byte| {
        // Writing to a text can't fail.
        let _ = write!(uri, "%{byte:02X}");
        uri
    });
    uri + "?mode=ro" + if is_all { "&immutable=1" } else { "" }
}

/// Takes the log into the database and cuts it to nothing, so that what was overwritten there is in neither any more.
/// Says whether it could: a reader that is still in the log is waited for shortly, because everybody who writes waits too.
pub(crate) fn empty_log(connection: &Connection) -> rusqlite::Result<bool> {
    connection.busy_timeout(BRIEF)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get::<_, bool>(0));
    connection.busy_timeout(BUSY)?;
    Ok(!busy?)
}

/// What all kinds need: a schema that was tampered with runs no function, a damaged page is noticed when it is
/// read, and nothing of ours is written to a temporary file elsewhere.
fn guard(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A plan hangs on the statement alone, as the tests of plans take for granted. Without it SQLite prepares a
    // statement anew whenever a parameter changes that it compared with an index's condition, which made up a third
    // of the cost of recording an item.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Some file systems can't share the memory that the log's index needs; SQLite then keeps the old mode.
fn expect_wal(mode: &str) -> rusqlite::Result<()> {
    if mode == "wal" {
        return Ok(());
    }
    let advice = format!(
        "the journal mode stays {mode:?} instead of \"wal\", as on some network file systems; \
         name a directory on a local disk with --data-dir"
    );
    Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_CANTOPEN), Some(advice)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;

    fn number(connection: &Connection, pragma: &str) -> i64 {
        connection.pragma_query_value(None, pragma, |row| row.get(0)).unwrap()
    }

    #[test]
    fn the_writer_is_durable_and_the_reader_can_not_write() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stint.db");
        fs::write(&path, "").unwrap();
        let setup = WriterSetup {
            quota_bytes: 1 << 20,
            synchronous: Synchronous::Full,
            checkpoint_pages: CHECKPOINT_PAGES,
        };
        let ours = writer(&path, setup).unwrap();
        ours.execute_batch("CREATE TABLE t(a)").unwrap();
        for (pragma, value) in [
            ("auto_vacuum", 2),
            ("busy_timeout", 5_000),
            ("cell_size_check", 1),
            ("foreign_keys", 1),
            ("journal_size_limit", 64 << 20),
            ("max_page_count", 256),
            ("mmap_size", 0),
            ("page_size", 4_096),
            ("synchronous", 2),
            ("temp_store", 2),
            ("trusted_schema", 0),
            ("wal_autocheckpoint", 4_000),
        ] {
            assert_eq!(number(&ours, pragma), value, "{pragma}");
        }
        let theirs = reader(&path).unwrap();
        assert_eq!(
            theirs.pragma_query_value::<String, _>(None, "journal_mode", |row| row.get(0)).unwrap(),
            "wal"
        );
        let error = theirs.execute("INSERT INTO t VALUES (1)", ()).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::ReadOnly));
        drop(ours);
        drop(theirs);
        assert!(folder.path().join("stint.db-wal").exists(), "a reader closed last must leave the log alone");
    }

    #[test]
    fn a_statement_is_prepared_once_whatever_its_parameters_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stint.db");
        fs::write(&path, "").unwrap();
        let setup = WriterSetup {
            quota_bytes: 1 << 20,
            synchronous: Synchronous::Full,
            checkpoint_pages: CHECKPOINT_PAGES,
        };
        let ours = writer(&path, setup).unwrap();
        ours.execute_batch(crate::schema::SCHEMA).unwrap();
        let anew = |connection: &Connection| {
            let mut head = connection.prepare(crate::queue::statements::HEAD).unwrap();
            for lane in [[1_u8; 16], [2; 16], [3; 16]] {
                assert!(!head.exists((1, lane)).unwrap());
            }
            head.get_status(StatementStatus::RePrepare)
        };
        assert_eq!(anew(&ours), 0);
        assert_eq!(anew(&reader(&path).unwrap()), 0);
        // The control: SQLite as it comes.
        assert!(anew(&Connection::open(&path).unwrap()) > 0);
    }

    #[test]
    fn a_file_system_that_can_not_share_memory_is_named_as_the_cause() {
        let error = expect_wal("delete").unwrap_err().to_string();
        assert!(error.starts_with("the journal mode stays \"delete\" instead of \"wal\""), "{error}");
    }

    #[test]
    fn the_version_that_is_built_in_is_new_enough() {
        assert!(rusqlite::version_number() >= OLDEST_SQLITE, "{}", rusqlite::version());
    }
}
