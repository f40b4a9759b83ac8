//! Readers beside the writer.

use super::*;
use crate::dir::DataDir;
use crate::testing;
use std::sync::mpsc;
use std::thread;

struct Ground {
    _folder: tempfile::TempDir,
    path: PathBuf,
    readers: Readers,
    alerts: mpsc::Receiver<crate::alert::Alert>,
}

fn ground() -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::prepare(folder.path()).unwrap();
    let path = testing::database(dir.path(), 2_000);
    let writer = Connection::open(&path).unwrap();
    writer.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    let (sender, alerts) = mpsc::channel();
    let health = Health::new(dir, Box::new(move |alert| sender.send(alert).unwrap()));
    let readers = Readers::new(path.clone(), crate::connect::reader, Arc::new(health));
    Ground { _folder: folder, path, readers, alerts }
}

fn count(tx: &Transaction<'_>) -> Result<i64, ReadError> {
    Ok(tx.query_row("SELECT count(*) FROM t", (), |row| row.get(0))?)
}

#[test]
fn all_questions_of_one_caller_see_one_state() {
    let Ground { path, readers, _folder, .. } = ground();
    let writer = Connection::open(&path).unwrap();
    let (before, after) = readers
        .read(|tx| {
            let before = count(tx)?;
            writer.execute("INSERT INTO t VALUES (10000, 'x')", ())?;
            Ok::<_, ReadError>((before, count(tx)?))
        })
        .unwrap();
    assert_eq!((before, after), (2_000, 2_000));
    assert_eq!(readers.read(count).unwrap(), 2_001);
}

#[test]
fn a_reader_can_not_write() {
    let Ground { readers, _folder, .. } = ground();
    let error = readers.read(|tx| Ok::<_, ReadError>(tx.execute("DELETE FROM t", ())?)).unwrap_err();
    assert_eq!(error.to_string(), "failed to read from the database: attempt to write a readonly database");
}

#[test]
fn places_are_given_back_by_errors_and_panics_too() {
    let Ground { readers, _folder, .. } = ground();
    for _ in 0..=CONNECTIONS {
        readers.read(|_| Err::<(), _>(ReadError::Closed)).unwrap_err();
        let read =
            std::panic::AssertUnwindSafe(|| readers.read(|_| -> Result<(), ReadError> { panic!("boom") }));
        std::panic::catch_unwind(read).unwrap_err();
    }
    assert_eq!(readers.read(count).unwrap(), 2_000);
}

#[test]
fn callers_wait_for_a_place_and_closing_waits_for_callers() {
    let Ground { readers, _folder, .. } = ground();
    let readers = &readers;
    let (reached, inside) = mpsc::channel();
    thread::scope(|scope| {
        let mut holders = Vec::new();
        for _ in 0..CONNECTIONS {
            let (go, wait) = mpsc::channel::<()>();
            let reached = reached.clone();
            holders.push(go);
            scope.spawn(move || {
                readers.read(|tx| {
                    reached.send(()).unwrap();
                    wait.recv().unwrap();
                    count(tx)
                })
            });
        }
        inside.iter().take(CONNECTIONS).for_each(drop);
        assert_eq!(readers.pool.lock().unwrap().free, 0);
        let late = scope.spawn(move || readers.read(count));
        holders.pop().unwrap().send(()).unwrap();
        assert_eq!(late.join().unwrap().unwrap(), 2_000);
        let closing = scope.spawn(move || readers.close());
        for go in &holders {
            go.send(()).unwrap();
        }
        closing.join().unwrap();
    });
    let error = readers.read(count).unwrap_err();
    assert_eq!(error.to_string(), "failed to read from the database: the store is closed");
    assert!(readers.pool.lock().unwrap().idle.is_empty());
}

#[test]
fn damage_that_a_reader_meets_is_told() {
    let Ground { path, readers, alerts, _folder } = ground();
    testing::damage(&path);
    let sum = |tx: &Transaction<'_>| -> Result<i64, ReadError> {
        Ok(tx.query_row("SELECT sum(length(text)) FROM t NOT INDEXED", (), |row| row.get(0))?)
    };
    readers.read(sum).unwrap_err();
    assert!(matches!(alerts.try_recv().unwrap(), crate::alert::Alert::Damaged { .. }));
}
