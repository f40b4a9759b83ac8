//! The folder against paths that lead elsewhere, against calls that overlap, and against a crash between append and
//! settle.

use std::os::unix::fs::symlink;
use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::attachment::MemoryAttachment;

struct Place {
    _root: TempDir,
    outside: std::path::PathBuf,
    inside: std::path::PathBuf,
    folder: Folder,
}

fn place() -> Place {
    let root = tempfile::tempdir().unwrap();
    let (outside, inside) = (root.path().join("outside"), root.path().join("granted"));
    std::fs::create_dir(&outside).unwrap();
    std::fs::create_dir(&inside).unwrap();
    let folder = Folder::open(&inside).unwrap();
    Place { _root: root, outside, inside, folder }
}

fn text(text: &str) -> Vec<HttpChunk> {
    vec![HttpChunk::Bytes(text.as_bytes().to_vec())]
}

impl Place {
    fn content(&self, path: &str) -> String {
        std::fs::read_to_string(self.inside.join(path)).unwrap()
    }

    /// Appends in a call of its own, which is settled.
    fn append(&self, path: &str, expected: u64, line: &str) -> Result<u64, FileError> {
        let held = FilesHeld::default();
        let length = self.folder.append(path, expected, &text(line), &held)?;
        held.settle();
        Ok(length)
    }
}

#[test]
fn appends_follow_each_other_and_make_the_folders_on_the_way() {
    let place = place();
    assert_eq!(place.folder.exists("2025/01/log.txt"), Ok(false));
    assert_eq!(place.append("2025/01/log.txt", 0, "one\n"), Ok(4));
    assert_eq!(place.append("2025/01/log.txt", 4, "two\n"), Ok(8));
    assert_eq!(place.content("2025/01/log.txt"), "one\ntwo\n");
    assert_eq!(place.folder.exists("2025/01/log.txt"), Ok(true));
    assert_eq!(place.folder.exists("2025/01"), Ok(false), "a folder is no plain file");
}

#[test]
fn what_was_never_settled_is_cut_off_by_the_next_append() {
    let place = place();
    place.append("log.txt", 0, "settled\n").unwrap();
    let crashed = FilesHeld::default();
    place.folder.append("log.txt", 8, &text("never settled\n"), &crashed).unwrap();
    drop(crashed);
    assert_eq!(place.append("log.txt", 8, "again\n"), Ok(14));
    assert_eq!(place.content("log.txt"), "settled\nagain\n");
}

#[test]
fn what_was_settled_is_never_cut_off_by_a_call_that_read_its_state_before() {
    let place = place();
    place.append("log.txt", 0, "first\n").unwrap();
    assert_eq!(
        place.append("log.txt", 0, "stale\n").unwrap_err().to_string(),
        "`log.txt` has 6 settled bytes and only 0 were expected: another call wrote it since this one read its state; \
         try again"
    );
    assert_eq!(place.content("log.txt"), "first\n");
}

#[test]
fn a_path_is_closed_to_others_until_its_call_is_over() {
    let place = place();
    let (one, two) = (FilesHeld::default(), FilesHeld::default());
    place.folder.append("log.txt", 0, &text("one\n"), &one).unwrap();
    place.folder.append("log.txt", 4, &text("more\n"), &one).unwrap();
    assert_eq!(one.count(), 1);
    let refusal = FileError::Refused("another call is writing `log.txt`; try again".to_owned());
    assert_eq!(place.folder.append("log.txt", 4, &text("two\n"), &two), Err(refusal.clone()));
    assert_eq!(place.folder.write("log.txt", &text("two\n"), &two), Err(refusal));
    place.folder.write("other.txt", &text("two\n"), &two).unwrap();
    one.settle();
    assert_eq!(place.folder.append("log.txt", 9, &text("two\n"), &two), Ok(13));
    drop(two);
    assert_eq!(place.folder.ledger.lock().unwrap().len(), 1, "only a settled length is remembered");
}

#[test]
fn a_file_that_shrank_behind_our_back_is_refused() {
    let place = place();
    std::fs::write(place.inside.join("log.txt"), "one\n").unwrap();
    assert_eq!(
        place.append("log.txt", 100, "x").unwrap_err().to_string(),
        "`log.txt` has 4 bytes, fewer than the 100 expected: it was changed by something else"
    );
    assert_eq!(place.content("log.txt"), "one\n");
}

#[test]
fn a_write_replaces_the_whole_file_and_leaves_nothing_else() {
    let place = place();
    let held = FilesHeld::default();
    let file = Arc::new(MemoryAttachment::new("a.png", "image/png", b"PIXELS!".to_vec()));
    let content = vec![
        HttpChunk::Bytes(b"<".to_vec()),
        HttpChunk::Attachment(file.clone()),
        HttpChunk::Base64(file),
        HttpChunk::Bytes(b">".to_vec()),
    ];
    std::fs::write(place.inside.join("a.png.stint-new"), "left over from a crash").unwrap();
    place.folder.write("a.png", &text("a much longer content than the next one will be"), &held).unwrap();
    place.folder.write("a.png", &content, &held).unwrap();
    assert_eq!(place.content("a.png"), "<PIXELS!UElYRUxTIQ==>");
    assert_eq!(std::fs::read_dir(&place.inside).unwrap().count(), 1);
}

#[test]
fn base64_goes_on_across_pieces() {
    let bytes: Vec<u8> = (0..PIECE_BYTES * 2 + 5).map(|index| u8::try_from(index % 251).unwrap()).collect();
    let file: crate::attachment::SharedAttachment = Arc::new(MemoryAttachment::new("a", "b", bytes.clone()));
    let mut whole = Vec::new();
    let written = copy(&[HttpChunk::Base64(file)], &mut whole).unwrap();
    assert_eq!(whole, BASE64_STANDARD.encode(bytes).into_bytes());
    assert_eq!(written, whole.len() as u64);
}

#[test]
fn no_path_leads_out() {
    let place = place();
    symlink(&place.outside, place.inside.join("link")).unwrap();
    symlink(place.outside.join("secret"), place.inside.join("link-to-file")).unwrap();
    std::fs::create_dir(place.inside.join("folder")).unwrap();
    let held = FilesHeld::default();
    for path in [
        "../outside/secret",
        "/etc/passwd",
        "a/../../outside/secret",
        "link/secret",
        "link/../secret",
        "link-to-file",
        "folder",
        "",
        ".",
        "..",
        "a//b",
        "a/./b",
        "a/",
        "a\\b",
        "a\nb",
        "a\0b",
        &"x".repeat(1025),
    ] {
        let written = place.folder.write(path, &text("x"), &held);
        assert!(matches!(written, Err(FileError::Refused(_))), "write {path:?}: {written:?}");
        let appended = place.folder.append(path, 0, &text("x"), &held);
        assert!(matches!(appended, Err(FileError::Refused(_))), "append {path:?}: {appended:?}");
        assert_ne!(place.folder.exists(path), Ok(true), "exists {path:?}");
    }
    assert_eq!(std::fs::read_dir(&place.outside).unwrap().count(), 0);
}

#[test]
fn refusals_say_why() {
    let place = place();
    let said = |path: &str| place.folder.exists(path).unwrap_err().to_string();
    assert_eq!(said("../x"), "`../x` has a part that is empty, `.` or `..`");
    assert_eq!(said("/x"), "`/x` is not relative to the granted folder");
    assert_eq!(said("a\u{1b}b"), "`a\\u{1b}b` has a character that no file's name may have");
    assert_eq!(said(""), "`` is no path of at most 1024 bytes");
    std::fs::create_dir(place.inside.join("folder")).unwrap();
    let held = FilesHeld::default();
    let error = place.folder.write("folder", &text("x"), &held).unwrap_err();
    assert_eq!(error.to_string(), "`folder` is there and isn't a plain file");
}

#[test]
fn empty_files_and_folders_are_bounded_by_their_number() {
    let place = place();
    let held = FilesHeld::default();
    for number in 0..PATHS_HELD_MAX {
        held.hold(&place.folder, &format!("empty-{number}")).unwrap();
    }
    let full = Err(FileError::Full("one call may write 1000 files, and this would be one more".into()));
    assert_eq!(place.folder.write("new/more", &[], &held), full);
    assert_eq!(place.folder.append("new/more", 0, &[], &held), full.map(|()| 0));
    assert!(!place.inside.join("new").exists(), "no folder is made for what is refused");
    place.folder.write("empty-7", &text("again"), &held).unwrap();
    drop(held);
    assert_eq!(place.append("another-call", 0, ""), Ok(0));
    let deep = "a/".repeat(16) + "x";
    assert_eq!(
        place.append(&deep, 0, "x"),
        Err(FileError::Refused(format!("`{deep}` has more than 16 parts")))
    );
}

#[test]
fn the_hosts_own_temporary_files_are_not_a_plugins_to_name() {
    let place = place();
    assert_eq!(
        place.append("log.txt.stint-new", 0, "settled"),
        Err(FileError::Refused("`log.txt.stint-new` ends like the host's own temporary files".into()))
    );
}
