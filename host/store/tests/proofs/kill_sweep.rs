//! The process is killed at one system call after another. What it acknowledged is there, and no transition is half
//! made.

use std::os::unix::process::ExitStatusExt;

use stint_store::Synchronous;

use crate::child::{Place, Role};
use crate::oracle::judge;
use crate::script::Size;

const SMALL: Size = Size { sessions: 1, threads: 0, steps: 5 };

/// Kills at every `stride`-th call of this name until a run comes to its end. Gives back how many were killed.
fn sweep(call: &str, first: usize, stride: usize, new: impl Fn() -> Place) -> usize {
    for (killed, number) in (first..).step_by(stride).enumerate() {
        let place = new();
        let inject = format!("inject={call}:signal=SIGKILL:when={number}");
        let trace = format!("trace={call}");
        let status = place.strace(&["-e", &trace, "-e", &inject], Role::Script(Synchronous::Full), SMALL);
        let wrong = judge(&place.data(), &place.told(), SMALL);
        assert_eq!(wrong, [""; 0], "killed at {call} {number}");
        if status.success() {
            return killed;
        }
        assert_eq!(status.signal(), Some(9), "{status}");
    }
    unreachable!("numbers do not end")
}

/// A store that was used and closed, so that a sweep does not begin with the making of the tables each time.
fn used() -> impl Fn() -> Place {
    let first = Place::new();
    let status = first
        .command(&[], Role::Script(Synchronous::Full), Size { sessions: 1, threads: 0, steps: 0 })
        .status();
    assert!(status.unwrap().success());
    move || Place::copy_of(&first.data())
}

#[test]
fn killed_at_any_sync() {
    assert!(sweep("fsync", 1, 1, Place::new) > 25);
}

#[test]
fn killed_at_any_name() {
    let used = used();
    for (call, at_least) in [("rename", 1), ("mkdir", 1), ("unlink", 1)] {
        assert!(sweep(call, 1, 1, &used) >= at_least, "{call}");
    }
}

#[test]
fn killed_at_writes_all_along() {
    assert!(sweep("pwrite64", 3, 11, used()) > 10);
    assert!(sweep("write", 1, 1, used()) > 10);
}
