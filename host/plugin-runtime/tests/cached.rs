//! The compile cache behind a load: whatever became of an entry, the plugin is served, and from its own code.
#![cfg(test)]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use common::by_hand;
use stint_plugin_runtime::{Cache, Engine, PoolSize};

fn engine(folder: &Path) -> Engine {
    let size = PoolSize { calls: 1, calls_of_one: 1, memory_bytes_max: 64 << 20 };
    Engine::new(size, Some(Cache::open(folder).unwrap())).unwrap()
}

/// The only entry, and when and what it was made as.
fn entry(folder: &Path) -> (PathBuf, u64, u32) {
    let mut entries = fs::read_dir(folder).unwrap();
    let path = entries.next().unwrap().unwrap().path();
    assert!(entries.next().is_none(), "one entry, and nothing temporary");
    let found = fs::metadata(&path).unwrap();
    (path, found.ino(), found.mode() & 0o777)
}

#[tokio::test]
async fn an_entry_is_used_as_long_as_it_is_sound_and_made_anew_otherwise() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("compiled");
    let load = async || {
        let plugin = engine(&folder).load_bytes("cached.wasm".as_ref(), by_hand("")).await.unwrap();
        assert_eq!(plugin.manifest().name, "dummy");
        entry(&folder)
    };
    let first = load().await;
    assert_eq!(first.2, 0o600);
    assert_eq!(load().await, first, "the second start compiles nothing");

    fs::set_permissions(&first.0, Permissions::from_mode(0o666)).unwrap();
    // Somebody else keeps the old file open, so that no new one can have its number.
    let _open = fs::File::open(&first.0).unwrap();
    let second = load().await;
    assert!(second.1 != first.1 && second.2 == 0o600, "others could write it: {first:?} {second:?}");

    fs::write(&second.0, b"no code at all").unwrap();
    let _open = fs::File::open(&second.0).unwrap();
    let third = load().await;
    assert!(third.1 != second.1, "it was damaged: {second:?} {third:?}");
    assert_eq!(load().await, third);
}
