//! Whether what was opened is still what has its names: the directory, the lock, the database. Whoever removes them
//! under a running process makes room for another one, and then two would write what each takes for its own.
//!
//! Invariant: what is compared are device and number, never names or times.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::dir::{self, DirError};

/// What was opened is no longer there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lost {
    /// Nothing has the name any more.
    #[error("failed to go on with {path:?}: it was removed or moved away under the running stint")]
    Gone {
        /// What is gone.
        path: PathBuf,
    },
    /// Something else has the name.
    #[error("failed to go on with {path:?}: another one has taken its place under the running stint")]
    Another {
        /// What has another in its place.
        path: PathBuf,
    },
}

/// The files and folders that a process stands on.
#[derive(Debug, Default)]
pub(crate) struct Footing(Vec<(PathBuf, Number)>);

/// What a file system knows a file by: its device, and its number there.
type Number = (u64, u64);

impl Footing {
    /// What has these names now.
    pub(crate) fn take(paths: impl IntoIterator<Item = PathBuf>) -> Result<Self, DirError> {
        let numbered = paths.into_iter().map(|path| {
            let number = number(&path).map_err(dir::io("look at", &path))?;
            Ok((path, number))
        });
        numbered.collect::<Result<_, _>>().map(Self)
    }

    /// Looks whether it still has them. What can't be looked at for another reason than being gone is taken for what
    /// it was: a disk that hangs is no other disk.
    pub(crate) fn look(&self) -> Result<(), Lost> {
        for (path, was) in &self.0 {
            match number(path) {
                Ok(is) if is != *was => return Err(Lost::Another { path: path.clone() }),
                Err(error) if is_gone(&error) => return Err(Lost::Gone { path: path.clone() }),
                _ => {}
            }
        }
        Ok(())
    }
}

fn number(path: &Path) -> io::Result<Number> {
    fs::metadata(path).map(|found| (found.dev(), found.ino()))
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_removed_or_replaced_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let (dir, file) = (folder.path().join("data"), folder.path().join("data/stint.db"));
        fs::create_dir(&dir).unwrap();
        fs::write(&file, "ours").unwrap();
        let footing = Footing::take([dir.clone(), file.clone()]).unwrap();
        fs::write(&file, "more of ours").unwrap();
        assert_eq!(footing.look(), Ok(()));
        // Written beside and moved over, so that it can't get the number of the one before.
        fs::write(folder.path().join("other"), "theirs").unwrap();
        fs::rename(folder.path().join("other"), &file).unwrap();
        assert_eq!(footing.look(), Err(Lost::Another { path: file.clone() }));
        fs::remove_file(&file).unwrap();
        assert_eq!(footing.look(), Err(Lost::Gone { path: file }));
        fs::rename(&dir, folder.path().join("away")).unwrap();
        assert_eq!(footing.look(), Err(Lost::Gone { path: dir.clone() }));
        fs::create_dir(&dir).unwrap();
        assert_eq!(footing.look(), Err(Lost::Another { path: dir.clone() }));
        let text =
            format!("failed to go on with {dir:?}: another one has taken its place under the running stint");
        assert_eq!(footing.look().unwrap_err().to_string(), text);
        let text =
            format!("failed to go on with {dir:?}: it was removed or moved away under the running stint");
        assert_eq!(Lost::Gone { path: dir }.to_string(), text);
    }
}
