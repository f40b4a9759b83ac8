//! No line is written before what it says is durable: at the moment a line is begun, no file of the database holds a
//! write that was not synced.

use stint_store::Synchronous;

use crate::crash_images::run;
use crate::disk::Disk;
use crate::script::Size;
use crate::trace::Call;

/// One thread does everything in turn, so nothing but the acknowledged work can be under way.
const ALONE: Size = Size { sessions: 1, threads: 0, steps: 20 };

/// How many lines were written, and which files held unsynced writes then.
fn early(synchronous: Synchronous) -> (usize, Vec<String>) {
    let (place, events) = run(&[], synchronous, ALONE);
    let mut disk = Disk::new(&place.data(), |_| false);
    let mut lines = 0;
    let mut early = Vec::new();
    for event in &events {
        if matches!(&event.call, Call::Append { path, .. } if *path == place.lines()) {
            lines += 1;
            let unsynced = disk.unsynced().into_iter().filter(|name| name.starts_with("stint.db"));
            early.extend(unsynced.map(|name| format!("line {lines}: {name}")));
        }
        disk.apply(&event.call);
    }
    (lines, early)
}

#[test]
fn every_acknowledgement_follows_the_sync_of_its_last_write() {
    let (lines, early) = early(Synchronous::Full);
    assert!(lines >= 60, "{lines}");
    assert_eq!(early, [""; 0]);
}

#[test]
fn the_control_without_syncs_acknowledges_too_early() {
    let (lines, early) = early(Synchronous::Off);
    assert!(early.len() > lines / 2, "{early:?}");
}
