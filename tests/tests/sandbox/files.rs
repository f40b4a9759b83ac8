//! Paths that lead out of the granted folder, floods of bytes, and an append that was never settled.

use std::os::unix::fs::symlink;
use std::sync::Arc;

use stint_plugin_runtime::Surroundings;
use stint_plugin_runtime::services::Folder;
use tempfile::TempDir;

use crate::stage::{Stage, around, lines, with_folder, with_limits};

/// A granted folder with a secret beside it.
struct Place {
    root: TempDir,
    folder: Arc<Folder>,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("granted/folder")).unwrap();
        std::fs::create_dir(root.path().join("outside")).unwrap();
        std::fs::write(root.path().join("secret"), "untouched").unwrap();
        symlink(root.path().join("outside"), root.path().join("granted/link")).unwrap();
        symlink(root.path().join("secret"), root.path().join("granted/link-to-file")).unwrap();
        let folder = Arc::new(Folder::open(&root.path().join("granted")).unwrap());
        Self { root, folder }
    }

    fn around(&self, mode: &str, n: u64) -> Surroundings {
        with_folder(around(mode, n), Arc::clone(&self.folder))
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.path().join(path)).unwrap()
    }
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let (stage, place) = (Stage::new().await, Place::new());
    for said in stage.says(place.around("files", 0)).await {
        assert!(said.ends_with(": refused"), "{said}");
    }
    assert_eq!(place.read("secret"), "untouched");
    assert_eq!(std::fs::read_dir(place.root.path().join("outside")).unwrap().count(), 0);
    assert_eq!(std::fs::read_dir(place.root.path()).unwrap().count(), 3);
}

#[tokio::test]
async fn bytes_are_bounded() {
    let (stage, place) = (Stage::new().await, Place::new());
    let around = with_limits(place.around("files-huge", 100), |limits| limits.file_bytes = 5 << 20);
    let said = stage.says(around).await;
    assert!(said[0].starts_with("5242880 bytes, then "), "{said:?}");
    assert!(said[0].contains("one call may write 5242880 bytes, and this would make 6291456"), "{said:?}");
}

#[tokio::test]
async fn what_a_trapped_call_appended_is_cut_off_by_the_next() {
    let (stage, place) = (Stage::new().await, Place::new());
    let first = stage.upload(place.around("files-append", 0)).await.unwrap();
    assert_eq!(lines(&first.report), ["Ok(5)"]);
    assert_eq!(first.files.count(), 1);
    first.files.settle();
    let died = stage.upload(place.around("files-append-and-die", 5)).await.err().unwrap();
    assert_eq!(lines(&died.report), ["Ok(10)"]);
    assert_eq!(place.read("granted/log.txt"), "line\nhalf\n");
    let again = stage.upload(place.around("files-append", 5)).await.unwrap();
    assert_eq!(lines(&again.report), ["Ok(10)"]);
    again.files.settle();
    assert_eq!(place.read("granted/log.txt"), "line\nline\n");
}

#[tokio::test]
async fn two_calls_never_write_one_path_at_once() {
    let (stage, place) = (Stage::new().await, Place::new());
    let first = stage.upload(place.around("files-append", 0)).await.unwrap();
    let said = stage.says(place.around("files-append", 0)).await;
    assert!(said[0].contains("another call is writing `log.txt`; try again"), "{said:?}");
    first.files.settle();
    let said = stage.says(place.around("files-append", 0)).await;
    assert!(said[0].contains("has 5 settled bytes and only 0 were expected"), "{said:?}");
    assert_eq!(place.read("granted/log.txt"), "line\n");
}

#[tokio::test]
async fn without_a_folder_there_are_no_files() {
    let stage = Stage::new().await;
    let said = stage.says(around("files-append", 0)).await;
    assert!(said[0].contains("no folder is granted"), "{said:?}");
}
