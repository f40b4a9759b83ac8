//! A disk that can't be written, as the kernel leaves one that failed, or one that is full before the store is opened:
//! refused with its cause, never put aside as damaged, and as it was once it can be written again.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use stint_store::{Error, Store, Synchronous, WriteError, queue::NewItem, target};

use crate::child::{Place, Role};
use crate::disk_full::namespace;
use crate::jobs;
use crate::plan;
use crate::script::{self, Lines, Size};

const SIZE: Size = Size { sessions: 1, threads: 0, steps: 1 };

#[test]
fn a_disk_that_can_not_be_written_is_refused_with_its_cause() {
    let Some(way) = namespace() else {
        eprintln!("SKIPPED: no disk can be mounted here, not as root and not in a name space of one's own");
        return;
    };
    let place = Place::new();
    std::fs::create_dir(place.data()).unwrap();
    let script = "mount -t tmpfs -o size=6m tmpfs \"$STINT_DATA\" && exec \"$0\" \"$@\"";
    let wrapper = [&way[..], &["sh", "-c", script]].concat();
    let output = place.command(&wrapper, Role::ReadOnlyDisk, SIZE).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = place.told();
    assert!(told.done.contains("all of it"), "{told:?}");
}

/// The child's part.
pub(crate) fn turn(data: &Path, lines: &Lines) {
    let now = plan::moment(0).wall;
    let options = || script::options(data, Synchronous::Full);
    let mount = |how: &str| {
        assert!(Command::new("mount").args(["-o", how]).arg(data).status().unwrap().success());
    };
    let record = |store: &Store, step: usize| {
        let item = NewItem::of(&plan::item(0, step)).unwrap();
        store.write_blocking(move |tx| jobs::record(tx, &item, None, step))
    };
    let opened = Store::open(options(), now).unwrap();
    opened.store.write_blocking(move |tx| target::sync(tx, &plan::targets(), now)).unwrap();
    record(&opened.store, 1).unwrap();
    opened.store.close();

    mount("remount,ro");
    let error = Store::open(options(), now).unwrap_err().to_string();
    assert!(error.contains("Read-only file system") && error.contains(&*data.to_string_lossy()), "{error}");

    mount("remount,rw");
    // Without a byte of room it opens, or says what is missing. Nothing is taken for damage.
    let ballast = data.join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    while file.write_all(&[1; 4_096]).is_ok() {}
    drop(file);
    match Store::open(options(), now) {
        Ok(opened) => {
            let error = record(&opened.store, 2).unwrap_err();
            assert!(matches!(error, Error::Write(WriteError::Full { .. })), "{error}");
        }
        Err(error) => {
            let text = error.to_string();
            assert!(text.contains("No space left on device") || text.contains("full"), "{text}");
        }
    }
    std::fs::remove_file(ballast).unwrap();
    let opened = Store::open(options(), now).unwrap();
    assert!(opened.alerts.is_empty(), "{:?}", opened.alerts);
    assert!(opened.store.quarantined().is_empty());
    let issued = opened
        .store
        .read(|tx| target::statuses(tx))
        .unwrap()
        .iter()
        .map(|one| one.counts.issued)
        .sum::<u64>();
    assert!(issued > 0, "what was there is there");
    record(&opened.store, 2).unwrap();
    opened.store.close();
    lines.write("done all of it");
}
