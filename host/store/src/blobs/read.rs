//! Having a blob: it is checked once, when it is opened; then any part of it can be read.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{BlobError, BlobHash, Blobs};
use crate::dir::no_follow;

/// How much of a file is in memory while it is checked.
const CHUNK: usize = 64 << 10;

/// A blob whose size and hash were found right. A file that is put in its place later is not seen.
#[derive(Debug)]
pub struct Blob {
    hash: BlobHash,
    size: u64,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Memory(Vec<u8>),
    File { file: File, path: PathBuf },
}

impl Blobs {
    /// Opens the blob and checks all of it, a piece at a time.
    pub fn get(&self, connection: &Connection, hash: BlobHash) -> Result<Blob, BlobError> {
        let row = connection
            .prepare_cached("SELECT size, data FROM blob WHERE hash = ?1")?
            .query_row([hash], |row| {
                Ok((row.get::<_, i64>(0)?.cast_unsigned(), row.get::<_, Option<Vec<u8>>>(1)?))
            })
            .optional()?;
        let Some((size, data)) = row else { return Err(BlobError::Unknown { hash }) };
        let damaged = |path: &Path, what| BlobError::Damaged { hash, path: path.to_owned(), what };
        let Some(data) = data else { return self.open_file(hash, size) };
        if BlobHash::of(&data) != hash {
            let database = PathBuf::from(connection.path().unwrap_or_default());
            return Err(damaged(&database, "what lies in the row is not what was stored".into()));
        }
        Ok(Blob { hash, size, content: Content::Memory(data) })
    }

    fn open_file(&self, hash: BlobHash, size: u64) -> Result<Blob, BlobError> {
        let path = self.file(hash);
        let damaged = |what| BlobError::Damaged { hash, path: path.clone(), what };
        let stranger = || damaged("what lies there is not a regular file".into());
        let failed = |source| BlobError::Io { action: "read", hash, path: path.clone(), source };
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_file() => return Err(stranger()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(damaged("nothing is".into()));
            }
            _ => {}
        }
        // Should it be exchanged in between: a pipe is opened without waiting for whoever writes to it.
        let flags = no_follow() | rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
        let file = match OpenOptions::new().read(true).custom_flags(flags).open(&path) {
            Ok(file) => file,
            Err(source) => return Err(BlobError::Io { action: "open", hash, path, source }),
        };
        let found = file.metadata().map_err(failed)?;
        if !found.is_file() {
            return Err(stranger());
        }
        let found = found.len();
        if found != size {
            return Err(damaged(format!("there are {found} bytes instead of {size}")));
        }
        if digest(&file).map_err(failed)? != hash {
            return Err(damaged("what lies there is not what was stored".into()));
        }
        Ok(Blob { hash, size, content: Content::File { file, path } })
    }
}

impl Blob {
    /// Its name.
    pub fn hash(&self) -> BlobHash {
        self.hash
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// At most `length` bytes from `offset` on: fewer at its end, none past it.
    pub fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, BlobError> {
        let left = usize::try_from(self.size.saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = length.min(left);
        match &self.content {
            Content::Memory(content) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
                Ok(content[start..start + length].to_vec())
            }
            Content::File { file, path } => {
                let mut part = vec![0; length];
                file.read_exact_at(&mut part, offset).map_err(|source| BlobError::Io {
                    action: "read",
                    hash: self.hash,
                    path: path.clone(),
                    source,
                })?;
                Ok(part)
            }
        }
    }
}

fn digest(mut file: &File) -> io::Result<BlobHash> {
    let mut digest = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => return Ok(BlobHash::from_bytes(digest.finalize().into())),
            Ok(length) => digest.update(&chunk[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
