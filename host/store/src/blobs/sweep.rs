//! Removing files that belong to nobody: a cut between a file and its row leaves one, and so does a row that was
//! removed.

use rusqlite::Connection;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::{BlobError, BlobHash, Blobs};
use crate::dir::{DirError, io, no_follow};

impl Blobs {
    /// Looks at every file and removes those without a row. Safe at any time: what is being put is left alone.
    /// Gives back how many there were.
    pub fn sweep(&self, connection: &Connection) -> Result<usize, BlobError> {
        let mut removed = 0;
        for folder in entries(&self.root)? {
            for (prefix, name) in entries(&folder.1)?.into_iter().map(|(name, _)| (&folder.0, name)) {
                if let Some(hash) = BlobHash::from_hex(&format!("{prefix}{name}")) {
                    removed += usize::from(self.discard(connection, hash)?);
                }
            }
        }
        Ok(removed)
    }

    /// Removes the blob's file if it has no row and nobody is putting it: to be called after a row's removal was
    /// committed. Says whether there was one to remove.
    ///
    /// The row is looked for while nobody can claim the blob. A claim that ended before was committed or given up
    /// before, so the row that is missing now stays missing.
    pub fn discard(&self, connection: &Connection, hash: BlobHash) -> Result<bool, BlobError> {
        self.remove(connection, hash, |_| Ok(()))
    }

    /// The same, and its bytes are overwritten first: a person wants them gone. Whoever is still reading it reads zeros.
    pub fn destroy(&self, connection: &Connection, hash: BlobHash) -> Result<bool, BlobError> {
        self.remove(connection, hash, overwrite)
    }

    fn remove(
        &self,
        connection: &Connection,
        hash: BlobHash,
        first: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<bool, BlobError> {
        let path = self.file(hash);
        let removed = self.claims.unless_claimed(hash, || {
            if has_row(connection, hash)? {
                return Ok(false);
            }
            match first(&path) {
                Err(error) if !is_not_ours(&error) => return Err(io("overwrite", &path)(error).into()),
                _ => {}
            }
            match fs::remove_file(&path) {
                Ok(()) => Ok(true),
                Err(error) if is_not_ours(&error) => Ok(false),
                Err(error) => Err(io("remove", &path)(error).into()),
            }
        });
        removed.unwrap_or(Ok(false))
    }
}

/// Writes zeros over a file, and waits until the disk has them. What is no file holds nothing of ours.
fn overwrite(path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Ok(());
    }
    let mut file = OpenOptions::new().write(true).custom_flags(no_follow()).open(path)?;
    let length = file.metadata()?.len();
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    file.sync_all()
}

/// Removes every file in the folder.
pub(super) fn empty(folder: &Path) -> Result<(), DirError> {
    for (_, path) in entries(folder)? {
        match fs::remove_file(&path) {
            Err(error) if is_not_ours(&error) => {}
            removed => removed.map_err(io("remove", &path))?,
        }
    }
    Ok(())
}

/// Nothing is there, or a directory, which is nothing of ours: it takes no room, and must not stop the others.
fn is_not_ours(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::IsADirectory)
}

/// Whether the database knows of this content.
pub(crate) fn has_row(connection: &Connection, hash: BlobHash) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM blob WHERE hash = ?1")?.exists([hash])
}

/// What is in a folder, by name. What is no folder holds nothing, and neither does a link: what it leads to is not
/// ours to sweep.
fn entries(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>, DirError> {
    if !fs::symlink_metadata(folder).map_err(io("look at", folder))?.is_dir() {
        return Ok(Vec::new());
    }
    let found = fs::read_dir(folder).map_err(io("list", folder))?;
    let named = found
        .map(|entry| entry.map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())));
    named.collect::<Result<_, _>>().map_err(io("list", folder))
}
