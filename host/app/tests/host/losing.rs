//! A host whose data directory, lock, database or socket is taken from under it.

use std::{fs, io::Read as _};

use crate::desk::{Desk, Host, ONE_TARGET, until};

fn running() -> (Desk, Host) {
    let desk = Desk::new();
    desk.configure(&format!("{ONE_TARGET}[timer]\nheartbeat = \"1s\"\n"));
    let host = desk.host();
    desk.stint(&["start"]).ok();
    (desk, host)
}

/// Waits for the host's end by itself, and gives what it said.
fn ended(desk: &Desk, mut host: Host) -> String {
    assert_eq!(host.child.wait().unwrap().code(), Some(73), "{}", desk.log());
    desk.log()
}

#[test]
fn a_data_directory_that_is_gone_ends_the_host() {
    let (desk, host) = running();
    fs::rename(desk.data(), desk.path("elsewhere")).unwrap();
    let log = ended(&desk, host);
    assert!(log.contains("was removed or moved away under the running stint"), "{log}");
    assert!(log.contains("hint: bring it back where it was"), "{log}");
    assert!(!desk.data().exists(), "nothing is made in its place");
    fs::rename(desk.path("elsewhere"), desk.data()).unwrap();
    assert_eq!(desk.timer()["state"], "running", "what was recorded is there");
}

#[test]
fn anothers_data_is_left_alone() {
    let (desk, host) = running();
    fs::rename(desk.data(), desk.path("elsewhere")).unwrap();
    fs::create_dir(desk.data()).unwrap();
    for name in ["stint.lock", "stint.db", "stint.db-wal", "control.sock"] {
        fs::write(desk.data().join(name), "theirs").unwrap();
    }
    let log = ended(&desk, host);
    assert!(log.contains("another one has taken its place"), "{log}");
    for name in ["stint.lock", "stint.db", "stint.db-wal", "control.sock"] {
        assert_eq!(fs::read_to_string(desk.data().join(name)).unwrap(), "theirs", "{name}");
    }
}

#[test]
fn a_lock_or_database_that_is_gone_ends_the_host() {
    for name in ["stint.lock", "stint.db"] {
        let (desk, host) = running();
        fs::remove_file(desk.data().join(name)).unwrap();
        let log = ended(&desk, host);
        assert!(log.contains(name) && log.contains("was removed or moved away"), "{log}");
    }
}

#[test]
fn a_socket_that_was_removed_is_made_again() {
    let (desk, host) = running();
    let socket = desk.data().join("control.sock");
    fs::remove_file(&socket).unwrap();
    // The verb waits for it.
    until("a verb that is answered", || desk.stint(&["pause"]).code == 0);
    assert!(
        socket.exists() && desk.log().contains("the socket was removed; it is made again"),
        "{}",
        desk.log()
    );
    assert_eq!(host.end(), 0);
    assert!(!socket.exists());
}

#[test]
fn a_verb_says_who_has_the_directory_and_why_it_can_not_be_reached() {
    let desk = Desk::new();
    let mut holder = std::process::Command::new("flock");
    fs::create_dir(desk.data()).unwrap();
    let lock = desk.data().join("stint.lock");
    holder.arg(&lock).args(["sh", "-c", "echo $$ > \"$0\"; echo ready; exec cat"]).arg(&lock);
    holder.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut holder = holder.spawn().unwrap();
    holder.stdout.as_mut().unwrap().read_exact(&mut [0; 6]).unwrap();
    let said = desk.stint(&["pause"]);
    assert_eq!(said.code, 75, "{said:?}");
    assert!(said.stderr.contains("has the data directory") && said.stderr.contains("no socket"), "{said:?}");
    drop(holder.stdin.take());
    holder.wait().unwrap();
}
