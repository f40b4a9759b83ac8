//! `stint status`, once and watched.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::{deliveries::mixed, support::Workshop};

/// Every field that scripts rely on.
fn is_whole(status: &Value) {
    let has = |value: &Value, place: &str, fields: &[&str]| {
        for field in fields {
            assert!(value.as_object().unwrap().contains_key(*field), "{place}.{field} is not in {value}");
        }
    };
    assert_eq!(status["version"], json!(1));
    has(status, "", &["host", "timer", "targets", "queue", "plugins", "capture"]);
    has(&status["host"], "host", &["running", "pid", "since", "config"]);
    has(&status["host"]["config"], "host.config", &["path", "valid", "error"]);
    let timer = ["state", "entry_id", "project", "task", "note", "tags", "started_at", "worked_ms", "gaps"];
    has(&status["timer"], "timer", &timer);
    has(&status["queue"], "queue", &["pending", "failed", "sent", "dropped"]);
    has(&status["capture"], "capture", &["enabled", "last_at", "error"]);
    for target in status["targets"].as_array().unwrap() {
        let fields = [
            "name",
            "plugin",
            "state",
            "held_because",
            "pending",
            "failed",
            "sent",
            "dropped",
            "oldest_pending_ms",
            "next_attempt_at",
            "last_error",
            "last_pass",
        ];
        has(target, "targets", &fields);
        if !target["last_pass"].is_null() {
            has(&target["last_pass"], "targets.last_pass", &["at", "result", "delivered"]);
        }
    }
}

#[test]
fn nothing_recorded_is_said_as_such() {
    let workshop = Workshop::new();
    assert_eq!(
        workshop.say(&["status"]).ok().stdout,
        "\
idle
  begin with: stint start

no targets: what is recorded stays on this machine

no host is running: nothing is delivered until `stint run`
"
    );
    is_whole(&workshop.json(&["status"]));
}

#[test]
fn a_held_target_says_why_and_how_much_waits() {
    let workshop = mixed();
    workshop.say(&["start", "Read", "--project", "Website", "--tag", "a", "--billable"]).ok();
    let said = workshop.say_in(100, &["status"]).ok().stdout;
    for part in [
        "running  0:0",
        "\n  Website: Read  #a  billable\n  since ",
        "\nTARGET  STATE  PENDING  FAILED  SENT  DROPPED  OLDEST  NEXT ATTEMPT\nwork    held   3        1       1 ",
        "\n    held because the key was revoked\n    see: stint queue list --state failed --target work\n",
        "\n    last error: HTTP 422: no such project\n",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    let status = workshop.json(&["status"]);
    is_whole(&status);
    let target = &status["targets"][0];
    assert_eq!(
        [&target["state"], &target["held_because"], &target["pending"], &target["failed"], &target["sent"]],
        [&json!("held"), &json!("the key was revoked"), &json!(3), &json!(1), &json!(1)]
    );
    assert_eq!(
        target["last_pass"],
        json!({"at": "2026-03-02T11:00:00.000Z", "result": "held", "delivered": 1})
    );
    workshop.say(&["pause"]).ok();
    let said = workshop.say(&["status"]).ok().stdout;
    assert!(said.starts_with("paused  0:0") && said.contains("\n  go on with: stint resume\n"), "{said}");
}

fn watched(workshop: &Workshop, args: &[&str]) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut command = workshop.command(&[&["status", "--watch"], args].concat());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    (child, stdout)
}

fn ended(mut child: Child) -> (i32, String) {
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (child.wait().unwrap().code().unwrap_or(-1), stderr)
}

#[test]
fn a_watched_status_is_shown_again_and_again() {
    let workshop = Workshop::new();
    workshop.say(&["start"]).ok();
    let (child, mut stdout) = watched(&workshop, &["--json"]);
    let mut worked = Vec::new();
    for _ in 0..3 {
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let status: Value = serde_json::from_str(&line).unwrap();
        is_whole(&status);
        worked.push(status["timer"]["worked_ms"].as_u64().unwrap());
    }
    assert!(worked[0] < worked[1] && worked[1] < worked[2], "{worked:?}");
    // Others get at the data directory in between.
    assert_eq!(workshop.json(&["stop"])["changed"], json!(true));
    drop(stdout);
    assert_eq!(ended(child), (0, String::new()), "nobody reads any more");
}

#[test]
fn a_watched_status_ends_without_a_word() {
    for signal in [Signal::INT, Signal::TERM] {
        let workshop = Workshop::new();
        let (child, mut stdout) = watched(&workshop, &[]);
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "idle\n");
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(ended(child), (0, String::new()), "{signal:?}");
    }
}

#[test]
fn a_first_look_that_fails_ends_it() {
    let workshop = Workshop::new();
    let (child, _stdout) = watched(&workshop, &["--data-dir", ""]);
    let (code, stderr) = ended(child);
    assert_eq!(code, 78, "{stderr}");
    assert!(stderr.contains("this path is empty"), "{stderr}");
}
