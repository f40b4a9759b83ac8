//! The data directory: it belongs to one person. Nobody else may list, read or enter it, whatever the umask was,
//! because what it holds (what was worked on, pictures of screens) is nobody else's business.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Owner only: list, create, enter.
const DIR_MODE: u32 = 0o700;
/// Owner only: read, write.
const FILE_MODE: u32 = 0o600;

/// What is wrong with the data directory or a file in it.
#[derive(Debug, thiserror::Error)]
pub enum DirError {
    /// It belongs to somebody else.
    #[error(
        "failed to use {path:?} as data: it belongs to user {owner}, not to you (user {us}); \
         give it over with `chown`, or name another directory with --data-dir"
    )]
    Foreign {
        /// What belongs to somebody else.
        path: PathBuf,
        /// The owner's number.
        owner: u32,
        /// Our number.
        us: u32,
    },
    /// It stays open to others: some file systems have no permissions.
    #[error(
        "failed to close {path:?} to other users: its mode stays {mode:03o}; \
         name a directory on a file system with permissions with --data-dir"
    )]
    Open {
        /// What stays open.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Something else stands where a directory or a file should be.
    #[error(
        "failed to use {path:?}: it is not a {wanted}; move it away, or name another directory with --data-dir"
    )]
    Kind {
        /// What was found.
        path: PathBuf,
        /// What it should be.
        wanted: &'static str,
    },
    /// The system refused.
    #[error("failed to {action} {path:?}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// A data directory that is ours alone.
#[derive(Clone, Debug)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// Creates the directory, or closes it to others when it is ours, or refuses it.
    ///
    /// A symbolic link is followed once, here, and only when it is ours or root's: everything after works with the
    /// real path, so that a link which is turned elsewhere later moves nothing.
    pub fn prepare(path: &Path) -> Result<Self, DirError> {
        if let Ok(link) = fs::symlink_metadata(path)
            && link.is_symlink()
            && link.uid() != 0
        {
            owned(path, link.uid())?;
        }
        if fs::metadata(path).is_err() {
            create(path)?;
        } else if let Some(parent) = path.parent() {
            // The process that made it may have been killed before it could do this. A parent that we may not read
            // was not ours to make.
            let _ = sync_directory(parent);
        }
        let real = fs::canonicalize(path).map_err(io("find", path))?;
        close_directory(&real)?;
        Ok(Self { path: real })
    }

    /// Its real path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file or directory in it.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// A directory within it, created when it is missing, closed to others.
    pub(crate) fn subdirectory(&self, name: &str) -> Result<PathBuf, DirError> {
        let path = self.join(name);
        ensure_directory(&path)?;
        Ok(path)
    }

    /// Makes the directory's own entries durable: a new or renamed file can be lost until this is done.
    pub(crate) fn sync(&self) -> Result<(), DirError> {
        sync_directory(&self.path)
    }
}

/// Creates a directory whose parent exists, or closes the one that is there.
pub(crate) fn ensure_directory(path: &Path) -> Result<(), DirError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => create(path)?,
        Err(source) => return Err(io("look at", path)(source)),
        Ok(found) if !found.is_dir() => {
            return Err(DirError::Kind { path: path.to_owned(), wanted: "directory" });
        }
        Ok(_) => {}
    }
    close_directory(path)
}

/// Creates a file that only its owner can read, or opens and closes to others the one that is there. Never follows
/// a link: SQLite would put its log beside the link's target.
pub(crate) fn open_private(path: &Path) -> Result<File, DirError> {
    if let Ok(found) = fs::symlink_metadata(path)
        && !found.is_file()
    {
        return Err(DirError::Kind { path: path.to_owned(), wanted: "regular file" });
    }
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .custom_flags(no_follow())
        .open(path)
        .map_err(io("open", path))?;
    close(path, &file, FILE_MODE)?;
    Ok(file)
}

/// Creates a file that only its owner can read; one of that name must not exist.
pub(crate) fn create_private(path: &Path) -> Result<File, DirError> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)
        .map_err(io("create", path))?;
    close(path, &file, FILE_MODE)?;
    Ok(file)
}

/// Makes a directory's entries durable.
pub(crate) fn sync_directory(path: &Path) -> Result<(), DirError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(io("make durable", path))
}

/// The flag that makes opening fail on a symbolic link.
pub(crate) fn no_follow() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

/// Wraps what the system said with what was tried on which path.
pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DirError {
    let path = path.to_owned();
    move |source| DirError::Io { action, path, source }
}

/// The new directory's entry in its parent is made durable too: a database in a directory that vanishes is lost.
/// The mode is set once more, because the umask may have taken the owner's own rights.
fn create(path: &Path) -> Result<(), DirError> {
    let parent = match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => return Ok(()),
    };
    if fs::metadata(parent).is_err() {
        create(parent)?;
    }
    match DirBuilder::new().mode(DIR_MODE).create(path) {
        // Another process was quicker. The lock decides which of the two goes on.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {
            return sync_directory(parent);
        }
        created => created.map_err(io("create", path))?,
    }
    fs::set_permissions(path, Permissions::from_mode(DIR_MODE)).map_err(io("close to others", path))?;
    sync_directory(parent)
}

fn close_directory(path: &Path) -> Result<(), DirError> {
    let directory = OpenOptions::new()
        .read(true)
        .custom_flags(no_follow() | rustix::fs::OFlags::DIRECTORY.bits().cast_signed())
        .open(path);
    match directory {
        Ok(directory) => close(path, &directory, DIR_MODE),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(DirError::Kind { path: path.to_owned(), wanted: "directory" })
        }
        Err(source) => Err(io("open", path)(source)),
    }
}

/// Works on the opened file, so that what is checked is what is changed.
fn close(path: &Path, file: &File, mode: u32) -> Result<(), DirError> {
    let found = file.metadata().map_err(io("look at", path))?;
    owned(path, found.uid())?;
    if found.mode() & 0o777 == mode {
        return Ok(());
    }
    file.set_permissions(Permissions::from_mode(mode)).map_err(io("close to others", path))?;
    let found = file.metadata().map_err(io("look at", path))?.mode() & 0o777;
    if found & 0o077 != 0 {
        return Err(DirError::Open { path: path.to_owned(), mode: found });
    }
    Ok(())
}

fn owned(path: &Path, owner: u32) -> Result<(), DirError> {
    let us = rustix::process::geteuid().as_raw();
    if owner == us { Ok(()) } else { Err(DirError::Foreign { path: path.to_owned(), owner, us }) }
}

#[cfg(test)]
mod tests;
