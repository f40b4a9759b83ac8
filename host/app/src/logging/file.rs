//! The log's file. When it is full it becomes `NAME.1`, the one before it `NAME.2`, and the oldest goes. A line is
//! never parted, and a log that can't be written never stops what it is about. A file that somebody removes or moves
//! away is made again with the next line: what a deleted file is told, nobody reads.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;

/// The log's file can't be used.
#[derive(Debug, thiserror::Error)]
#[error("failed to open the log {}: {source}; change log.file or make room for it", path.display())]
pub(crate) struct LogFileError {
    path: PathBuf,
    source: io::Error,
}

/// A file that is turned over when it is full.
#[derive(Clone, Debug)]
pub(super) struct RotatingFile(Arc<Mutex<Open>>);

#[derive(Debug)]
struct Open {
    path: PathBuf,
    file: File,
    size: u64,
    size_max: u64,
    kept: u32,
}

impl RotatingFile {
    /// Opens the file, and goes on where it ends.
    pub(super) fn open(path: &Path, size_max: u64, kept: u32) -> Result<Self, LogFileError> {
        let opened =
            folder(path).and_then(|()| append(path)).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (size, file) = opened.map_err(|source| LogFileError { path: path.to_owned(), source })?;
        Ok(Self(Arc::new(Mutex::new(Open { path: path.to_owned(), file, size, size_max, kept }))))
    }
}

fn folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
        }
        _ => Ok(()),
    }
}

/// Opens what is a file, or becomes one. A pipe would wait for somebody who reads it, with all that log.
fn append(path: &Path) -> io::Result<File> {
    let kind = fs::metadata(path).map(|found| found.file_type());
    if kind.as_ref().is_ok_and(|kind| kind.is_fifo() || kind.is_socket()) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is a pipe or a socket, and a file is meant",
        ));
    }
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

impl Open {
    /// Writes one line whole.
    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        if !self.is_there() {
            // Where it can't be made, what is still open is better than nothing.
            let _ = self.open_again();
        }
        let length = u64::try_from(line.len()).unwrap_or(u64::MAX);
        if self.size > 0 && self.size.saturating_add(length) > self.size_max {
            // A file that can't be turned over grows on: that is better than to be silent.
            let _ = self.turn_over();
        }
        self.file.write_all(line)?;
        self.size = self.size.saturating_add(length);
        Ok(())
    }

    /// Whether the open file still has its name. A look costs a microsecond, and lines are few.
    fn is_there(&self) -> bool {
        let (Ok(named), Ok(open)) = (fs::metadata(&self.path), self.file.metadata()) else { return false };
        (named.dev(), named.ino()) == (open.dev(), open.ino())
    }

    /// Goes on in the file that has the name, a new one if none has.
    fn open_again(&mut self) -> io::Result<()> {
        folder(&self.path)?;
        let file = append(&self.path)?;
        self.size = file.metadata()?.len();
        self.file = file;
        Ok(())
    }

    fn turn_over(&mut self) -> io::Result<()> {
        for number in (1..self.kept).rev() {
            let (from, to) = (numbered(&self.path, number), numbered(&self.path, number + 1));
            match fs::rename(from, to) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if self.kept > 0 {
            fs::rename(&self.path, numbered(&self.path, 1))?;
        } else {
            fs::remove_file(&self.path)?;
        }
        self.file = append(&self.path)?;
        self.size = 0;
        Ok(())
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

/// One line on its way: tracing writes it in pieces.
pub(super) struct Line {
    to: Arc<Mutex<Open>>,
    text: Vec<u8>,
}

impl Write for Line {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.text.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let mut open = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = open.line(&self.text);
    }
}

impl MakeWriter<'_> for RotatingFile {
    type Writer = Line;

    fn make_writer(&self) -> Line {
        Line { to: Arc::clone(&self.0), text: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_full_file_is_turned_over_and_no_line_is_parted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/stint.log");
        let log = RotatingFile::open(&path, 10, 2).unwrap();
        for line in ["one\n", "two\n", "three\n", "a line that is longer than a file\n", "five\n"] {
            log.make_writer().write_all(line.as_bytes()).unwrap();
        }
        let read = |path: PathBuf| fs::read_to_string(path).unwrap();
        assert_eq!(read(path.clone()), "five\n");
        assert_eq!(read(numbered(&path, 1)), "a line that is longer than a file\n");
        assert_eq!(read(numbered(&path, 2)), "three\n");
        assert!(!numbered(&path, 3).exists());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let again = RotatingFile::open(&path, 10, 0).unwrap();
        again.make_writer().write_all(b"after a restart\n").unwrap();
        assert_eq!(read(path), "after a restart\n", "none is kept, and the size is known from before");
    }

    #[test]
    fn a_file_that_is_removed_or_moved_away_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs/stint.log");
        let log = RotatingFile::open(&path, 1_000, 2).unwrap();
        let write = |line: &str| log.make_writer().write_all(line.as_bytes()).unwrap();
        write("one\n");
        fs::rename(&path, folder.path().join("moved")).unwrap();
        write("two\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "two\n");
        fs::remove_dir_all(folder.path().join("logs")).unwrap();
        write("three\n");
        assert_eq!(fs::read_to_string(&path).unwrap(), "three\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_to_string(folder.path().join("moved")).unwrap(), "one\n");
    }

    #[test]
    fn a_pipe_is_no_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        let error = RotatingFile::open(&path, 10, 1).unwrap_err().to_string();
        assert!(error.contains("it is a pipe or a socket, and a file is meant; change log.file"), "{error}");
    }

    #[test]
    fn a_file_that_cannot_be_opened_is_an_error_that_says_what_to_do() {
        let error = RotatingFile::open(Path::new("/proc/nowhere/stint.log"), 10, 1).unwrap_err().to_string();
        assert_eq!(
            error,
            "failed to open the log /proc/nowhere/stint.log: No such file or directory (os error 2); \
             change log.file or make room for it"
        );
    }
}
