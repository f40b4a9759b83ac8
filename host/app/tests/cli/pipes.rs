//! A reader that goes away early has what it wanted: no verb takes that for a failure.

use std::process::Stdio;

use crate::support::{Said, Workshop};

/// Runs a verb whose stdout nobody reads any more.
fn unread(workshop: &Workshop, args: &[&str]) -> Said {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let child = workshop.command(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    Said::from(child.wait_with_output().unwrap())
}

#[test]
fn nobody_has_to_read_to_the_end() {
    let workshop = Workshop::new();
    workshop.write("stint.wasm", "no plugin");
    workshop.say(&["add", "2026-03-02 9:00-10:00"]).ok();
    let verbs: [&[&str]; 12] = [
        &["status"],
        &["status", "--watch"],
        &["status", "--json"],
        &["log", "--from", "2026-03-02"],
        &["report"],
        &["report", "--format", "csv"],
        &["report", "--format", "svg"],
        &["queue", "list"],
        &["gap", "list"],
        &["start"],
        &["stop", "--json"],
        &["--help"],
    ];
    for verb in verbs {
        let said = unread(&workshop, verb);
        assert_eq!((said.code, said.stderr.as_str()), (0, ""), "{verb:?}");
    }
    assert_eq!(workshop.json(&["log"])["entries"].as_array().unwrap().len(), 1, "what they did is done");
    assert_eq!(unread(&workshop, &["plugin", "inspect", "stint.wasm"]).code, 65, "a failure stays one");
}

#[test]
fn a_disk_that_is_full_is_a_failure() {
    let workshop = Workshop::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let child = workshop.command(&["status"]).stdout(full).stderr(Stdio::piped()).spawn().unwrap();
    let said = Said::from(child.wait_with_output().unwrap());
    said.failed(73, "error: failed to write the answer: No space left on device (os error 28)\n");
}
