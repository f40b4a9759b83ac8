//! Keeping a blob: the file first, then the row.

use rusqlite::{Transaction, params};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use super::claims::Claim;
use super::{BlobError, BlobHash, Blobs, INLINE_BYTES};
use crate::dir::{create_private, ensure_directory, sync_directory};

/// A blob that is as durable as it can be without its row. Its file is safe from being swept while this lives:
/// keep it until the transaction that writes the row is committed.
#[derive(Debug)]
pub struct NewBlob {
    hash: BlobHash,
    size: u64,
    /// The content, unless it is in a file.
    content: Option<Vec<u8>>,
    _claim: Claim,
}

impl Blobs {
    /// Makes the content durable when it is large, and gives back what writes its row. Waits for the disk, so call it
    /// where that is no harm, never inside a transaction.
    pub fn put(&self, content: Vec<u8>) -> Result<NewBlob, BlobError> {
        let hash = BlobHash::of(&content);
        let size = content.len() as u64;
        let claim = self.claims.claim(hash);
        let content = if content.len() <= INLINE_BYTES {
            Some(content)
        } else {
            self.write_file(hash, &content)?;
            None
        };
        Ok(NewBlob { hash, size, content, _claim: claim })
    }

    /// A file of that name may be there: it is written anew, which also mends one that was altered.
    fn write_file(&self, hash: BlobHash, content: &[u8]) -> Result<(), BlobError> {
        let folder = self.folder(hash);
        ensure_directory(&folder)?;
        self.sync_root_once(hash)?;
        let unfinished = self.unfinished_file();
        let path = self.file(hash);
        let written = write(&unfinished, hash, content)
            .and_then(|()| fs::rename(&unfinished, &path).map_err(failed("name", hash, &path)));
        if written.is_err() {
            // A half blob only takes room; the next start removes it if this fails.
            let _ = fs::remove_file(&unfinished);
        }
        written?;
        Ok(sync_directory(&folder)?)
    }

    /// A name that nothing has: a stranger may have left something there.
    fn unfinished_file(&self) -> PathBuf {
        loop {
            let path = self.unfinished.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
            if fs::symlink_metadata(&path).is_err() {
                return path;
            }
        }
    }

    /// A folder's own entry must be durable too. It may have been made by a process that was killed before it could
    /// see to that, so the first use in each process does.
    fn sync_root_once(&self, hash: BlobHash) -> Result<(), BlobError> {
        let mut durable = self.durable.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut durable[usize::from(hash.as_bytes()[0])];
        if !*known {
            sync_directory(&self.root)?;
            *known = true;
        }
        Ok(())
    }
}

impl NewBlob {
    /// The blob's name.
    pub fn hash(&self) -> BlobHash {
        self.hash
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Writes the row, unless the content is stored already.
    pub fn insert(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        transaction
            .prepare_cached(
                "INSERT INTO blob (hash, size, in_file, data) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (hash) DO NOTHING",
            )?
            .execute(params![self.hash, self.size.cast_signed(), self.content.is_none(), self.content])?;
        Ok(())
    }
}

fn write(path: &Path, hash: BlobHash, content: &[u8]) -> Result<(), BlobError> {
    let mut file = create_private(path)?;
    file.write_all(content).map_err(failed("write", hash, path))?;
    file.sync_all().map_err(failed("make durable", hash, path))
}

fn failed(action: &'static str, hash: BlobHash, path: &Path) -> impl FnOnce(io::Error) -> BlobError {
    let path = path.to_owned();
    move |source| BlobError::Io { action, hash, path, source }
}
