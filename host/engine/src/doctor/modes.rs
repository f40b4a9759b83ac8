//! Who may look into the data directory. What it holds is nobody else's business.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{Area, Finding, Mend, finding::quoted};

/// No data directory that anybody waits for has more entries than are looked at.
const ENTRIES_MAX: usize = 100_000;

/// What is found about the owner and the rights of the directory and all that is in it, but for the folders that targets
/// were given to write into: who may read what is delivered there is the person's to say.
pub(super) fn modes(dir: &Path, delivered: &[PathBuf]) -> Vec<Finding> {
    let us = rustix::process::geteuid().as_raw();
    let (mut foreign, mut open) = (Vec::new(), Vec::new());
    for path in everything_in(dir, delivered) {
        let Ok(found) = fs::symlink_metadata(&path) else { continue };
        if found.uid() != us {
            foreign.push((path, found.uid()));
        } else if !found.is_symlink() && found.mode() & 0o077 != 0 {
            open.push((path, found.mode() & 0o777));
        }
    }
    let mut found = Vec::new();
    if let Some((first, owner)) = foreign.first() {
        let what = format!("{} of the data belong to another user", count(foreign.len()));
        let why = format!("{} is user {owner}'s, and you are user {us}", first.display());
        let command = format!("sudo chown -R {us} {}", quoted(&dir.display().to_string()));
        found.push(Finding::error(Area::Data, what).because(why).run(command));
    }
    if let Some((first, mode)) = open.first() {
        let what = format!("{} of the data can be read or changed by other users", count(open.len()));
        let why = format!("{} has the mode {mode:03o}", first.display());
        let command = format!("chmod -R go= {}", quoted(&dir.display().to_string()));
        let paths = open.iter().map(|(path, _)| path.clone()).collect();
        found.push(Finding::warning(Area::Data, what).because(why).run(command).mend(Mend::Close(paths)));
    }
    found
}

fn count(files: usize) -> String {
    if files == 1 { "one file or folder".to_owned() } else { format!("{files} files and folders") }
}

/// The directory and what is in it. What can't be listed is told by whoever needs it.
fn everything_in(dir: &Path, delivered: &[PathBuf]) -> Vec<PathBuf> {
    // One folder may be written in several ways.
    let real = |path: &Path| fs::canonicalize(path).ok();
    let delivered: Vec<PathBuf> = delivered.iter().filter_map(|folder| real(folder)).collect();
    let is_delivered = |path: &Path| real(path).is_some_and(|path| delivered.contains(&path));
    let (mut all, mut next) = (vec![dir.to_owned()], vec![dir.to_owned()]);
    while let Some(folder) = next.pop() {
        let entries: Vec<_> = fs::read_dir(&folder).into_iter().flatten().flatten().collect();
        for entry in entries {
            if all.len() >= ENTRIES_MAX {
                return all;
            }
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if is_delivered(&entry.path()) {
                    continue;
                }
                next.push(entry.path());
            }
            all.push(entry.path());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_open_is_counted_and_closed() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("blobs/ab");
        fs::create_dir_all(&deep).unwrap();
        fs::write(deep.join("c"), "").unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        set(folder.path(), 0o700);
        set(&folder.path().join("blobs"), 0o755);
        set(&deep, 0o700);
        set(&deep.join("c"), 0o644);
        let found = modes(folder.path(), &[]);
        assert_eq!(found[0].what, "2 files and folders of the data can be read or changed by other users");
        assert!(found[0].run.as_deref().unwrap().starts_with("chmod -R go= /"), "{found:?}");
        found[0].mend.as_ref().unwrap().carry_out().unwrap();
        assert_eq!(modes(folder.path(), &[]), []);
    }

    #[test]
    fn what_was_delivered_into_a_folder_of_a_target_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        set(folder.path(), 0o700);
        let archive = folder.path().join("archive");
        fs::create_dir(&archive).unwrap();
        fs::write(archive.join("day"), "").unwrap();
        set(&archive.join("day"), 0o644);
        set(&archive, 0o755);
        assert_eq!(modes(folder.path(), &[folder.path().join("../").join(&archive)]), []);
        assert_eq!(modes(folder.path(), &[]).len(), 1);
    }
}
