//! Steps from one version to the next, and what is refused.

use super::*;
use std::cell::Cell;

const FIRST: Step = |tx| {
    tx.execute_batch(
        "CREATE TABLE parent(id INTEGER PRIMARY KEY) STRICT;
         CREATE TABLE child(id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parent(id)) STRICT",
    )
};
/// Builds a table anew that others point to, which foreign keys would forbid.
const REBUILD: Step = |tx| {
    tx.execute_batch(
        "CREATE TABLE built(id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
         INSERT INTO built SELECT id, 'parent ' || id FROM parent;
         DROP TABLE parent;
         ALTER TABLE built RENAME TO parent",
    )
};
const FAILS: Step = |tx| tx.execute_batch("CREATE TABLE half(a ANY) STRICT; CREATE TABLE half(a ANY) STRICT");
const LOSES: Step = |tx| tx.execute_batch("DELETE FROM parent");

fn no_backup(_: &Connection) -> Result<(), BackupError> {
    panic!("a new file needs no backup")
}

fn version(connection: &Connection) -> i64 {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

/// A file of version 1 with rows that point to each other.
fn old() -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection, &[FIRST], no_backup).unwrap();
    connection.execute_batch("INSERT INTO parent VALUES (7); INSERT INTO child VALUES (1, 7)").unwrap();
    connection
}

#[test]
fn an_old_file_is_backed_up_and_then_taken_through_every_step() {
    let mut connection = old();
    let seen = Cell::new(None);
    migrate(&mut connection, &[FIRST, REBUILD, REBUILD_AGAIN], |connection| {
        seen.set(Some(version(connection)));
        Ok(())
    })
    .unwrap();
    assert_eq!(seen.get(), Some(1), "the backup is of the old version");
    assert_eq!(version(&connection), 3);
    let name: String = connection.query_row("SELECT name FROM parent", (), |row| row.get(0)).unwrap();
    assert_eq!(name, "PARENT 7");
    let error = connection.execute("INSERT INTO child VALUES (2, 8)", ()).unwrap_err();
    assert!(error.to_string().contains("FOREIGN KEY"), "foreign keys are on again: {error}");
    migrate(&mut connection, &[FIRST, REBUILD, REBUILD_AGAIN], no_backup).unwrap();
}

const REBUILD_AGAIN: Step = |tx| tx.execute_batch("UPDATE parent SET name = upper(name)");

#[test]
fn a_step_that_fails_leaves_the_version_before_it_whole() {
    let mut connection = old();
    let error = migrate(&mut connection, &[FIRST, REBUILD, FAILS], |_| Ok(())).unwrap_err();
    let text = "failed to migrate the database to version 3: table half already exists";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_eq!(version(&connection), 2);
    let halves: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", (), |row| row.get(0))
        .unwrap();
    assert_eq!(halves, 0);
}

#[test]
fn a_step_that_leaves_a_row_pointing_nowhere_is_rolled_back() {
    let mut connection = old();
    let error = migrate(&mut connection, &[FIRST, LOSES], |_| Ok(())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to migrate the database to version 2: a row of child points to one that isn't there"
    );
    assert_eq!(version(&connection), 1);
    connection.query_row("SELECT id FROM parent", (), |row| row.get::<_, i64>(0)).unwrap();
}

#[test]
fn without_a_backup_nothing_is_migrated() {
    let mut connection = old();
    let error = migrate(&mut connection, &[FIRST, REBUILD], |_| {
        Err(BackupError::Sqlite { path: "/b.db".into(), source: rusqlite::Error::InvalidQuery })
    })
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to migrate the database: failed to back up the database to \"/b.db\": Query is not read-only"
    );
    assert_eq!(version(&connection), 1);
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let mut connection = old();
    for newer in [2, 900, -1] {
        connection.pragma_update(None, "user_version", newer).unwrap();
        let error = migrate(&mut connection, &[FIRST], no_backup).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to open a database of version {newer}: this stint knows versions up to 1; \
                 install the newer stint again, or name another directory with --data-dir"
            )
        );
        assert_eq!(version(&connection), newer);
    }
}

#[test]
fn a_strangers_database_is_refused() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE theirs(a)").unwrap();
    let error = migrate(&mut connection, &[FIRST], no_backup).unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to open the database: it has tables, but no version of stint's; \
         move it away, or name another directory with --data-dir"
    );
}
