//! Files under the one folder that the configuration grants a target.
//!
//! Two promises. A path never leads out of the folder: the folder is a capability, and everything is opened
//! relative to it. And nothing settled is ever cut off: a path is held by the call that wrote it until that call
//! is settled, and an append that expects less than was settled is refused, since it comes from a call that read
//! its state before.

use std::collections::HashMap;
use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::http::HttpChunk;

/// Attachments are copied in pieces of this size.
const PIECE_BYTES: usize = 256 * 1024;
const PATH_BYTES_MAX: usize = 1024;
/// A path has at most so many parts, and one call writes at most so many paths: empty files and folders take no bytes
/// of a plugin's bound and their room on the disk all the same.
const PATH_PARTS_MAX: usize = 16;
const PATHS_HELD_MAX: usize = 1000;
/// How the name of a file ends that is being replaced.
const TEMPORARY: &str = ".stint-new";

/// A folder in which a plugin may write.
pub struct Folder {
    dir: Dir,
    ledger: Arc<Mutex<HashMap<String, Entry>>>,
}

/// What is known about a path since the host started.
#[derive(Default)]
struct Entry {
    held: bool,
    /// The length at the last settled append.
    settled: Option<u64>,
}

/// Why a file could not be written or looked at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It may not.
    #[error("{0}")]
    Refused(String),
    /// There is no room.
    #[error("{0}")]
    Full(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Folder {
    /// Opens a folder the operator named.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { dir: Dir::open_ambient_dir(path, ambient_authority())?, ledger: Arc::default() })
    }

    /// Whether a plain file is there.
    pub fn exists(&self, path: &str) -> Result<bool, FileError> {
        check_path(path)?;
        match self.dir.symlink_metadata(path) {
            Ok(found) => Ok(found.is_file()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(refused_or(path, &error)),
        }
    }

    /// Appends behind the first `expected` bytes, cutting off the rest, and answers with the new length.
    pub fn append(
        &self,
        path: &str,
        expected: u64,
        content: &[HttpChunk],
        held: &FilesHeld,
    ) -> Result<u64, FileError> {
        check_path(path)?;
        held.hold(self, path)?;
        self.ready(path)?;
        if let Some(settled) = self.settled(path).filter(|settled| *settled > expected) {
            return Err(FileError::Refused(format!(
                "`{path}` has {settled} settled bytes and only {expected} were expected: another call wrote it since \
                 this one read its state; try again"
            )));
        }
        let length = self.write_behind(path, expected, content)?;
        held.appended(path, length);
        Ok(length)
    }

    /// Replaces a file in one step.
    pub fn write(&self, path: &str, content: &[HttpChunk], held: &FilesHeld) -> Result<(), FileError> {
        check_path(path)?;
        held.hold(self, path)?;
        self.ready(path)?;
        let temporary = format!("{path}{TEMPORARY}");
        let replaced = self.replace(path, &temporary, content);
        if replaced.is_err() {
            // The half-written file is of no use; that it can't be removed either changes nothing.
            let _either_way = self.dir.remove_file(&temporary);
        }
        replaced.map_err(|error| refused_or(path, &error))
    }

    fn replace(&self, path: &str, temporary: &str, content: &[HttpChunk]) -> io::Result<()> {
        self.remove_left_over(temporary)?;
        let mut file = self.dir.open_with(temporary, OpenOptions::new().write(true).create_new(true))?;
        copy(content, &mut file)?;
        file.sync_all()?;
        drop(file);
        self.dir.rename(temporary, &self.dir, path)?;
        self.sync_parent(path)
    }

    fn remove_left_over(&self, temporary: &str) -> io::Result<()> {
        match self.dir.remove_file(temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn write_behind(&self, path: &str, expected: u64, content: &[HttpChunk]) -> Result<u64, FileError> {
        let io_error = |error: io::Error| refused_or(path, &error);
        let is_new = !self.exists(path)?;
        let mut options = OpenOptions::new();
        options.write(true).create(true);
        let mut file = self.dir.open_with(path, &options).map_err(io_error)?;
        let length = file.metadata().map_err(io_error)?.len();
        if length < expected {
            return Err(FileError::Refused(format!(
                "`{path}` has {length} bytes, fewer than the {expected} expected: it was changed by something else"
            )));
        }
        file.set_len(expected).map_err(io_error)?;
        file.seek(SeekFrom::Start(expected)).map_err(io_error)?;
        let added =
            copy(content, &mut file).and_then(|added| file.sync_all().map(|()| added)).map_err(io_error)?;
        if is_new {
            self.sync_parent(path).map_err(io_error)?;
        }
        Ok(expected + added)
    }

    /// Makes the folders on the way, and looks at what is there.
    fn ready(&self, path: &str) -> Result<(), FileError> {
        if let Some((parent, _)) = path.rsplit_once('/') {
            self.dir.create_dir_all(parent).map_err(|error| refused_or(path, &error))?;
        }
        match self.dir.symlink_metadata(path) {
            Ok(found) if !found.is_file() => {
                Err(FileError::Refused(format!("`{path}` is there and isn't a plain file")))
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(refused_or(path, &error)),
            _ => Ok(()),
        }
    }

    /// Makes the entry of a file in its folder durable, and those of the folders on the way.
    fn sync_parent(&self, path: &str) -> io::Result<()> {
        let mut parent = path;
        while let Some((above, _)) = parent.rsplit_once('/') {
            self.dir.open(above)?.sync_all()?;
            parent = above;
        }
        // The capability itself is open for its path alone, which can't be synced.
        self.dir.open(".")?.sync_all()
    }

    fn settled(&self, path: &str) -> Option<u64> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner).get(path).and_then(|entry| entry.settled)
    }
}

/// The paths that one call has written. They stay closed to other calls until this is settled or dropped.
#[derive(Clone, Default)]
pub struct FilesHeld(Arc<Held>);

#[derive(Default)]
struct Held {
    paths: Mutex<HashMap<String, HeldPath>>,
}

struct HeldPath {
    ledger: Arc<Mutex<HashMap<String, Entry>>>,
    appended: Option<u64>,
}

impl FilesHeld {
    /// The call's outcomes are durable: what it appended is never cut off again.
    pub fn settle(self) {
        let mut paths = self.0.paths.lock().unwrap_or_else(PoisonError::into_inner);
        for (path, held) in paths.drain() {
            release(&path, &held, held.appended);
        }
    }

    /// How many paths are held.
    pub fn count(&self) -> usize {
        self.0.paths.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn hold(&self, folder: &Folder, path: &str) -> Result<(), FileError> {
        let mut paths = self.0.paths.lock().unwrap_or_else(PoisonError::into_inner);
        if paths.contains_key(path) {
            return Ok(());
        }
        if paths.len() >= PATHS_HELD_MAX {
            return Err(FileError::Full(format!(
                "one call may write {PATHS_HELD_MAX} files, and this would be one more"
            )));
        }
        let mut ledger = folder.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = ledger.entry(path.to_owned()).or_default();
        if entry.held {
            return Err(FileError::Refused(format!("another call is writing `{path}`; try again")));
        }
        entry.held = true;
        paths.insert(path.to_owned(), HeldPath { ledger: Arc::clone(&folder.ledger), appended: None });
        Ok(())
    }

    fn appended(&self, path: &str, length: u64) {
        let mut paths = self.0.paths.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = paths.get_mut(path) {
            held.appended = Some(length);
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let paths = self.paths.get_mut().unwrap_or_else(PoisonError::into_inner);
        for (path, held) in paths.drain() {
            release(&path, &held, None);
        }
    }
}

/// Opens a path to other calls again. Only paths with a settled length are remembered.
fn release(path: &str, held: &HeldPath, settled: Option<u64>) {
    let mut ledger = held.ledger.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(entry) = ledger.get_mut(path) else { return };
    entry.held = false;
    entry.settled = settled.or(entry.settled);
    if entry.settled.is_none() {
        ledger.remove(path);
    }
}

/// Accepts relative paths of plain names. cap-std would refuse the others too; this says why, and before any folder
/// is made.
fn check_path(path: &str) -> Result<(), FileError> {
    let refuse = |why: &str| Err(FileError::Refused(format!("`{}` {why}", path.escape_debug())));
    if path.is_empty() || path.len() > PATH_BYTES_MAX {
        return refuse("is no path of at most 1024 bytes");
    }
    if path.starts_with('/') {
        return refuse("is not relative to the granted folder");
    }
    if path.contains(['\\', '\0']) || path.chars().any(char::is_control) {
        return refuse("has a character that no file's name may have");
    }
    if path.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        return refuse("has a part that is empty, `.` or `..`");
    }
    if path.split('/').count() > PATH_PARTS_MAX {
        return refuse("has more than 16 parts");
    }
    if path.ends_with(TEMPORARY) {
        return refuse("ends like the host's own temporary files");
    }
    Ok(())
}

fn copy(content: &[HttpChunk], to: &mut impl Write) -> io::Result<u64> {
    let mut written = 0;
    for chunk in content {
        match chunk {
            HttpChunk::Bytes(bytes) => to.write_all(bytes)?,
            HttpChunk::Attachment(file) => pieces(file.as_ref(), |piece| to.write_all(piece))?,
            HttpChunk::Base64(file) => {
                pieces(file.as_ref(), |piece| to.write_all(BASE64_STANDARD.encode(piece).as_bytes()))?;
            }
        }
        written += chunk.length();
    }
    Ok(written)
}

/// Reads an attachment piece by piece. Every piece but the last has a length that base64 can be continued after.
fn pieces(
    file: &dyn crate::attachment::Attachment,
    mut to: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let (mut offset, mut waiting) = (0, Vec::new());
    loop {
        let piece = file.read_at(offset, PIECE_BYTES)?;
        offset += piece.len() as u64;
        let is_last = piece.is_empty();
        waiting.extend(piece);
        let whole = if is_last { waiting.len() } else { waiting.len() - waiting.len() % 3 };
        to(&waiting[..whole])?;
        waiting.drain(..whole);
        if is_last {
            break;
        }
    }
    if offset == file.size() { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn refused_or(path: &str, error: &io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            FileError::Full(format!("no room for `{path}`: {error}"))
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            FileError::Refused(format!("`{path}` can't be reached: {error}"))
        }
        _ => FileError::Other(format!("`{path}`: {error}")),
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
