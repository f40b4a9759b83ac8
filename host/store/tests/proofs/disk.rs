//! A model of a disk with a cache in front of it: what a power cut may leave of what was written.
//!
//! What it takes for granted is little. A sector of 512 bytes is old or new, never a mixture, and what shares a
//! sector with a write is not lost by it; a rename within one directory happens or doesn't. All else is open: each
//! sector of a file may be as it was after any of the writes since its last sync, whatever became of the others; the
//! length likewise; names are kept as of the directory's last sync, or of any moment after. When a sync fails, what
//! it should have written is undecided for good, as on Linux: later syncs do not bring it back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::trace::Call;

/// What a disk writes in one piece.
pub(crate) const SECTOR: usize = 512;

/// A file's number: names come and go, the content stays.
pub(crate) type Number = usize;

/// One file's content.
#[derive(Debug, Default)]
pub(crate) struct File {
    /// What is on the disk for certain.
    pub(crate) durable: Vec<u8>,
    /// What the process sees.
    cache: Vec<u8>,
    /// What each sector has been since it was last certain.
    pub(crate) sectors: BTreeMap<usize, Vec<Vec<u8>>>,
    /// The sectors that the next sync will write.
    dirty: BTreeSet<usize>,
    /// The lengths since the last sync.
    pub(crate) lengths: Vec<usize>,
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A file.
    File(Number),
    /// A directory, under the same path.
    Directory,
}

/// A directory's names.
pub(crate) type Names = BTreeMap<String, Entry>;

/// One directory.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// The names as they were at each moment since the last sync, the first one certain.
    pub(crate) moments: Vec<Names>,
}

/// The data directory.
#[derive(Debug)]
pub(crate) struct Disk {
    pub(crate) root: PathBuf,
    pub(crate) files: Vec<File>,
    pub(crate) directories: BTreeMap<PathBuf, Directory>,
    /// Syncs that are passed over, for controls: the disk says that it is done, and nothing was.
    deaf: fn(&Path) -> bool,
}

impl Disk {
    /// A disk on which the data directory's parent is there, and nothing in it.
    pub(crate) fn new(root: &Path, deaf: fn(&Path) -> bool) -> Self {
        let parent = root.parent().unwrap().to_owned();
        let directories = BTreeMap::from([(parent, Directory { moments: vec![Names::new()] })]);
        Self { root: root.to_owned(), files: Vec::new(), directories, deaf }
    }

    /// Does what a call did. What lies outside of the data directory is passed over.
    pub(crate) fn apply(&mut self, call: &Call) {
        match call {
            Call::Create { path, truncate } if self.is_ours(path) => {
                if self.find(path).is_none() {
                    self.files.push(File::default());
                    let number = self.files.len() - 1;
                    self.change(path, |names, name| {
                        names.insert(name, Entry::File(number));
                    });
                } else if *truncate {
                    self.file(path).set_length(0);
                }
            }
            Call::MakeDirectory { path } if self.is_ours(path) || *path == self.root => {
                self.directories.insert(path.clone(), Directory { moments: vec![Names::new()] });
                self.change(path, |names, name| {
                    names.insert(name, Entry::Directory);
                });
            }
            Call::Write { path, offset, bytes } if self.is_ours(path) => {
                self.file(path).write(*offset, bytes);
            }
            Call::Append { path, bytes } if self.is_ours(path) => {
                let file = self.file(path);
                file.write(file.cache.len(), bytes);
            }
            Call::Truncate { path, length } if self.is_ours(path) => self.file(path).set_length(*length),
            Call::Sync { path, ok } => self.sync(path, *ok),
            Call::Rename { from, to } if self.is_ours(from) => self.rename(from, to),
            Call::Unlink { path } if self.is_ours(path) => {
                self.change(path, |names, name| {
                    names.remove(&name);
                });
            }
            _ => {}
        }
    }

    /// The files of the data directory that hold writes which are not certain yet.
    pub(crate) fn unsynced(&self) -> Vec<&str> {
        let names = self.directories.get(&self.root).and_then(|directory| directory.moments.last());
        let dirty =
            |entry: &Entry| matches!(entry, Entry::File(number) if !self.files[*number].dirty.is_empty());
        names.into_iter().flatten().filter(|(_, entry)| dirty(entry)).map(|(name, _)| name.as_str()).collect()
    }

    /// The log's index is made anew after a power cut: what it was says nothing.
    fn is_ours(&self, path: &Path) -> bool {
        path != self.root && path.starts_with(&self.root) && !path.to_string_lossy().ends_with("-shm")
    }

    fn find(&self, path: &Path) -> Option<Number> {
        let names = self.directories.get(path.parent()?)?.moments.last()?;
        match names.get(path.file_name()?.to_str()?) {
            Some(Entry::File(number)) => Some(*number),
            _ => None,
        }
    }

    fn file(&mut self, path: &Path) -> &mut File {
        let number = self.find(path).unwrap_or_else(|| panic!("{} was never made", path.display()));
        &mut self.files[number]
    }

    fn change(&mut self, path: &Path, change: impl FnOnce(&mut Names, String)) {
        let directory = self.directories.get_mut(path.parent().unwrap()).unwrap();
        let mut names = directory.moments.last().unwrap().clone();
        change(&mut names, path.file_name().unwrap().to_str().unwrap().to_owned());
        directory.moments.push(names);
    }

    /// Between two directories the new name and the end of the old one are separate changes.
    fn rename(&mut self, from: &Path, to: &Path) {
        let entry = Entry::File(self.find(from).unwrap());
        if from.parent() == to.parent() {
            let old = from.file_name().unwrap().to_str().unwrap();
            self.change(to, |names, name| {
                names.remove(old);
                names.insert(name, entry);
            });
        } else {
            self.change(to, |names, name| {
                names.insert(name, entry);
            });
            self.change(from, |names, name| {
                names.remove(&name);
            });
        }
    }

    fn sync(&mut self, path: &Path, ok: bool) {
        if (self.deaf)(path) {
            return;
        }
        if let Some(directory) = self.directories.get_mut(path) {
            if ok {
                directory.moments.drain(..directory.moments.len() - 1);
            }
        } else if self.is_ours(path) {
            self.file(path).sync(ok);
        }
    }
}

impl File {
    fn write(&mut self, offset: usize, bytes: &[u8]) {
        let end = offset + bytes.len();
        if self.cache.len() < end {
            self.cache.resize(end, 0);
        }
        self.cache[offset..end].copy_from_slice(bytes);
        self.touch(offset, end);
    }

    fn set_length(&mut self, length: usize) {
        let before = self.cache.len();
        self.cache.resize(length, 0);
        // What was cut off reads as zeros if the file grows again.
        self.touch(length.min(before), length.max(before));
    }

    fn touch(&mut self, start: usize, end: usize) {
        for sector in start / SECTOR..end.div_ceil(SECTOR) {
            let mut content = vec![0; SECTOR];
            let from = (sector * SECTOR).min(self.cache.len());
            let to = (from + SECTOR).min(self.cache.len());
            content[..to - from].copy_from_slice(&self.cache[from..to]);
            self.sectors.entry(sector).or_default().push(content);
            self.dirty.insert(sector);
        }
        self.lengths.push(self.cache.len());
    }

    fn sync(&mut self, ok: bool) {
        let dirty = std::mem::take(&mut self.dirty);
        if !ok {
            return;
        }
        self.durable.resize(self.cache.len(), 0);
        for sector in dirty {
            self.sectors.remove(&sector);
            let from = (sector * SECTOR).min(self.cache.len());
            let to = (from + SECTOR).min(self.cache.len());
            self.durable[from..to].copy_from_slice(&self.cache[from..to]);
        }
        self.lengths.clear();
    }
}
