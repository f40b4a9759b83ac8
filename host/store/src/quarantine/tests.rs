//! Damaged files, and what takes their place.

use super::*;
use crate::testing;
use rusqlite::Connection;

const NOW: UnixMs = UnixMs(1_736_330_400_000);

struct Ground {
    _folder: tempfile::TempDir,
    dir: DataDir,
}

/// A data directory with a database and its log.
fn ground() -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::prepare(folder.path()).unwrap();
    testing::database(dir.path(), 10);
    fs::write(dir.join("stint.db-wal"), "the log").unwrap();
    fs::write(dir.join("stint.db-shm"), "its index").unwrap();
    Ground { _folder: folder, dir }
}

fn back_up(dir: &DataDir) -> PathBuf {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(testing::database(folder.path(), 5)).unwrap();
    backup::back_up(&connection, dir, UnixMs(0), 3).unwrap()
}

fn files(dir: &DataDir) -> Vec<String> {
    let names = |path: PathBuf, prefix: &str| -> Vec<String> {
        let found = fs::read_dir(path).into_iter().flatten().flatten();
        found.map(|entry| format!("{prefix}{}", entry.file_name().to_string_lossy())).collect()
    };
    let mut all = names(dir.path().to_owned(), "");
    all.extend(names(dir.join(FOLDER), "quarantine/"));
    all.retain(|name| !["quarantine", "backups"].contains(&name.as_str()));
    all.sort();
    all
}

fn rows(dir: &DataDir) -> i64 {
    Connection::open(database(dir))
        .unwrap()
        .query_row("SELECT count(*) FROM t", (), |row| row.get(0))
        .unwrap()
}

#[test]
fn a_damaged_file_goes_aside_with_its_log_and_the_backup_takes_its_place() {
    let Ground { _folder, dir } = ground();
    let backup = back_up(&dir);
    let alert = replace(&dir, "page 3 of 4", NOW).unwrap();
    let moved_to = dir.join("quarantine/000001-20250108T100000Z.db");
    let reason = "page 3 of 4".to_owned();
    assert_eq!(
        alert,
        Alert::Quarantined { reason, moved_to: moved_to.clone(), replaced_by: Replacement::Backup(backup) }
    );
    let wal = "quarantine/000001-20250108T100000Z.db-wal";
    assert_eq!(files(&dir), ["quarantine/000001-20250108T100000Z.db", wal, "stint.db"]);
    assert_eq!(fs::read_to_string(dir.join(wal)).unwrap(), "the log");
    assert_eq!(rows(&dir), 5);
    assert_eq!(quarantined(&dir), [moved_to]);
}

#[test]
fn without_a_backup_there_is_no_file_and_the_alert_says_so() {
    let Ground { _folder, dir } = ground();
    let alert = replace(&dir, "x", NOW).unwrap();
    assert!(matches!(alert, Alert::Quarantined { replaced_by: Replacement::Nothing, .. }), "{alert}");
    assert!(!database(&dir).exists());
}

#[test]
fn two_files_put_aside_in_the_same_second_are_both_kept() {
    let Ground { _folder, dir } = ground();
    back_up(&dir);
    replace(&dir, "x", NOW).unwrap();
    replace(&dir, "y", NOW).unwrap();
    assert_eq!(quarantined(&dir).len(), 2);
    assert_eq!(rows(&dir), 5);
}

#[test]
fn a_cut_after_any_step_is_finished_at_the_next_start() {
    // Every state that a cut can leave: the plan alone, then each move, then the restored file.
    for steps in 0..=5 {
        let Ground { _folder, dir } = ground();
        back_up(&dir);
        let folder = dir.subdirectory(FOLDER).unwrap();
        write_durably(&folder, "plan", "000001-then.db\npage 3").unwrap();
        let aside = folder.join("000001-then.db");
        let actions: [&dyn Fn(); 4] = [
            &|| fs::rename(dir.join("stint.db-wal"), companion(&aside, "-wal")).unwrap(),
            &|| fs::remove_file(dir.join("stint.db-shm")).unwrap(),
            &|| fs::rename(database(&dir), &aside).unwrap(),
            &|| backup::restore(&backup::newest_sound(&dir).unwrap(), &dir, &database(&dir)).unwrap(),
        ];
        actions.iter().take(steps).for_each(|action| action());
        let alert = resume(&dir).unwrap().unwrap();
        assert!(matches!(&alert, Alert::Quarantined { reason, .. } if reason == "page 3"), "{alert}");
        assert_eq!(
            files(&dir),
            ["quarantine/000001-then.db", "quarantine/000001-then.db-wal", "stint.db"],
            "after {steps} steps"
        );
        assert_eq!(rows(&dir), 5, "the backup's rows after {steps} steps");
        let damaged = Connection::open(&aside).unwrap();
        assert_eq!(damaged.pragma_query_value(None, "page_count", |row| row.get::<_, i64>(0)).unwrap(), 4);
        assert_eq!(resume(&dir).unwrap(), None);
    }
}

#[test]
fn a_database_is_gone_when_something_is_left_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::prepare(folder.path()).unwrap();
    assert!(!is_gone(&dir), "there has never been one");
    fs::write(database(&dir), "").unwrap();
    assert!(!is_gone(&dir), "a start that was cut short");
    back_up(&dir);
    assert!(is_gone(&dir), "it was emptied");
    fs::remove_file(database(&dir)).unwrap();
    assert!(is_gone(&dir), "it was removed");
    let alert = replace(&dir, "gone", NOW).unwrap();
    assert!(matches!(alert, Alert::Missing { replaced_by: Replacement::Backup(_) }), "{alert}");
    assert!(!is_gone(&dir));
}

#[test]
fn a_log_without_its_database_is_kept_and_not_replayed() {
    let Ground { _folder, dir } = ground();
    fs::remove_file(database(&dir)).unwrap();
    assert!(is_gone(&dir));
    let alert = replace(&dir, "gone", NOW).unwrap();
    assert_eq!(alert, Alert::Missing { replaced_by: Replacement::Nothing });
    assert_eq!(files(&dir), ["quarantine/000001-20250108T100000Z.db-wal"]);
}

#[test]
fn a_suspicion_lasts_until_it_is_settled() {
    let Ground { _folder, dir } = ground();
    assert_eq!(suspicion(&dir), None);
    suspect(&dir, "page 3").unwrap();
    assert_eq!(suspicion(&dir).as_deref(), Some("page 3"));
    clear(&dir).unwrap();
    assert_eq!(suspicion(&dir), None);
    suspect(&dir, "page 4").unwrap();
    replace(&dir, "page 4", NOW).unwrap();
    assert_eq!(suspicion(&dir), None);
}
