//! Content that is too large for a row, by the hash of what it is. Up to [`INLINE_BYTES`] lie in the database, larger
//! content is a file of its own.
//!
//! Invariants: the row of a file is written after the file is durable, so a row never names a file that a power cut
//! took. A file without a row belongs to nobody and is swept, unless it is just being put. What is read is what was
//! stored, or an error that names it.

mod claims;
mod error;
mod hash;
mod put;
mod read;
mod sweep;

pub use error::BlobError;
pub use hash::BlobHash;
pub use put::NewBlob;
pub use read::Blob;
pub(crate) use sweep::has_row;

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use crate::dir::{DataDir, DirError, ensure_directory};
use claims::Claims;

/// The most that lies in a row: reading that much from a row is faster than opening a file, and more would make the
/// database slow to back up.
pub const INLINE_BYTES: usize = 256 << 10;

/// Where blobs that are files lie: two hexadecimal digits of the hash name a folder, the others the file.
#[derive(Debug)]
pub struct Blobs {
    root: PathBuf,
    unfinished: PathBuf,
    claims: Arc<Claims>,
    next: AtomicU64,
    /// Folders whose entries in the root are known to be durable.
    durable: Mutex<[bool; 256]>,
}

impl Blobs {
    /// The blobs of a data directory. What earlier processes left unfinished is removed.
    pub(crate) fn open(dir: &DataDir) -> Result<Self, DirError> {
        let blobs = Self::as_they_are(dir);
        dir.subdirectory("blobs")?;
        ensure_directory(&blobs.unfinished)?;
        sweep::empty(&blobs.unfinished)?;
        Ok(blobs)
    }

    /// The same on a disk that can't be written: nothing is made and nothing removed.
    pub(crate) fn as_they_are(dir: &DataDir) -> Self {
        let root = dir.join("blobs");
        Self {
            unfinished: root.join("unfinished"),
            root,
            claims: Arc::default(),
            next: AtomicU64::new(0),
            durable: Mutex::new([false; 256]),
        }
    }

    fn folder(&self, hash: BlobHash) -> PathBuf {
        self.root.join(&hash.to_string()[..2])
    }

    fn file(&self, hash: BlobHash) -> PathBuf {
        self.folder(hash).join(&hash.to_string()[2..])
    }
}

#[cfg(test)]
mod tests;
