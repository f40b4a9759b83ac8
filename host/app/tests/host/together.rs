//! Several verbs at once, and several hosts.

use std::process::Stdio;

use crate::desk::{Desk, Said, until};

/// Starts five at once, and waits for them all.
fn five(desk: &Desk, args: &[&str]) -> Vec<Said> {
    let children: Vec<_> = (0..5)
        .map(|_| desk.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            Said {
                code: output.status.code().unwrap_or(-1),
                stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
                stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            }
        })
        .collect()
}

fn five_pauses_make_one_item(desk: &Desk) {
    desk.stint(&["start"]).ok();
    let said = five(desk, &["pause", "--json"]);
    assert!(said.iter().all(|said| said.code == 0), "{said:?}");
    let changed = said.iter().filter(|said| said.stdout.contains("\"changed\": true")).count();
    assert_eq!((changed, desk.items()), (1, 2));
    for _ in 0..3 {
        desk.stint(&["pause"]).ok();
    }
    assert_eq!(desk.items(), 2, "a pause now and then adds nothing");
}

#[test]
fn five_pauses_at_once_without_a_host() {
    five_pauses_make_one_item(&Desk::new());
}

#[test]
fn five_pauses_at_once_with_a_host() {
    let desk = Desk::new();
    let _host = desk.host();
    five_pauses_make_one_item(&desk);
}

#[test]
fn a_second_host_is_told_who_was_first() {
    let desk = Desk::new();
    let host = desk.host();
    let said = desk.stint(&["run"]);
    assert_eq!(said.code, 75, "{said:?}");
    assert!(said.stderr.contains(&format!("process {} has it", host.pid())), "{said:?}");
}

#[test]
fn a_host_waits_for_a_verb_that_is_under_way() {
    let desk = Desk::new();
    desk.stint(&["status"]).ok();
    // This test has the directory, as a verb would.
    let lock = std::fs::OpenOptions::new().write(true).open(desk.data().join("stint.lock")).unwrap();
    lock.lock().unwrap();
    let log = std::fs::File::create(desk.path("host.log")).unwrap();
    let mut host = desk.command(&["run"]).stdout(Stdio::null()).stderr(log).spawn().unwrap();
    until("it waits", || desk.log().contains("waiting for who has the data directory"));
    lock.unlock().unwrap();
    until("it runs", || desk.data().join("control.sock").exists());
    assert_eq!(desk.json(&["status"])["host"]["pid"], host.id());
    host.kill().unwrap();
    host.wait().unwrap();
}

#[test]
fn a_socket_that_a_killed_host_left_is_no_obstacle() {
    let desk = Desk::new();
    desk.host().kill();
    assert!(desk.data().join("control.sock").exists());
    desk.stint(&["start"]).ok();
    let host = desk.host();
    assert_eq!(desk.timer()["state"], "running");
    assert_eq!(host.end(), 0);
    assert!(!desk.data().join("control.sock").exists());
}

#[test]
fn a_host_that_stands_still_keeps_a_verb_five_seconds_at_most() {
    let desk = Desk::new();
    let host = desk.host();
    host.signal(rustix::process::Signal::STOP);
    let said = desk.stint(&["status"]);
    host.signal(rustix::process::Signal::CONT);
    assert_eq!(said.code, 75, "{said:?}");
    assert!(said.stderr.contains("failed to reach the host: the host doesn't answer"), "{said:?}");
    assert_eq!(host.end(), 0);
}
