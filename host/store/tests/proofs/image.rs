//! One of the data directories that a power cut may leave.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use crate::disk::{Disk, Entry, File, Names, SECTOR};
use crate::rng::Rng;

/// How much of what is not certain survives.
#[derive(Clone, Copy, Debug)]
enum Luck {
    /// Nothing.
    None,
    /// All of it.
    All,
    /// Each sector, length and directory as chance has it.
    Mixed,
    /// Names as chance has it, and of the contents nothing: the order that most file systems keep, turned round.
    NamesOnly,
}

/// Writes an image into a directory that is not there yet.
pub(crate) fn write(disk: &Disk, to: &Path, rng: &mut Rng) {
    let luck = [Luck::None, Luck::All, Luck::Mixed, Luck::Mixed, Luck::Mixed, Luck::NamesOnly][rng.below(6)];
    let parent = disk.root.parent().unwrap();
    let names = names(disk, parent, luck, rng);
    if names.contains_key(disk.root.file_name().unwrap().to_str().unwrap()) {
        write_directory(disk, &disk.root, to, luck, rng);
    }
}

fn write_directory(disk: &Disk, from: &Path, to: &Path, luck: Luck, rng: &mut Rng) {
    DirBuilder::new().mode(0o700).create(to).unwrap();
    for (name, entry) in names(disk, from, luck, rng) {
        match entry {
            Entry::Directory => write_directory(disk, &from.join(name), &to.join(name), luck, rng),
            Entry::File(number) => {
                let mut file =
                    OpenOptions::new().write(true).create_new(true).mode(0o600).open(to.join(name)).unwrap();
                file.write_all(&content(&disk.files[*number], luck, rng)).unwrap();
            }
        }
    }
}

fn names<'a>(disk: &'a Disk, path: &Path, luck: Luck, rng: &mut Rng) -> &'a Names {
    let moments = &disk.directories[path].moments;
    match luck {
        Luck::None => &moments[0],
        Luck::All => &moments[moments.len() - 1],
        Luck::Mixed | Luck::NamesOnly => &moments[rng.below(moments.len())],
    }
}

/// A history with nothing in it is as certain as the durable content.
fn content(file: &File, luck: Luck, rng: &mut Rng) -> Vec<u8> {
    let mut choose = |moments: usize| match luck {
        Luck::None | Luck::NamesOnly => 0,
        Luck::All => moments,
        Luck::Mixed => rng.below(moments + 1),
    };
    let length = match choose(file.lengths.len()) {
        0 => file.durable.len(),
        chosen => file.lengths[chosen - 1],
    };
    let mut content = file.durable.clone();
    content.resize(length.max(content.len()), 0);
    for (sector, moments) in &file.sectors {
        let chosen = choose(moments.len());
        let from = sector * SECTOR;
        if chosen > 0 && from < length {
            let to = (from + SECTOR).min(length);
            content[from..to].copy_from_slice(&moments[chosen - 1][..to - from]);
        }
    }
    content.truncate(length);
    content
}

/// Removes an image.
pub(crate) fn remove(path: &Path) {
    if path.exists() {
        fs::remove_dir_all(path).unwrap();
    }
}
