//! A full disk: refused loudly, nothing half written, and it goes on by itself when there is room.

use std::fs;
use std::path::Path;
use std::process::Command;

use stint_store::{Error, Store, Synchronous, WriteError, queue::NewItem};

use crate::child::{Place, Role};
use crate::jobs;
use crate::oracle::judge;
use crate::plan;
use crate::script::{self, Lines, Size};

const SIZE: Size = Size { sessions: 1, threads: 0, steps: 200 };

/// Whether a small disk of one's own can be had: as root, or in a name space of one's own.
pub(crate) fn namespace() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "--mount"], vec!["unshare", "--mount", "--map-root-user"]];
    ways.into_iter().find(|way| {
        let probe = ["sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"];
        let tried = Command::new(way[0]).args(&way[1..]).args(probe).output();
        tried.is_ok_and(|tried| tried.status.success())
    })
}

#[test]
fn a_full_disk_refuses_loudly_and_goes_on_when_there_is_room() {
    let Some(way) = namespace() else {
        eprintln!(
            "SKIPPED: no small disk can be mounted here, not as root and not in a name space of one's own"
        );
        return;
    };
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    // The disk is gone with the child, so everything about it is asserted there.
    let script = "mount -t tmpfs -o size=6m tmpfs \"$STINT_DATA\" && exec \"$0\" \"$@\"";
    let wrapper = [&way[..], &["sh", "-c", script]].concat();
    let output = place.command(&wrapper, Role::FillDisk, SIZE).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = place.told();
    assert!(told.done.contains("all of it"), "{told:?}");
}

/// The child's part.
pub(crate) fn fill(data: &Path, lines: &Lines, size: Size) {
    let ballast = data.join("ballast");
    fs::write(&ballast, vec![1; 2 << 20]).unwrap();
    let opened = Store::open(script::options(data, Synchronous::Full), plan::moment(0).wall).unwrap();
    let mut told = crate::oracle::Told::default();
    let now = plan::moment(0).wall;
    opened.store.write_blocking(move |tx| stint_store::target::sync(tx, &plan::targets(), now)).unwrap();
    let mut record = |step: usize| -> Result<(), Error> {
        let item = NewItem::of(&plan::item(0, step))?;
        let blob =
            plan::blob(0, step).map(|content| opened.store.blobs().put(content.bytes.clone())).transpose();
        let blob = blob.map_err(|error| Error::Strange { what: "a blob", text: error.to_string() })?;
        opened.store.write_blocking(move |tx| jobs::record(tx, &item, blob.as_ref(), step))?;
        told.hear(&format!("done item 0 {step}"));
        Ok(())
    };
    let mut refused = Vec::new();
    for step in 0..size.steps {
        refused.extend(record(step).err());
    }
    let full = |error: &Error| matches!(error, Error::Write(WriteError::Full { .. }));
    assert!(refused.iter().filter(|error| full(error)).count() > 10, "{refused:?}");
    let no_room = |error: &Error| full(error) || error.to_string().contains("No space left on device");
    assert!(refused.iter().all(no_room), "{refused:?}");
    assert!(refused.len() < size.steps, "some went in before");
    fs::remove_file(ballast).unwrap();
    (0..8).for_each(|step| record(step).unwrap());
    opened.store.close();
    assert_eq!(judge(data, &told, size), [""; 0]);
    lines.write("done all of it");
}
