//! A disk that is full, or mounted for reading alone. Each in a namespace of its own; where the machine doesn't permit
//! that, the test says so and shows nothing.

use crate::{
    desk::{Desk, Said},
    gaps::{permitted, unshared},
};

/// The data directory is there for reading alone.
const READ_ONLY: &str = "mount --bind \"$DATA\" \"$DATA\" && mount -o remount,ro,bind \"$DATA\"";
/// It lies on a disk of its own without a byte of room.
const FULL: &str = "cp -a \"$DATA\" \"$DATA.copy\" && mount -t tmpfs -o size=2m,mode=700 tmpfs \"$DATA\" && \
    cp -a \"$DATA.copy/.\" \"$DATA\" && rm -r \"$DATA.copy\" && { cat /dev/zero > \"$DATA/ballast\" 2> /dev/null; true; }";

/// A verb as it is carried out there.
fn on(disk: &str, desk: &Desk, args: &[&str]) -> Said {
    Said::of(&mut unshared(desk, &["--mount"], &format!("{disk} &&"), args))
}

fn is_readable_and_nothing_more(disk: &str, desk: &Desk) {
    let status = on(disk, desk, &["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&status.ok()).unwrap();
    assert_eq!(status["timer"]["state"], "running", "{status}");
    assert!(status["alerts"][0].as_str().unwrap().starts_with("nothing new can be recorded"), "{status}");
    let said = on(disk, desk, &["log", "--from", "2026-03-02", "--to", "2026-03-02"]);
    assert!(said.stderr.contains("note: an alert stands"), "{said:?}");
    assert!(said.ok().contains("3 h 00 min"));
    on(disk, desk, &["queue", "list"]).ok();
    for args in [&["pause"] as &[&str], &["add", "2026-03-02 14:00-15:00"], &["run"]] {
        let said = on(disk, desk, args);
        assert_eq!(said.code, 75, "{args:?}: {said:?}");
        assert!(said.stderr.contains("hint: make room on that disk"), "{args:?}: {said:?}");
    }
}

#[test]
fn what_was_recorded_is_shown_where_nothing_can_be() {
    if !permitted(&["--mount"]) {
        return;
    }
    for disk in [READ_ONLY, FULL] {
        let desk = Desk::new();
        desk.stint(&["add", "2026-03-02 9:00-12:00"]).ok();
        desk.stint(&["start"]).ok();
        let items = desk.items();
        is_readable_and_nothing_more(disk, &desk);
        assert_eq!((desk.items(), desk.timer()["state"].as_str().unwrap()), (items, "running"));
    }
}

#[test]
fn what_is_only_in_the_log_is_read_too() {
    if !permitted(&["--mount"]) {
        return;
    }
    let desk = Desk::new();
    let host = desk.host();
    desk.stint(&["add", "2026-03-02 9:00-12:00"]).ok();
    desk.stint(&["start"]).ok();
    host.kill();
    std::fs::remove_file(desk.data().join("stint.db-shm")).unwrap();
    is_readable_and_nothing_more(READ_ONLY, &desk);
}
