//! Opening a store, in whatever state its folder is found.

use super::*;
use crate::alert::Replacement;
use crate::reader::ReadError;
use crate::{Error, schema, testing};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::sync::mpsc;

const NOW: UnixMs = UnixMs(1_736_330_400_000);

fn options(dir: &Path) -> Options {
    let unexpected = |alert| panic!("nobody should have been told: {alert}");
    Options { mode: Mode::Inline, ..Options::new(dir, unexpected) }
}

fn open(dir: &Path) -> Opened {
    Store::open(options(dir), NOW).unwrap()
}

fn put(store: &Store, key: &'static str) {
    store
        .write_blocking(move |tx| {
            Ok::<_, Error>(tx.execute("INSERT INTO meta (key, value) VALUES (?1, zeroblob(2000))", [key])?)
        })
        .unwrap();
}

fn keys(store: &Store) -> Vec<String> {
    store
        .read(|tx| {
            let mut statement = tx.prepare("SELECT key FROM meta ORDER BY key")?;
            Ok::<_, ReadError>(statement.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

#[test]
fn a_new_store_is_at_the_newest_version_and_closed_to_others() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("stint");
    let Opened { store, alerts, .. } = open(&dir);
    assert_eq!(alerts, []);
    put(&store, "a");
    let read = |pragma: &str| -> i64 {
        store.read(|tx| Ok::<_, Error>(tx.pragma_query_value(None, pragma, |row| row.get(0))?)).unwrap()
    };
    assert_eq!((read("user_version"), read("auto_vacuum")), (schema::VERSION, 2));
    for (name, mode) in [
        ("", 0o700),
        ("stint.db", 0o600),
        ("stint.db-wal", 0o600),
        ("stint.db-shm", 0o600),
        ("stint.lock", 0o600),
        ("blobs", 0o700),
    ] {
        assert_eq!(fs::metadata(dir.join(name)).unwrap().mode() & 0o777, mode, "{name}");
    }
    store.close();
    assert_eq!(keys(&open(&dir).store), ["a"]);
}

#[test]
fn the_steps_lead_to_the_version_that_the_tables_say() {
    assert_eq!(i64::try_from(STEPS.len()).unwrap(), schema::VERSION);
}

#[test]
fn a_store_that_is_open_is_refused_and_after_closing_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let error = Store::open(options(folder.path()), NOW).unwrap_err();
    assert!(
        matches!(&error, OpenError::Lock(LockError::Owned { pid, .. }) if *pid == Some(std::process::id())),
        "{error}"
    );
    first.store.close();
    open(folder.path());
    let error = first.store.write_blocking(|_| Ok::<_, Error>(())).unwrap_err();
    assert!(error.to_string().contains("the store is closed"), "{error}");
    let error = first.store.read(|_| Ok::<_, Error>(())).unwrap_err();
    assert!(error.to_string().contains("the store is closed"), "{error}");
}

#[test]
fn of_several_that_open_a_new_store_at_once_one_gets_it_and_the_others_hear_who() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/data");
        let start = std::sync::Barrier::new(4);
        let race = || {
            start.wait();
            Store::open(options(&path), NOW)
        };
        let opened: Vec<_> = std::thread::scope(|scope| {
            let racers: Vec<_> = (0..4).map(|_| scope.spawn(race)).collect();
            racers.into_iter().map(|racer| racer.join().unwrap()).collect()
        });
        assert_eq!(opened.iter().filter(|opened| opened.is_ok()).count(), 1);
        for error in opened.into_iter().filter_map(Result::err) {
            assert!(matches!(error, OpenError::Lock(LockError::Owned { .. })), "{error}");
        }
    }
}

#[test]
fn a_file_that_is_no_database_goes_aside_and_the_last_backup_takes_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    put(&store, "before the backup");
    let backup = store.back_up(NOW).unwrap();
    assert_eq!((store.backups(), store.backed_up_at()), (vec![backup.clone()], Some(NOW)));
    put(&store, "after the backup");
    store.close();
    let rubbish = vec![b'x'; 64 << 10];
    fs::write(folder.path().join("stint.db"), &rubbish).unwrap();
    let Opened { store, alerts, .. } = open(folder.path());
    let moved_to = store.data_dir().join("quarantine/000001-20250108T100000Z.db");
    let reason = "file is not a database".to_owned();
    let replaced_by = Replacement::Backup(backup);
    assert_eq!(alerts, [Alert::Quarantined { reason, moved_to: moved_to.clone(), replaced_by }]);
    assert_eq!(fs::read(&moved_to).unwrap(), rubbish, "it is kept as it was");
    assert_eq!(keys(&store), ["before the backup"]);
    assert_eq!(store.quarantined(), [moved_to]);
    put(&store, "it goes on");
    store.close();
    let Opened { store, alerts, .. } = open(folder.path());
    assert_eq!((alerts, keys(&store).len()), (vec![], 2), "the second start finds nothing wrong");
}

#[test]
fn without_a_backup_a_new_store_is_begun_and_the_alert_says_so() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path()).store.close();
    fs::write(folder.path().join("stint.db"), "SQLite format 3\0 and then nothing that follows it").unwrap();
    let Opened { store, alerts, .. } = open(folder.path());
    assert!(
        matches!(&alerts[..], [Alert::Quarantined { replaced_by: Replacement::Nothing, .. }]),
        "{alerts:?}"
    );
    put(&store, "a");
}

#[test]
fn a_database_that_was_removed_or_emptied_is_not_begun_anew_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    put(&store, "kept");
    store.back_up(NOW).unwrap();
    store.close();
    fs::remove_file(folder.path().join("stint.db")).unwrap();
    let Opened { store, alerts, .. } = open(folder.path());
    assert!(matches!(&alerts[..], [Alert::Missing { replaced_by: Replacement::Backup(_) }]), "{alerts:?}");
    assert_eq!(keys(&store), ["kept"]);
    store.close();
    fs::write(folder.path().join("stint.db"), "").unwrap();
    let Opened { store, alerts, .. } = open(folder.path());
    assert!(
        matches!(&alerts[..], [Alert::Quarantined { replaced_by: Replacement::Backup(_), .. }]),
        "{alerts:?}"
    );
    assert_eq!(keys(&store), ["kept"]);
}

#[test]
fn damage_within_is_found_after_the_start_and_settled_at_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    let many = "WITH RECURSIVE n(value) AS (VALUES (0) UNION ALL SELECT value + 1 FROM n WHERE value < 199) \
                INSERT INTO meta SELECT printf('%03d', value), zeroblob(2000) FROM n";
    store.write_blocking(move |tx| Ok::<_, Error>(tx.execute(many, ())?)).unwrap();
    let backup = store.back_up(NOW).unwrap();
    put(&store, "z");
    store.close();
    testing::damage(&folder.path().join("stint.db"));
    let (sender, alerts) = mpsc::channel();
    let threaded = Options::new(folder.path(), move |alert| sender.send(alert).unwrap());
    let opened = Store::open(threaded, NOW).unwrap();
    assert_eq!(opened.alerts, [], "the head of the file is sound");
    let alert = alerts.recv().unwrap();
    assert!(matches!(alert, Alert::Damaged { .. }), "{alert}");
    assert!(opened.store.damage().is_some());
    let error = opened.store.write_blocking(|_| Ok::<_, Error>(())).unwrap_err();
    assert!(
        error.to_string().contains("it is damaged"),
        "nothing is acknowledged that would be put aside: {error}"
    );
    opened.store.close();
    let Opened { store, alerts, .. } = open(folder.path());
    let replaced = Replacement::Backup(backup);
    assert!(
        matches!(&alerts[..], [Alert::Quarantined { replaced_by, .. }] if *replaced_by == replaced),
        "{alerts:?}"
    );
    assert_eq!(keys(&store).len(), 200);
    put(&store, "y");
}

#[test]
fn a_suspicion_against_a_sound_file_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    put(&store, "a");
    store.close();
    let dir = DataDir::prepare(folder.path()).unwrap();
    quarantine::suspect(&dir, "a bad day").unwrap();
    let Opened { store, alerts, .. } = open(folder.path());
    assert_eq!((alerts, keys(&store)), (vec![], vec!["a".to_owned()]));
    assert_eq!(quarantine::suspicion(&dir), None);
}

#[test]
fn a_sound_file_is_checked_and_blobs_of_nobody_are_swept_after_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    store.blobs().put(vec![7; 300 << 10]).unwrap();
    store.close();
    let blobs = || {
        let folders = fs::read_dir(folder.path().join("blobs")).unwrap().flatten();
        folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap()).count()
    };
    assert_eq!(blobs(), 1);
    let threaded = || Options { mode: Mode::Threaded, ..options(folder.path()) };
    // While something is put aside, its blobs are kept.
    fs::create_dir(folder.path().join("quarantine")).unwrap();
    fs::write(folder.path().join("quarantine/000001-x.db"), "").unwrap();
    Store::open(threaded(), NOW).unwrap().store.finish_upkeep();
    assert_eq!(blobs(), 1);
    fs::remove_file(folder.path().join("quarantine/000001-x.db")).unwrap();
    Store::open(threaded(), NOW).unwrap().store.finish_upkeep();
    assert_eq!(blobs(), 0);
}

#[test]
fn closing_does_not_wait_for_the_check() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..20 {
        let opened = Store::open(Options { mode: Mode::Threaded, ..options(folder.path()) }, NOW).unwrap();
        opened.store.close();
    }
}

#[test]
fn an_older_file_is_backed_up_and_migrated_and_a_newer_one_is_refused() {
    let add: Step = |tx| tx.execute_batch("ALTER TABLE meta ADD COLUMN more TEXT");
    let steps = [STEPS, &[add]].concat();
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    put(&store, "a");
    store.close();
    let Opened { store, alerts, .. } = open_with(options(folder.path()), NOW, &steps).unwrap();
    assert_eq!((alerts, keys(&store)), (vec![], vec!["a".to_owned()]));
    let names: Vec<_> = store.backups().iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["000001-20250108T100000Z-v1.db"]);
    store.close();
    let before = fs::read(folder.path().join("stint.db")).unwrap();
    let error = Store::open(options(folder.path()), NOW).unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to open a database of version 2: this stint knows versions up to 1; \
         install the newer stint again, or name another directory with --data-dir"
    );
    assert!(fs::read(folder.path().join("stint.db")).unwrap() == before, "it is left as it was");
    assert!(!folder.path().join("quarantine").exists());
}

#[test]
fn a_backup_of_an_older_version_is_migrated_when_it_is_restored() {
    let add: Step = |tx| tx.execute_batch("ALTER TABLE meta ADD COLUMN more TEXT");
    let steps = [STEPS, &[add]].concat();
    let folder = tempfile::tempdir().unwrap();
    let Opened { store, .. } = open(folder.path());
    put(&store, "a");
    store.back_up(NOW).unwrap();
    store.close();
    fs::write(folder.path().join("stint.db"), vec![b'x'; 8_192]).unwrap();
    let Opened { store, alerts, .. } = open_with(options(folder.path()), NOW, &steps).unwrap();
    assert!(
        matches!(&alerts[..], [Alert::Quarantined { replaced_by: Replacement::Backup(_), .. }]),
        "{alerts:?}"
    );
    let version = |tx: &rusqlite::Transaction<'_>| -> Result<i64, Error> {
        Ok(tx.pragma_query_value(None, "user_version", |row| row.get(0))?)
    };
    assert_eq!(store.read(version).unwrap(), 2);
}

#[test]
fn errors_say_what_to_do() {
    assert_eq!(
        OpenError::Outdated { found: "3.40.0" }.to_string(),
        "failed to open the database: SQLite 3.40.0 can lose commits; build stint with SQLite 3.51.3 or newer"
    );
    let thread = OpenError::Thread(io::Error::from_raw_os_error(11)).to_string();
    assert!(thread.starts_with("failed to start the thread that writes the database: Resource"), "{thread}");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("stint.db")).unwrap();
    let error = Store::open(options(folder.path()), NOW).unwrap_err().to_string();
    assert!(error.contains("it is not a regular file"), "{error}");
}
