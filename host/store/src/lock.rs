//! The lock on a data directory: one process owns it. The kernel lets go of the lock when its owner ends, however it
//! ends, so what a killed owner left in the file keeps nobody out. The file is never removed: two processes could
//! hold locks on two files of the same name otherwise.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::dir::{DataDir, DirError, open_private};

/// The file's name.
pub(crate) const NAME: &str = "stint.lock";

/// Why the directory could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody else has it.
    #[error(
        "failed to take over {dir:?}: {} has it; stop that one first, or name another directory with --data-dir",
        owner(*pid)
    )]
    Owned {
        /// The data directory.
        dir: PathBuf,
        /// Who has it; nothing when the owner has only just started.
        pid: Option<u32>,
    },
    /// The lock's file is not usable.
    #[error(transparent)]
    Dir(#[from] DirError),
    /// The system refused.
    #[error("failed to lock {path:?}: {source}")]
    Io {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A data directory's lock, held until it is dropped.
#[derive(Debug)]
pub struct DataLock {
    file: File,
}

impl DataLock {
    /// Takes the lock, or says at once who has it.
    pub fn acquire(dir: &DataDir) -> Result<Self, LockError> {
        let path = dir.join(NAME);
        let file = open_private(&path)?;
        Self::lock(dir, path, file)
    }

    /// The same on a disk that can't be written: a lock needs nothing written. Where there is no file to lock, nobody
    /// else can have made one.
    pub(crate) fn acquire_to_read(dir: &DataDir) -> Result<Option<Self>, LockError> {
        let path = dir.join(NAME);
        match File::open(&path) {
            Ok(file) => Self::lock(dir, path, file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(LockError::Io { path, source }),
        }
    }

    fn lock(dir: &DataDir, path: PathBuf, mut file: File) -> Result<Self, LockError> {
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Owned { dir: dir.path().to_owned(), pid: read_pid(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(LockError::Io { path, source }),
        }
        // The lock is what counts. Without the number, which a full disk has no room for, nobody is told whose it is.
        let _ = write_pid(&mut file);
        Ok(Self { file })
    }
}

impl Drop for DataLock {
    fn drop(&mut self) {
        // The number is taken out first, so that it is not taken for the next owner's. Both may fail without harm:
        // closing the file lets go of the lock, and a number whose process is gone is not believed.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn write_pid(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    file.write_all(format!("{}\n", std::process::id()).as_bytes())
}

/// The owner's number. Between taking the lock and writing its number, an owner may find a killed predecessor's
/// number in the file: the number of a process that is gone is not told.
fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(32).read_to_string(&mut text).ok()?;
    let pid = text.trim().parse::<u32>().ok()?;
    Path::new("/proc").join(pid.to_string()).exists().then_some(pid)
}

fn owner(pid: Option<u32>) -> String {
    pid.map_or_else(|| "a process that has just started".to_owned(), |pid| format!("process {pid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_has_it_and_gets_it_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        let first = DataLock::acquire(&dir).unwrap();
        let error = DataLock::acquire(&dir).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "failed to take over {:?}: process {} has it; stop that one first, or name another directory with --data-dir",
                dir.path(),
                std::process::id()
            )
        );
        drop(first);
        DataLock::acquire(&dir).unwrap();
    }

    #[test]
    fn what_a_killed_owner_left_is_no_obstacle() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        std::fs::write(dir.join(NAME), "4194305\nrubbish that is longer than any number").unwrap();
        let lock = DataLock::acquire(&dir).unwrap();
        assert_eq!(std::fs::read_to_string(dir.join(NAME)).unwrap(), format!("{}\n", std::process::id()));
        drop(lock);
    }

    #[test]
    fn the_number_of_a_process_that_is_gone_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::prepare(folder.path()).unwrap();
        let _lock = DataLock::acquire(&dir).unwrap();
        // Above the kernel's highest possible process number.
        std::fs::write(dir.join(NAME), "4194305\n").unwrap();
        let error = DataLock::acquire(&dir).unwrap_err();
        assert!(matches!(error, LockError::Owned { pid: None, .. }), "{error}");
        assert!(error.to_string().contains("a process that has just started has it"), "{error}");
    }
}
