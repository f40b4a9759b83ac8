//! What tells that a file is another one than before, without reading it, and the files that could be plugins.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Where a file is on its disk, how large it is, and when it or what is known of it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
    described: (i64, i64),
}

impl Stamp {
    /// A file's stamp.
    pub(super) fn of(file: &Path) -> io::Result<Self> {
        look(file).map(|found| Self::from(&found))
    }

    /// Whether it is the same file with the same content, perhaps under another name.
    pub(super) fn has_moved_to(&self, other: &Self) -> bool {
        let content = |stamp: &Self| (stamp.device, stamp.inode, stamp.bytes, stamp.changed);
        content(self) == content(other)
    }
}

impl From<&Metadata> for Stamp {
    fn from(found: &Metadata) -> Self {
        Self {
            device: found.dev(),
            inode: found.ino(),
            bytes: found.size(),
            changed: (found.mtime(), found.mtime_nsec()),
            described: (found.ctime(), found.ctime_nsec()),
        }
    }
}

/// What is known of a file. A link stands for what it leads to; one that can't be followed, in a circle for instance,
/// stands for itself, so that whoever reads it meets the reason.
fn look(file: &Path) -> io::Result<Metadata> {
    match fs::metadata(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => fs::symlink_metadata(file),
        found => found,
    }
}

/// The files of a folder that could be plugins: `*.wasm`, and none that is hidden, because that is what programs call
/// a copy that isn't finished.
pub(super) fn scan(folder: &Path) -> io::Result<BTreeMap<PathBuf, Stamp>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if !could_be_a_plugin(&file) {
            continue;
        }
        // One that went away meanwhile, or a link to nowhere, is no file.
        match look(&file) {
            Ok(metadata) if !metadata.is_dir() => found.insert(file, Stamp::from(&metadata)),
            _ => None,
        };
    }
    Ok(found)
}

fn could_be_a_plugin(file: &Path) -> bool {
    let hidden = file.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden && file.extension().is_some_and(|extension| extension == "wasm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_could_be_plugins_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| fs::write(folder.path().join(name), b"x").unwrap();
        ["a.wasm", ".b.wasm", "c.cwasm", "d.wasm.part", "e"].into_iter().for_each(write);
        fs::create_dir(folder.path().join("f.wasm")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("g.wasm")).unwrap();
        std::os::unix::fs::symlink("a.wasm", folder.path().join("h.wasm")).unwrap();
        std::os::unix::fs::symlink("loop.wasm", folder.path().join("loop.wasm")).unwrap();
        let found: Vec<_> = scan(folder.path()).unwrap().into_keys().collect();
        assert_eq!(found, ["a.wasm", "h.wasm", "loop.wasm"].map(|name| folder.path().join(name)));
    }

    #[test]
    fn another_content_is_another_stamp_and_a_move_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a.wasm"), folder.path().join("b.wasm"));
        fs::write(&first, b"one").unwrap();
        let before = Stamp::of(&first).unwrap();
        assert_eq!(before, Stamp::of(&first).unwrap());
        fs::rename(&first, &second).unwrap();
        assert!(before.has_moved_to(&Stamp::of(&second).unwrap()));
        fs::write(&second, b"more").unwrap();
        assert!(!before.has_moved_to(&Stamp::of(&second).unwrap()));
    }
}
