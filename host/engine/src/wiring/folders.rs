//! The folders that targets' plugins write to.
//!
//! Invariant: as long as a folder is named, there is one `Folder` of it, whatever is wired anew: it knows what is being
//! written and how far each file is settled.

use std::{
    collections::BTreeMap,
    fs::DirBuilder,
    io,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use stint_plugin_runtime::services::Folder;

/// The folders that are open.
#[derive(Default)]
pub(super) struct Folders {
    open: BTreeMap<PathBuf, Open>,
}

struct Open {
    folder: Arc<Folder>,
    /// Where it is on its disk: another one of the same name is opened anew.
    identity: (u64, u64),
}

impl Folders {
    /// The folder, made for its user alone if it isn't there.
    pub(super) fn open(&mut self, path: &Path) -> io::Result<Arc<Folder>> {
        if let Err(error) = std::fs::metadata(path)
            && error.kind() == io::ErrorKind::NotFound
        {
            DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        }
        let found = std::fs::metadata(path)?;
        let identity = (found.dev(), found.ino());
        if let Some(open) = self.open.get(path).filter(|open| open.identity == identity) {
            return Ok(Arc::clone(&open.folder));
        }
        let folder = Arc::new(Folder::open(path)?);
        self.open.insert(path.to_owned(), Open { folder: Arc::clone(&folder), identity });
        Ok(folder)
    }

    /// Closes those that are named no more.
    pub(super) fn keep_only(&mut self, named: &[&Path]) {
        self.open.retain(|path, _| named.contains(&path.as_path()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_folder_is_made_for_its_user_alone_and_stays_the_same_one() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a/b");
        let mut folders = Folders::default();
        let first = folders.open(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(Arc::ptr_eq(&first, &folders.open(&path).unwrap()));
        std::fs::rename(&path, place.path().join("away")).unwrap();
        assert!(!Arc::ptr_eq(&first, &folders.open(&path).unwrap()), "another folder of the same name");
        folders.keep_only(&[]);
        assert!(folders.open.is_empty());
    }

    #[test]
    fn a_file_in_its_place_is_no_folder() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("file"), "").unwrap();
        assert!(Folders::default().open(&place.path().join("file")).is_err());
        assert!(Folders::default().open(&place.path().join("file/below")).is_err());
    }
}
