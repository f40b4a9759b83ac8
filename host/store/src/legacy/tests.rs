//! Old files as the old program left them: in all their shapes, open elsewhere, damaged.

use rusqlite::{Connection, params};
use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;

const FIRST: &str = "id INTEGER PRIMARY KEY AUTOINCREMENT, entity_type TEXT NOT NULL, payload TEXT NOT NULL, \
     status TEXT NOT NULL DEFAULT 'pending', retry_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, \
     last_retry_at INTEGER";

/// The three shapes, as the old program's migrations made them.
fn shape(migrations: usize) -> String {
    let added = [
        "ALTER TABLE sync_queue ADD COLUMN priority INTEGER DEFAULT 2;",
        "ALTER TABLE sync_queue ADD COLUMN error_message TEXT;",
    ];
    format!("CREATE TABLE sync_queue ({FIRST}); {}", added[..migrations].concat())
}

fn file(folder: &Path, migrations: usize) -> (PathBuf, Connection) {
    let path = folder.join("tracker.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(&shape(migrations)).unwrap();
    (path, connection)
}

fn add(connection: &Connection, payload: &str, status: &str) {
    connection
        .execute(
            "INSERT INTO sync_queue (entity_type, payload, status, retry_count, created_at) \
             VALUES ('time_entry_start', ?1, ?2, 3, 1736330000)",
            params![payload, status],
        )
        .unwrap();
}

fn rows(legacy: &Legacy) -> Vec<(i64, Result<LegacyRow, Unreadable>)> {
    legacy.rows().collect::<Result<_, _>>().unwrap()
}

fn refused(path: &Path) -> String {
    Legacy::open(path).unwrap_err().to_string()
}

#[test]
fn every_shape_is_read_and_no_file_is_changed() {
    for migrations in 0..=2 {
        let folder = tempfile::tempdir().unwrap();
        let (path, old) = file(folder.path(), migrations);
        add(&old, "{}", "pending");
        add(&old, "{\"a\":1}", "sent");
        add(&old, "{\"b\":1}", "failed");
        if migrations == 2 {
            old.execute_batch("UPDATE sync_queue SET error_message = 'HTTP 404' WHERE id = 3").unwrap();
        }
        drop(old);
        let before = (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap());
        let legacy = Legacy::open(&path).unwrap();
        assert_eq!((legacy.len().unwrap(), legacy.is_empty().unwrap()), (3, false));
        let rows = rows(&legacy);
        drop(legacy);
        assert_eq!((fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap()), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        let first = LegacyRow {
            id: 1,
            entity_type: "time_entry_start".into(),
            payload: "{}".into(),
            status: LegacyStatus::Pending,
            retry_count: 3,
            created_at: CreatedAt::Integer(1_736_330_000),
            error_message: None,
        };
        let message = (migrations == 2).then(|| "HTTP 404".to_owned());
        let expected = [
            first.clone(),
            LegacyRow { id: 2, payload: "{\"a\":1}".into(), status: LegacyStatus::Sent, ..first.clone() },
            LegacyRow {
                id: 3,
                payload: "{\"b\":1}".into(),
                status: LegacyStatus::Failed,
                error_message: message,
                ..first
            },
        ];
        assert_eq!(rows, expected.map(|row| (row.id, Ok(row))), "{migrations} migrations");
    }
}

#[test]
fn the_old_program_may_have_the_file_open_with_a_log_beside_it_and_is_not_kept_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = file(folder.path(), 1);
    old.pragma_update(None, "journal_mode", "WAL").unwrap();
    add(&old, "{}", "pending");
    add(&old, "{}", "pending");
    let main = fs::read(&path).unwrap();
    let legacy = Legacy::open(&path).unwrap();
    let mut rows = legacy.rows();
    assert_eq!(rows.next().unwrap().unwrap().0, 1);
    // Between two rows the old program writes, and takes its log in, though one reader is not done.
    old.busy_timeout(std::time::Duration::ZERO).unwrap();
    old.execute_batch("DELETE FROM sync_queue WHERE id = 2").unwrap();
    add(&old, "{}", "pending");
    let (busy, log, taken): (i64, i64, i64) = old
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    assert_eq!((busy, log, taken), (0, 0, 0), "all of the log was taken in");
    assert_ne!(fs::read(&path).unwrap(), main, "by the old program");
    add(&old, "{}", "pending");
    let numbers: Vec<i64> = rows.map(|row| row.unwrap().0).collect();
    assert_eq!(numbers, [3, 4], "what is gone is gone, what came is there");
    drop(legacy);
    assert!(fs::metadata(folder.path().join("tracker.db-wal")).unwrap().len() > 0, "the log is left alone");
}

#[test]
fn a_log_that_a_killed_program_left_is_read_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = file(folder.path(), 2);
    old.pragma_update(None, "journal_mode", "WAL").unwrap();
    add(&old, "{}", "pending");
    // A copy of what lies there at this moment is what a killed program leaves.
    let copy = tempfile::tempdir().unwrap();
    for name in ["tracker.db", "tracker.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    drop((path, old));
    let read = |name: &str| fs::read(copy.path().join(name)).unwrap();
    let before = [read("tracker.db"), read("tracker.db-wal")];
    let legacy = Legacy::open(&copy.path().join("tracker.db")).unwrap();
    assert_eq!(rows(&legacy).len(), 1, "it stands in the log alone");
    drop(legacy);
    assert_eq!([read("tracker.db"), read("tracker.db-wal")], before);
}

#[test]
fn a_journal_that_a_killed_program_left_would_have_to_be_written_and_is_refused_with_the_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = file(folder.path(), 0);
    (0..200).for_each(|_| add(&old, &format!("{{\"a\":\"{}\"}}", "x".repeat(500)), "pending"));
    old.execute_batch("PRAGMA cache_size = 2; BEGIN; UPDATE sync_queue SET payload = payload || 'y'")
        .unwrap();
    let copy = tempfile::tempdir().unwrap();
    for name in ["tracker.db", "tracker.db-journal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    drop((path, old));
    let copied = copy.path().join("tracker.db");
    let text = refused(&copied);
    assert!(text.contains("start and end the old program once, or copy the file"), "{text}");
}

#[test]
fn rows_that_can_not_be_read_are_named_with_their_reason_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tracker.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(
        "CREATE TABLE sync_queue (id INTEGER PRIMARY KEY, entity_type, payload, status, retry_count, \
         created_at, last_retry_at, error_message)",
    )
    .unwrap();
    let rows_of =
        |values: &str| old.execute_batch(&format!("INSERT INTO sync_queue VALUES {values}")).unwrap();
    rows_of("(1, 'screenshot', '{}', 'pending', 0, 5, NULL, NULL)");
    rows_of("(2, NULL, '{}', 'pending', 0, 5, NULL, NULL)");
    rows_of("(3, 'screenshot', 7, 'pending', 0, 5, NULL, NULL)");
    rows_of("(4, 'screenshot', x'ff00', 'pending', 0, 5, NULL, NULL)");
    rows_of("(5, 'screenshot', '{}', 'syncing-s3cret', 0, 5, NULL, NULL)");
    rows_of("(6, 'screenshot', '{}', 'pending', 0, NULL, NULL, NULL)");
    rows_of("(7, 'screenshot', zeroblob(33554433), 'pending', 0, 5, NULL, NULL)");
    rows_of("(8, 'screenshot', x'7b7d', ' failed ', -4, '2025-01-08', NULL, x'6e6f')");
    rows_of("(9, 'screenshot', '{}', 'sent', 99999999999, 1.5, NULL, 3)");
    rows_of("(-1, 'screenshot', '{}', 'sent', 'often', 5, NULL, NULL)");
    rows_of("(9223372036854775807, 'screenshot', '{}', 'pending', NULL, 5, NULL, NULL)");
    let legacy = Legacy::open(&path).unwrap();
    let found: Vec<(i64, String)> = rows(&legacy)
        .into_iter()
        .map(|(number, row)| {
            (number, row.map_or_else(|why| why.to_string(), |row| row.retry_count.to_string()))
        })
        .collect();
    let expected = [
        (-1, "0"),
        (1, "0"),
        (2, "its entity_type is empty, not a text"),
        (3, "its payload is a whole number, not a text"),
        (4, "its payload is bytes, not a text"),
        (5, "its status is none of pending, failed and sent"),
        (6, "its created_at is empty, not a time"),
        (7, "its payload has 33554433 bytes, and at most 33554432 are read"),
        (8, "0"),
        (9, "4294967295"),
        (i64::MAX, "0"),
    ];
    assert_eq!(found, expected.map(|(number, text)| (number, text.to_owned())));
    let all = rows(&legacy);
    let row = all[8].1.as_ref().unwrap();
    assert_eq!(row.created_at, CreatedAt::Text("2025-01-08".into()));
    assert_eq!((row.error_message.as_deref(), row.payload.as_str()), (Some("no"), "{}"));
    assert_eq!(all[9].1.as_ref().unwrap().created_at, CreatedAt::Real(1.5));
}

#[test]
fn a_number_that_is_no_number_is_told_and_the_place_names_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tracker.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(
        "CREATE TABLE sync_queue (id TEXT, entity_type, payload, status, retry_count, created_at, last_retry_at); \
         INSERT INTO sync_queue VALUES ('a', 'screenshot', '{}', 'pending', 0, 5, NULL), \
         (' 17 ', 'screenshot', '{}', 'pending', 0, 5, NULL)",
    )
    .unwrap();
    let found = rows(&Legacy::open(&path).unwrap());
    let why = Unreadable::Type { column: "id", wanted: "a whole number", found: "another text" };
    assert_eq!(found[0], (1, Err(why)));
    assert_eq!(found[1].1.as_ref().unwrap().id, 17, "a text that spells a number is one");
}

#[test]
fn a_damaged_row_is_left_and_those_around_it_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = file(folder.path(), 0);
    (0..3).for_each(|_| add(&old, &format!("{{\"a\":\"{}\"}}", "x".repeat(9_000)), "pending"));
    drop(old);
    // The pages behind the first one of the second row are cut out of their chain: the heads of all overflow pages
    // hold the next page's number, and one of them is made to name a page that isn't there.
    let mut bytes = fs::read(&path).unwrap();
    let pages = bytes.len() / 4_096;
    let overflow: Vec<usize> =
        (0..pages).filter(|page| bytes[page * 4_096 + 200..][..8] == *b"xxxxxxxx").collect();
    // Two for each row; the first of the middle row's.
    assert_eq!(overflow.len(), 6);
    bytes[overflow[2] * 4_096..][..4].copy_from_slice(&9_999_u32.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    let found: Vec<_> = rows(&Legacy::open(&path).unwrap())
        .into_iter()
        .map(|(number, row)| (number, row.map(|row| row.payload.len())))
        .collect();
    assert_eq!(found, [(1, Ok(9_008)), (2, Err(Unreadable::Damaged)), (3, Ok(9_008))]);
    assert_eq!(Unreadable::Damaged.to_string(), "the file is damaged where it lies");
}

#[test]
fn what_is_no_old_queue_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(refused(&path("none.db")).ends_with("none.db\": No such file or directory (os error 2)"));
    assert!(refused(folder.path()).ends_with("it is no file; name the old program's database"));
    fs::write(path("text"), "no database at all, though long enough to look like one".repeat(30)).unwrap();
    assert!(refused(&path("text")).ends_with("file is not a database"), "{}", refused(&path("text")));
    Connection::open(path("other.db")).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    assert!(refused(&path("other.db")).ends_with("other.db\": it has no table \"sync_queue\""));
    fs::write(path("empty.db"), "").unwrap();
    assert!(refused(&path("empty.db")).ends_with("it has no table \"sync_queue\""));
    let half = "CREATE TABLE sync_queue (id INTEGER PRIMARY KEY, payload, status, created_at, retry_count)";
    Connection::open(path("half.db")).unwrap().execute_batch(half).unwrap();
    assert!(refused(&path("half.db")).ends_with("half.db\": its table lacks entity_type, last_retry_at"));
    let busy = LegacyError::of(
        &path("busy.db"),
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY), None),
    );
    assert!(busy.to_string().ends_with("another program has locked it; end the old program and try again"));
}

#[test]
fn a_file_named_as_sqlite_names_other_things_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    for name in [":memory:", "file:x?mode=memory", "a?b#c%20.db"] {
        let path = folder.path().join(name);
        let (plain, old) = file(folder.path(), 0);
        add(&old, "{}", "pending");
        drop(old);
        fs::rename(plain, &path).unwrap();
        assert_eq!(rows(&Legacy::open(&path).unwrap()).len(), 1, "{name}");
    }
}

#[test]
fn a_row_does_not_show_what_may_be_a_token() {
    let row = LegacyRow {
        id: 4,
        entity_type: "canary".into(),
        payload: "canary".into(),
        status: LegacyStatus::Pending,
        retry_count: 0,
        created_at: CreatedAt::Text("canary".into()),
        error_message: Some("canary".into()),
    };
    assert_eq!(format!("{row:?}"), "LegacyRow { id: 4, status: Pending, .. }");
}
