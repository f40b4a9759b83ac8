//! Backups of the database, made while it is in use.
//!
//! `VACUUM INTO` was chosen over SQLite's page-wise copy: it reads every row, so a damaged file gives no backup that
//! looks sound; it does not start again when the writer commits; and what it writes is as small as it can be.
//! Invariant: a file under a backup's name is whole. It gets its name after its content is durable.
//! Blobs that are files of their own are not copied.

use rusqlite::Connection;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use stint_domain::time::UnixMs;

use crate::check::{Depth, Soundness, check};
use crate::connect;
use crate::dir::{self, DataDir, DirError, create_private, sync_directory};
use crate::stamp::{next_number, numbered, stamp};

const FOLDER: &str = "backups";
const ENDING: &str = ".db";

/// Why there is no new backup. The older ones are untouched.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or directory is not usable.
    #[error("failed to back up the database: {0}")]
    Dir(#[from] DirError),
    /// SQLite refused.
    #[error("failed to back up the database to {path:?}: {source}")]
    Sqlite {
        /// The backup that was begun.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

/// Writes a new backup of what `connection` sees, and removes the oldest: `keep` stay of each version of the tables,
/// so that a backup made before a migration is not pushed out by those made after it.
pub(crate) fn back_up(
    connection: &Connection,
    dir: &DataDir,
    now: UnixMs,
    keep: usize,
) -> Result<PathBuf, BackupError> {
    let folder = dir.subdirectory(FOLDER)?;
    let unfinished = folder.join("unfinished");
    remove_if_there(&unfinished)?;
    let file = create_private(&unfinished)?;
    let failed = |source| BackupError::Sqlite { path: unfinished.clone(), source };
    let version: i64 =
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)?;
    let written = connection.execute("VACUUM INTO ?1", [unfinished.to_string_lossy()]);
    if let Err(source) = written {
        // A half backup only takes room that the database may need.
        let _ = fs::remove_file(&unfinished);
        return Err(failed(source));
    }
    file.sync_all().map_err(dir::io("make durable", &unfinished))?;
    let number = next_number(&folder, ENDING);
    let path = folder.join(format!("{number:06}-{}-v{version}{ENDING}", stamp(now)));
    fs::rename(&unfinished, &path).map_err(dir::io("name", &path))?;
    sync_directory(&folder)?;
    prune(&folder, keep.max(1))?;
    Ok(path)
}

/// All backups, oldest first. What is no file is none, whatever its name: opening a pipe would wait for ever.
pub(crate) fn backups(dir: &DataDir) -> Vec<PathBuf> {
    let named = numbered(&dir.join(FOLDER), ENDING).into_iter().map(|(_, path)| path);
    named.filter(|path| path.is_file()).collect()
}

/// The youngest backup that is sound.
pub(crate) fn newest_sound(dir: &DataDir) -> Option<PathBuf> {
    backups(dir).into_iter().rev().find(|path| {
        let found = connect::reader(path).and_then(|connection| check(&connection, Depth::Full));
        matches!(found, Ok(Soundness::Sound))
    })
}

/// Puts a copy of the backup where the database should be. Until the last step there is no file of that name.
pub(crate) fn restore(backup: &Path, dir: &DataDir, database: &Path) -> Result<(), DirError> {
    let unfinished = dir.join("stint.db.restoring");
    remove_if_there(&unfinished)?;
    let mut copy = create_private(&unfinished)?;
    let mut source = File::open(backup).map_err(dir::io("open", backup))?;
    io::copy(&mut source, &mut copy).map_err(dir::io("write", &unfinished))?;
    copy.sync_all().map_err(dir::io("make durable", &unfinished))?;
    fs::rename(&unfinished, database).map_err(dir::io("name", database))?;
    dir.sync()
}

fn prune(folder: &Path, keep: usize) -> Result<(), DirError> {
    let mut kept = HashMap::new();
    for (_, path) in numbered(folder, ENDING).into_iter().rev() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let version = name.rsplit_once("-v").map(|(_, version)| version.to_owned());
        let count: &mut usize = kept.entry(version).or_default();
        *count += 1;
        if *count > keep {
            remove_if_there(&path)?;
        }
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> Result<(), DirError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(dir::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{damage, database};
    use std::os::unix::fs::MetadataExt;

    fn rows(path: &Path) -> i64 {
        Connection::open(path).unwrap().query_row("SELECT count(*) FROM t", (), |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_backup_is_whole_closed_to_others_and_sees_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        let path = database(dir.path(), 100);
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
        connection.execute("INSERT INTO t VALUES (100, 'only in the log')", ()).unwrap();
        let reader = connect::reader(&path).unwrap();
        let backup = back_up(&reader, &dir, UnixMs(1_736_330_400_000), 3).unwrap();
        assert_eq!(backup, dir.join("backups/000001-20250108T100000Z-v1.db"));
        assert_eq!(fs::metadata(&backup).unwrap().mode() & 0o777, 0o600);
        assert_eq!(newest_sound(&dir), Some(backup.clone()));
        assert_eq!(rows(&backup), 101);
        let names: Vec<_> =
            fs::read_dir(dir.join(FOLDER)).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["000001-20250108T100000Z-v1.db"], "looking at a backup leaves nothing beside it");
        restore(&backup, &dir, &dir.join("restored.db")).unwrap();
        let restored = Connection::open(dir.join("restored.db")).unwrap();
        let pragma = |name| restored.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((pragma("user_version"), pragma("auto_vacuum"), pragma("page_size")), (1, 2, 4_096));
    }

    #[test]
    fn the_oldest_go_but_never_all_of_a_version() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        let connection = Connection::open(database(dir.path(), 1)).unwrap();
        back_up(&connection, &dir, UnixMs(0), 2).unwrap();
        connection.pragma_update(None, "user_version", 2).unwrap();
        for hour in [5, 4, 3] {
            back_up(&connection, &dir, UnixMs(hour * 3_600_000), 2).unwrap();
        }
        let names: Vec<_> = backups(&dir).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
        assert_eq!(
            names,
            [
                "000001-19700101T000000Z-v1.db",
                "000003-19700101T040000Z-v2.db",
                "000004-19700101T030000Z-v2.db"
            ]
        );
    }

    #[test]
    fn a_damaged_backup_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        let connection = Connection::open(database(dir.path(), 2_000)).unwrap();
        let old = back_up(&connection, &dir, UnixMs(0), 3).unwrap();
        let young = back_up(&connection, &dir, UnixMs(1), 3).unwrap();
        damage(&young);
        assert_eq!(newest_sound(&dir), Some(old.clone()));
        damage(&old);
        assert_eq!(newest_sound(&dir), None);
    }

    #[test]
    fn a_damaged_database_gives_no_backup() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        let path = database(dir.path(), 2_000);
        damage(&path);
        let error = back_up(&Connection::open(&path).unwrap(), &dir, UnixMs(0), 3).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to back up the database to {:?}: database disk image is malformed",
                dir.join("backups/unfinished")
            )
        );
        assert!(backups(&dir).is_empty());
        assert!(!dir.join("backups/unfinished").exists());
    }
}
