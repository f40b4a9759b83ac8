//! The folder of entries, and the checks that make its files our own.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use thiserror::Error;
use wasmtime::component::Component;

use super::{Key, trusted};

const ENTRY_BYTES_MAX: u64 = 512 * 1024 * 1024;
const OTHERS: u32 = 0o077;
/// The time at which an entry was last of use stands where that of its last change would: nothing changes one.
const JUST_USED: Timestamps = Timestamps {
    last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
    last_modification: Timespec { tv_sec: 0, tv_nsec: UTIME_NOW },
};

/// Why a folder isn't used for compiled code. The host runs without it, and starts more slowly.
#[derive(Debug, Error)]
pub enum CacheError {
    /// It can't be made or looked at.
    #[error("use {} for compiled plugins: {source}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// It isn't a folder of our own.
    #[error("use {} for compiled plugins: {reason}; remove it, and it is made anew", path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// A folder of compiled components.
#[derive(Debug)]
pub struct Cache {
    path: PathBuf,
    owner: u32,
}

impl Cache {
    /// Opens a folder, or makes it. One that others may read or write is refused, not mended: whatever is in it
    /// may be theirs.
    pub fn open(path: &Path) -> Result<Self, CacheError> {
        Self::open_as(rustix::process::geteuid().as_raw(), path)
    }

    fn open_as(owner: u32, path: &Path) -> Result<Self, CacheError> {
        let failed = |source| CacheError::Io { path: path.to_owned(), source };
        let not_ours = |reason: String| CacheError::NotOurs { path: path.to_owned(), reason };
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        let found = fs::symlink_metadata(path).map_err(failed)?;
        if !found.is_dir() {
            return Err(not_ours("it is no folder".to_owned()));
        }
        if found.uid() != owner {
            return Err(not_ours(format!("it belongs to user {}, and this is user {owner}", found.uid())));
        }
        if found.mode() & OTHERS != 0 {
            return Err(not_ours(format!("others may use it (mode {:o})", found.mode() & 0o777)));
        }
        Ok(Self { path: path.to_owned(), owner })
    }

    /// The compiled component of a key, if it is here and sound. What is unsound is removed.
    pub(crate) fn load(&self, key: &Key, engine: &wasmtime::Engine) -> Option<Component> {
        let path = self.entry(key);
        let entry = match self.read_own(&path) {
            Ok(entry) => entry,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(_) => return discard(&path),
        };
        let Some(compiled) = trusted::unseal(&entry) else { return discard(&path) };
        trusted::component(compiled, engine).ok().or_else(|| discard(&path))
    }

    /// Keeps compiled code. It is written beside its place and renamed into it, so that no reader ever
    /// sees a part of it.
    pub(crate) fn store(&self, key: &Key, compiled: &[u8]) -> io::Result<()> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let temporary = self.path.join(format!("{:016x}.new", u64::from_le_bytes(random)));
        let written = write_new(&temporary, &trusted::seal(compiled))
            .and_then(|()| fs::rename(&temporary, self.entry(key)));
        if written.is_err() {
            // Nothing depends on whether the half-written file goes too.
            let _either_way = fs::remove_file(&temporary);
        }
        written
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn entry(&self, key: &Key) -> PathBuf {
        self.path.join(format!("{}.cwasm", key.as_str()))
    }

    /// Reads a plain file that belongs to us and that no other may use. The checks are made on the open file.
    fn read_own(&self, path: &Path) -> io::Result<Vec<u8>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let mut file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
        let found = file.metadata()?;
        let ours = found.is_file() && found.uid() == self.owner && found.mode() & OTHERS == 0;
        if !ours || found.len() > ENTRY_BYTES_MAX {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        let mut entry = Vec::with_capacity(usize::try_from(found.len()).unwrap_or_default());
        file.read_to_end(&mut entry)?;
        // Where the time can't be set, an entry that is in use is compiled anew once a month.
        let _either_way = rustix::fs::futimens(&file, &JUST_USED);
        Ok(entry)
    }
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    // Whatever mode the process's mask left, no other may use it.
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(content)?;
    file.sync_all()
}

fn discard(path: &Path) -> Option<Component> {
    // If it can't be removed it is refused again next time, which is all that matters.
    let _either_way = fs::remove_file(path);
    None
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
