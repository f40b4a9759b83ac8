//! What the tests of several modules need: a database with rows, and damage to it.

use rusqlite::Connection;
use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// A database of one table with so many rows, closed. Its pages are all in the file: there is no log.
pub(crate) fn database(folder: &Path, rows: i64) -> PathBuf {
    let path = folder.join("stint.db");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("PRAGMA auto_vacuum = INCREMENTAL; CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT); CREATE INDEX i ON t(text); BEGIN")
        .unwrap();
    for row in 0..rows {
        connection.execute("INSERT INTO t VALUES (?1, ?2)", (row, format!("row {row} {:60}", ""))).unwrap();
    }
    connection.execute_batch("COMMIT; PRAGMA user_version = 1").unwrap();
    path
}

/// Turns over bytes in the head of every fourth page of the second half: the schema is in the first pages.
pub(crate) fn damage(path: &Path) {
    let file = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let pages = file.metadata().unwrap().len() / 4_096;
    assert!(pages > 16, "too small to be damaged in part");
    for page in (pages / 2..pages).step_by(4) {
        let mut head = [0; 16];
        file.read_exact_at(&mut head, page * 4_096).unwrap();
        file.write_all_at(&head.map(|byte| !byte), page * 4_096).unwrap();
    }
}
