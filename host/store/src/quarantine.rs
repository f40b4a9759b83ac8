//! What happens to a damaged file: it is put aside whole, with its log, and a backup takes its place.
//!
//! Invariant: nothing is thrown away, and a cut in the middle is finished at the next start. A plan is durable before
//! the first move and goes after the last; until then nobody opens the database, because a log that is left over
//! from another file would be replayed into it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use stint_domain::time::UnixMs;

use crate::alert::{Alert, Replacement};
use crate::backup;
use crate::dir::{self, DataDir, DirError, create_private, sync_directory};
use crate::stamp::{next_number, numbered, stamp};

const FOLDER: &str = "quarantine";
const ENDING: &str = ".db";
/// What lies beside a database: its log and, from the moment it was made, a journal.
const COMPANIONS: [&str; 2] = ["-wal", "-journal"];
/// The name of the file that says that the database is to be checked before it is used.
const SUSPECT: &str = "stint.suspect";

/// The database's path.
pub(crate) fn database(dir: &DataDir) -> PathBuf {
    dir.join("stint.db")
}

/// The files that were put aside, oldest first. While there are any, blobs that seem to belong to nobody are kept.
pub(crate) fn quarantined(dir: &DataDir) -> Vec<PathBuf> {
    numbered(&dir.join(FOLDER), ENDING).into_iter().map(|(_, path)| path).collect()
}

/// Remembers that damage was seen, so that the next start checks the file before using it.
pub(crate) fn suspect(dir: &DataDir, reason: &str) -> Result<(), DirError> {
    write_durably(dir.path(), SUSPECT, reason)
}

/// The damage that was seen, if any was.
pub(crate) fn suspicion(dir: &DataDir) -> Option<String> {
    fs::read_to_string(dir.join(SUSPECT)).ok()
}

/// The suspicion was settled.
pub(crate) fn clear(dir: &DataDir) -> Result<(), DirError> {
    remove(&dir.join(SUSPECT))?;
    dir.sync()
}

/// Whether there is no database where there has been one: then a backup or a log is left of it.
pub(crate) fn is_gone(dir: &DataDir) -> bool {
    let size = |path: PathBuf| fs::metadata(path).map_or(0, |found| found.len());
    size(database(dir)) == 0
        && (!backup::backups(dir).is_empty() || size(companion(&database(dir), "-wal")) > 0)
}

/// Finishes what a cut interrupted.
pub(crate) fn resume(dir: &DataDir) -> Result<Option<Alert>, DirError> {
    let Some((name, reason)) = plan(dir) else { return Ok(None) };
    carry_out(dir, &name, reason).map(Some)
}

/// Puts the database aside and a backup in its place.
pub(crate) fn replace(dir: &DataDir, reason: &str, now: UnixMs) -> Result<Alert, DirError> {
    let folder = dir.subdirectory(FOLDER)?;
    let name = format!("{:06}-{}{ENDING}", next_number(&folder, ENDING), stamp(now));
    write_durably(&folder, "plan", &format!("{name}\n{reason}"))?;
    carry_out(dir, &name, reason.to_owned())
}

fn plan(dir: &DataDir) -> Option<(String, String)> {
    let text = fs::read_to_string(dir.join(FOLDER).join("plan")).ok()?;
    let (name, reason) = text.split_once('\n')?;
    Some((name.to_owned(), reason.to_owned()))
}

/// Every step may have been done before.
fn carry_out(dir: &DataDir, name: &str, reason: String) -> Result<Alert, DirError> {
    let folder = dir.subdirectory(FOLDER)?;
    let (database, aside) = (database(dir), folder.join(name));
    for suffix in COMPANIONS {
        move_once(&companion(&database, suffix), &companion(&aside, suffix))?;
    }
    // It holds nothing of its own: the log's index, made anew by whoever opens the file.
    remove(&companion(&database, "-shm"))?;
    move_once(&database, &aside)?;
    sync_directory(&folder)?;
    dir.sync()?;
    let replaced_by = match backup::newest_sound(dir) {
        Some(backup) => {
            backup::restore(&backup, dir, &database)?;
            Replacement::Backup(backup)
        }
        None => Replacement::Nothing,
    };
    remove(&dir.join(SUSPECT))?;
    dir.sync()?;
    remove(&folder.join("plan"))?;
    sync_directory(&folder)?;
    Ok(if aside.exists() {
        Alert::Quarantined { reason, moved_to: aside, replaced_by }
    } else {
        Alert::Missing { replaced_by }
    })
}

/// A file that is at its place already was moved before the cut: what has its old name now is another one.
fn move_once(from: &Path, to: &Path) -> Result<(), DirError> {
    if to.exists() || !from.exists() {
        return Ok(());
    }
    fs::rename(from, to).map_err(dir::io("put aside", from))
}

fn companion(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn write_durably(folder: &Path, name: &str, text: &str) -> Result<(), DirError> {
    let (unfinished, path) = (folder.join("unfinished"), folder.join(name));
    remove(&unfinished)?;
    let mut file = create_private(&unfinished)?;
    file.write_all(text.as_bytes()).map_err(dir::io("write", &unfinished))?;
    file.sync_all().map_err(dir::io("make durable", &unfinished))?;
    fs::rename(&unfinished, &path).map_err(dir::io("name", &path))?;
    sync_directory(folder)
}

fn remove(path: &Path) -> Result<(), DirError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(dir::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
