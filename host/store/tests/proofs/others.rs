//! Other processes and other users: one process owns a data directory, and one person sees it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use stint_store::{LockError, OpenError, Store, Synchronous};

use crate::child::{Place, Role};
use crate::oracle::judge;
use crate::plan;
use crate::script::{Size, options};

const SMALL: Size = Size { sessions: 1, threads: 0, steps: 9 };

#[test]
fn a_second_process_is_refused_with_the_pid_of_the_first() {
    let place = Place::new();
    // The child's lines come through a pipe, so that waiting for one needs no clock.
    assert!(std::process::Command::new("mkfifo").arg(place.lines()).status().unwrap().success());
    let mut child = place.command(&[], Role::Hold, SMALL).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(fs::File::open(place.lines()).unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "open\n");
    let open = || Store::open(options(&place.data(), Synchronous::Full), plan::moment(0).wall);
    let error = open().unwrap_err();
    assert!(
        matches!(&error, OpenError::Lock(LockError::Owned { pid, .. }) if *pid == Some(child.id())),
        "{error}"
    );
    assert!(error.to_string().contains(&format!("process {} has it", child.id())), "{error}");
    // What a killed process leaves keeps nobody out.
    child.kill().unwrap();
    child.wait().unwrap();
    open().unwrap();
}

#[test]
fn no_umask_opens_anything_to_others_or_keeps_the_owner_out() {
    for umask in ["000", "022", "777"] {
        let place = Place::new();
        let wrapper = ["sh", "-c", &format!("umask {umask} && exec \"$0\" \"$@\"")];
        // The lines' own file is made here: it is not the store's.
        fs::write(place.lines(), "").unwrap();
        let output = place.command(&wrapper, Role::Script(Synchronous::Full), SMALL).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let closed = check_modes(&place.data());
        assert!(closed >= 5, "{closed}");
        assert_eq!(judge(&place.data(), &place.told(), SMALL), [""; 0]);
    }
}

/// Everything is its owner's alone. Gives back how many files and directories there are.
fn check_modes(path: &Path) -> usize {
    let found = fs::symlink_metadata(path).unwrap();
    let expected = if found.is_dir() { 0o700 } else { 0o600 };
    assert_eq!(found.permissions().mode() & 0o777, expected, "{}", path.display());
    let inner = found.is_dir().then(|| fs::read_dir(path).unwrap().flatten());
    1 + inner.into_iter().flatten().map(|entry| check_modes(&entry.path())).sum::<usize>()
}
