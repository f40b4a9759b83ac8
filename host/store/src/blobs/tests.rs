//! Content that comes, goes, and is altered behind our back.

use super::*;
use crate::schema::SCHEMA;
use rusqlite::{Connection, Transaction};
use std::fs;
use std::os::unix::fs::MetadataExt;

struct Ground {
    _folder: tempfile::TempDir,
    dir: DataDir,
    blobs: Blobs,
    connection: Connection,
}

fn ground() -> Ground {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::prepare(folder.path()).unwrap();
    let connection = Connection::open(dir.join("stint.db")).unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    Ground { _folder: folder, blobs: Blobs::open(&dir).unwrap(), dir, connection }
}

/// Content of this length that no other seed gives.
fn content(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|index| ((index * 31 + seed) % 251).to_le_bytes()[0]).collect()
}

impl Ground {
    fn store(&self, content: &[u8]) -> BlobHash {
        let new = self.blobs.put(content.to_vec()).unwrap();
        let transaction =
            Transaction::new_unchecked(&self.connection, rusqlite::TransactionBehavior::Immediate).unwrap();
        new.insert(&transaction).unwrap();
        transaction.commit().unwrap();
        new.hash()
    }

    fn files(&self) -> usize {
        let folders = fs::read_dir(self.dir.join("blobs")).unwrap().flatten();
        folders.map(|folder| fs::read_dir(folder.path()).unwrap().count()).sum()
    }
}

#[test]
fn what_is_put_is_read_whatever_its_size() {
    let ground = ground();
    for (length, files) in [(0, 0), (1, 0), (INLINE_BYTES, 0), (INLINE_BYTES + 1, 1), (10 << 20, 2)] {
        let content = content(length, length);
        let hash = ground.store(&content);
        assert_eq!(ground.files(), files, "{length}");
        let blob = ground.blobs.get(&ground.connection, hash).unwrap();
        assert_eq!((blob.hash(), blob.size()), (BlobHash::of(&content), length as u64));
        assert!(blob.read(0, usize::MAX).unwrap() == content, "{length}");
        let mut pieces = Vec::new();
        while pieces.len() < length {
            pieces.extend(blob.read(pieces.len() as u64, 100_000).unwrap());
        }
        assert!(pieces == content, "{length} in pieces");
        assert!(blob.read(length as u64, 1).unwrap().is_empty());
        assert!(blob.read(u64::MAX, usize::MAX).unwrap().is_empty());
    }
}

#[test]
fn the_same_content_is_stored_once() {
    let ground = ground();
    let content = content(INLINE_BYTES + 1, 0);
    assert_eq!(ground.store(&content), ground.store(&content));
    assert_eq!(ground.files(), 1);
    let rows: i64 = ground.connection.query_row("SELECT count(*) FROM blob", (), |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}

#[test]
fn files_and_folders_are_closed_to_others() {
    let ground = ground();
    let hash = ground.store(&content(INLINE_BYTES + 1, 0));
    let mode = |path: PathBuf| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(ground.blobs.file(hash)), 0o600);
    assert_eq!(mode(ground.blobs.folder(hash)), 0o700);
    assert_eq!(mode(ground.blobs.unfinished.clone()), 0o700);
}

#[test]
fn a_file_that_was_removed_altered_or_cut_is_named_and_the_others_are_read() {
    let ground = ground();
    let hashes: Vec<_> = (0..4).map(|seed| ground.store(&content(INLINE_BYTES + 1, seed))).collect();
    let path = |index: usize| ground.blobs.file(hashes[index]);
    fs::remove_file(path(0)).unwrap();
    let mut altered = content(INLINE_BYTES + 1, 1);
    altered[INLINE_BYTES / 2] ^= 1;
    fs::write(path(1), altered).unwrap();
    fs::write(path(2), "cut").unwrap();
    for (index, what) in [
        (0, "nothing is"),
        (1, "what lies there is not what was stored"),
        (2, "there are 3 bytes instead of 262145"),
    ] {
        let error = ground.blobs.get(&ground.connection, hashes[index]).unwrap_err();
        assert!(matches!(error, BlobError::Damaged { .. }), "{error}");
        assert_eq!(
            error.to_string(),
            format!(
                "failed to read blob {}: {what} at {:?}; restore the file from a backup and retry, or drop the item",
                hashes[index],
                path(index)
            )
        );
    }
    ground.blobs.get(&ground.connection, hashes[3]).unwrap();
    // Put once more, it is mended.
    ground.store(&content(INLINE_BYTES + 1, 1));
    ground.blobs.get(&ground.connection, hashes[1]).unwrap();
}

#[test]
fn what_a_stranger_put_in_a_files_place_is_named_and_stops_nothing_else() {
    let ground = ground();
    let hashes: Vec<_> = (0..4).map(|seed| ground.store(&content(INLINE_BYTES + 1, seed))).collect();
    let path = |index: usize| ground.blobs.file(hashes[index]);
    for index in 0..3 {
        fs::remove_file(path(index)).unwrap();
    }
    std::os::unix::fs::symlink(path(3), path(0)).unwrap();
    fs::create_dir(path(1)).unwrap();
    // Opening a pipe to read waits for a writer, who never comes.
    let made = std::process::Command::new("mkfifo").arg(path(2)).status().unwrap();
    assert!(made.success());
    for hash in &hashes[..3] {
        let error = ground.blobs.get(&ground.connection, *hash).unwrap_err();
        assert!(matches!(error, BlobError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("what lies there is not a regular file"), "{error}");
    }
    ground.blobs.get(&ground.connection, hashes[3]).unwrap();
    // A link and a pipe give way to the content; a directory stays, and the error says where.
    ground.store(&content(INLINE_BYTES + 1, 0));
    ground.store(&content(INLINE_BYTES + 1, 2));
    ground.blobs.get(&ground.connection, hashes[0]).unwrap();
    ground.blobs.get(&ground.connection, hashes[2]).unwrap();
    ground.blobs.get(&ground.connection, hashes[3]).unwrap();
    let error = ground.blobs.put(content(INLINE_BYTES + 1, 1)).unwrap_err().to_string();
    assert!(error.contains(&hashes[1].to_string()) && error.contains("directory"), "{error}");
}

#[test]
fn a_strangers_directories_and_links_stop_neither_the_sweep_nor_a_start() {
    let ground = ground();
    let orphan = ground.blobs.put(content(INLINE_BYTES + 1, 0)).unwrap().hash();
    let kept = ground.store(&content(INLINE_BYTES + 1, 1));
    // Directories where files are swept, and a link that leads out.
    let of_nobody = BlobHash::from_bytes([0xab; 32]);
    fs::create_dir_all(ground.blobs.file(of_nobody)).unwrap();
    fs::create_dir(ground.blobs.unfinished.join("0")).unwrap();
    let outside = tempfile::tempdir().unwrap();
    let linked = BlobHash::from_bytes([0xcd; 32]);
    let bystander = outside.path().join(&linked.to_string()[2..]);
    fs::write(&bystander, "theirs").unwrap();
    std::os::unix::fs::symlink(outside.path(), ground.blobs.folder(linked)).unwrap();
    assert_eq!(ground.blobs.sweep(&ground.connection).unwrap(), 1);
    assert!(!ground.blobs.file(orphan).exists());
    assert!(bystander.exists(), "what a link leads to is not ours");
    let again = Blobs::open(&ground.dir).unwrap();
    again.get(&ground.connection, kept).unwrap();
    again.put(content(INLINE_BYTES + 1, 2)).unwrap();
    assert!(ground.blobs.unfinished.join("0").is_dir());
}

#[test]
fn a_row_that_was_altered_is_damaged_too() {
    let ground = ground();
    let hash = ground.store(b"small");
    ground.connection.execute("UPDATE blob SET data = 'smell'", ()).unwrap_err();
    ground.connection.execute("UPDATE blob SET data = x'00'", ()).unwrap();
    let error = ground.blobs.get(&ground.connection, hash).unwrap_err();
    assert!(error.to_string().contains("what lies in the row is not what was stored"), "{error}");
    let other = BlobHash::of(b"other");
    let error = ground.blobs.get(&ground.connection, other).unwrap_err();
    assert!(matches!(error, BlobError::Unknown { hash } if hash == other), "{error}");
}

#[test]
fn the_sweep_removes_what_belongs_to_nobody_and_nothing_else() {
    let ground = ground();
    let kept = ground.store(&content(INLINE_BYTES + 1, 0));
    let orphan = ground.blobs.put(content(INLINE_BYTES + 1, 1)).unwrap().hash();
    let being_put = ground.blobs.put(content(INLINE_BYTES + 1, 2)).unwrap();
    fs::write(ground.dir.join("blobs/note.txt"), "a person's").unwrap();
    assert_eq!(ground.blobs.sweep(&ground.connection).unwrap(), 1);
    assert!(!ground.blobs.file(orphan).exists());
    assert!(ground.blobs.file(kept).exists() && ground.blobs.file(being_put.hash()).exists());
    assert!(ground.dir.join("blobs/note.txt").exists());
    drop(being_put);
    assert_eq!(ground.blobs.sweep(&ground.connection).unwrap(), 1);
    assert_eq!(ground.blobs.sweep(&ground.connection).unwrap(), 0);
}

#[test]
fn a_destroyed_blob_is_overwritten_before_it_goes() {
    let ground = ground();
    let new = ground.blobs.put(vec![7; INLINE_BYTES + 1]).unwrap();
    let hash = new.hash();
    drop(new);
    // A second name keeps the bytes in sight once the first is gone.
    let (file, other) = (ground.blobs.file(hash), ground.blobs.unfinished.join("other"));
    fs::hard_link(&file, &other).unwrap();
    assert!(ground.blobs.destroy(&ground.connection, hash).unwrap());
    assert!(!file.exists());
    assert_eq!(fs::read(&other).unwrap(), vec![0; INLINE_BYTES + 1]);
    assert!(!ground.blobs.destroy(&ground.connection, hash).unwrap(), "there is none any more");
}

#[test]
fn a_discarded_blob_goes_unless_it_is_wanted_again() {
    let ground = ground();
    let bytes = content(INLINE_BYTES + 1, 0);
    let hash = ground.store(&bytes);
    assert!(!ground.blobs.discard(&ground.connection, hash).unwrap(), "it has a row");
    ground.connection.execute("DELETE FROM blob", ()).unwrap();
    let again = ground.blobs.put(bytes).unwrap();
    assert!(!ground.blobs.discard(&ground.connection, hash).unwrap(), "it is being put");
    drop(again);
    assert!(ground.blobs.discard(&ground.connection, hash).unwrap());
    assert!(!ground.blobs.discard(&ground.connection, hash).unwrap());
}

#[test]
fn a_start_removes_what_was_left_unfinished() {
    let ground = ground();
    fs::write(ground.blobs.unfinished.join("0"), "half").unwrap();
    let blobs = Blobs::open(&ground.dir).unwrap();
    assert_eq!(fs::read_dir(&blobs.unfinished).unwrap().count(), 0);
    blobs.put(content(INLINE_BYTES + 1, 0)).unwrap();
}

#[test]
fn a_put_that_fails_leaves_nothing_half_written() {
    let ground = ground();
    let bytes = content(INLINE_BYTES + 1, 0);
    let folder = ground.blobs.folder(BlobHash::of(&bytes));
    fs::write(&folder, "in the way").unwrap();
    let error = ground.blobs.put(bytes.clone()).unwrap_err();
    assert!(error.to_string().starts_with("failed to use the folder of blobs: "), "{error}");
    fs::remove_file(&folder).unwrap();
    // A directory under the file's own name can't be renamed over.
    fs::create_dir_all(ground.blobs.file(BlobHash::of(&bytes))).unwrap();
    let error = ground.blobs.put(bytes).unwrap_err();
    assert!(error.to_string().starts_with("failed to name blob "), "{error}");
    assert_eq!(fs::read_dir(&ground.blobs.unfinished).unwrap().count(), 0);
}

#[test]
fn sweeping_and_putting_at_once_lose_nothing() {
    let ground = ground();
    let path = ground.dir.join("stint.db");
    ground.connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    let bytes = content(INLINE_BYTES + 1, 0);
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let blobs = &ground.blobs;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let connection = Connection::open(path).unwrap();
            while stopped.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                blobs.sweep(&connection).unwrap();
            }
        });
        for _ in 0..50 {
            let hash = ground.store(&bytes);
            blobs.get(&ground.connection, hash).unwrap();
            ground.connection.execute("DELETE FROM blob", ()).unwrap();
        }
        drop(stop);
    });
}
