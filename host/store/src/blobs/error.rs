//! Why a blob could not be kept or had.

use std::io;
use std::path::PathBuf;

use super::hash::BlobHash;
use crate::dir::DirError;

/// Why a blob could not be kept or had.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// It is gone, or it is not what was stored. Trying again won't help: the item it belongs to fails as damaged.
    #[error(
        "failed to read blob {hash}: {what} at {path:?}; restore the file from a backup and retry, or drop the item"
    )]
    Damaged {
        /// The blob.
        hash: BlobHash,
        /// The file it is in: its own, or the database.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// There is no blob of that name.
    #[error("failed to read blob {hash}: the database knows no such blob")]
    Unknown {
        /// The blob.
        hash: BlobHash,
    },
    /// Its file could not be written or read.
    #[error("failed to {action} blob {hash} at {path:?}: {source}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The blob.
        hash: BlobHash,
        /// Its file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder is not usable.
    #[error("failed to use the folder of blobs: {0}")]
    Dir(#[from] DirError),
    /// SQLite refused.
    #[error("failed to look up a blob: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_names_its_blob() {
        let hash = BlobHash::from_bytes([0xab; 32]);
        let name = "ab".repeat(32);
        let (path, source) = (PathBuf::from("/d/b"), || io::Error::from_raw_os_error(28));
        assert_eq!(
            BlobError::Damaged { hash, path: path.clone(), what: "nothing is".into() }.to_string(),
            format!(
                "failed to read blob {name}: nothing is at \"/d/b\"; restore the file from a backup and retry, or drop the item"
            )
        );
        assert_eq!(
            BlobError::Unknown { hash }.to_string(),
            format!("failed to read blob {name}: the database knows no such blob")
        );
        assert_eq!(
            BlobError::Io { action: "write", hash, path: path.clone(), source: source() }.to_string(),
            format!("failed to write blob {name} at \"/d/b\": No space left on device (os error 28)")
        );
        assert_eq!(
            BlobError::from(DirError::Io { action: "open", path, source: source() }).to_string(),
            "failed to use the folder of blobs: failed to open \"/d/b\": No space left on device (os error 28)"
        );
        assert_eq!(
            BlobError::from(rusqlite::Error::InvalidQuery).to_string(),
            "failed to look up a blob: Query is not read-only"
        );
    }
}
