//! A host's life: what it leaves on disk, how it ends, how it wakes up again.

use std::io::{BufRead as _, BufReader};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, ONE_TARGET, mode, until};

#[test]
fn what_it_keeps_is_for_its_user_alone() {
    let desk = Desk::new();
    let _host = desk.host();
    desk.stint(&["start"]).ok();
    assert_eq!(mode(&desk.data()), 0o700);
    for file in std::fs::read_dir(desk.data()).unwrap() {
        let path = file.unwrap().path();
        let expected = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), expected, "{}", path.display());
    }
}

#[test]
fn it_ends_as_the_configuration_says() {
    for (on_quit, state, items) in [("keep", "running", 1), ("pause", "paused", 2), ("stop", "idle", 2)] {
        let desk = Desk::new();
        desk.configure(&format!("{ONE_TARGET}[timer]\non_quit = \"{on_quit}\"\n"));
        let host = desk.host();
        desk.stint(&["start"]).ok();
        assert_eq!(host.end(), 0, "{}", desk.log());
        assert_eq!((desk.timer()["state"].as_str().unwrap(), desk.items()), (state, items), "{on_quit}");
    }
}

#[test]
fn a_data_directory_with_a_long_name_has_a_socket_too() {
    let desk = Desk::new();
    let deep = desk.path(&"d".repeat(120)).join("e".repeat(120));
    let dir = deep.display().to_string();
    let mut host = desk.command(&["run", "--data-dir", &dir]);
    let mut host =
        host.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null()).spawn().unwrap();
    until("the socket", || deep.join("control.sock").exists());
    let said = desk.stint(&["status", "--json", "--data-dir", &dir]);
    host.kill().unwrap();
    host.wait().unwrap();
    assert!(said.stdout.contains("\"running\": true"), "{said:?}");
}

#[test]
fn its_log_is_for_people_or_for_programs() {
    let desk = Desk::new();
    desk.configure(&format!("{ONE_TARGET}[log]\nformat = \"json\"\nfile = \"logs/stint.log\"\n"));
    desk.host().end();
    let log = std::fs::read_to_string(desk.path("logs/stint.log")).unwrap();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["level"].is_string() && line["timestamp"].is_string(), "{line}");
    }
    assert!(log.contains("\"message\":\"stint runs\""), "{log}");
    assert_eq!(mode(&desk.path("logs/stint.log")), 0o600);
}

#[test]
fn a_log_that_was_removed_is_written_again_and_verbose_says_more() {
    let desk = Desk::new();
    let log = desk.path("logs/stint.log");
    desk.configure(&format!("{ONE_TARGET}[log]\nfile = \"logs/stint.log\"\n"));
    let host = desk.host();
    std::fs::remove_file(&log).unwrap();
    host.signal(Signal::HUP);
    until("the log", || std::fs::read_to_string(&log).is_ok_and(|text| text.contains("read again")));
    let said = desk.stint(&["start", "--verbose"]);
    assert!(
        said.stderr.contains("step: the host in ") && said.stderr.contains("POST /api/v1/timer/start"),
        "{said:?}"
    );
    assert!(!std::fs::read_to_string(&log).unwrap().contains("/api/v1/"));
    assert_eq!(host.end(), 0);
    let said = desk.stint(&["stop", "--verbose"]);
    assert!(said.stderr.contains("step: no host runs; this verb took "), "{said:?}");
    let host = desk.try_host_with(&["run", "--verbose"]).unwrap();
    desk.stint(&["status"]).ok();
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(text.contains("path=\"/api/v1/status\" status=200") && text.contains("DEBUG"), "{text}");
    assert_eq!(host.end(), 0);
}

#[test]
fn a_pipe_as_a_log_is_refused_at_once() {
    let desk = Desk::new();
    assert!(std::process::Command::new("mkfifo").arg(desk.path("pipe")).status().unwrap().success());
    desk.configure("[log]\nfile = \"pipe\"\n");
    let said = desk.stint(&["run"]);
    assert_eq!(said.code, 73, "{said:?}");
    assert!(said.stderr.contains("it is a pipe or a socket, and a file is meant"), "{said:?}");
}

#[test]
fn a_stopped_process_is_a_stall_and_its_time_counts() {
    let desk = Desk::new();
    desk.configure(&format!("{ONE_TARGET}[timer]\nheartbeat = \"1s\"\n"));
    let host = desk.host();
    desk.stint(&["start"]).ok();
    let worked = || desk.timer()["worked_ms"].as_u64().unwrap();
    until("a heartbeat", || worked() > 1_100);
    host.signal(Signal::STOP);
    std::process::Command::new("sleep").arg("4").status().unwrap();
    host.signal(Signal::CONT);
    until("its time", || worked() > 5_000);
    let timer = desk.timer();
    assert_eq!((timer["state"].as_str().unwrap(), &timer["gaps"]), ("running", &serde_json::json!([])));
}

#[test]
fn it_goes_on_though_nobody_reads_what_it_prints() {
    let desk = Desk::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let log = std::fs::File::create(desk.path("host.log")).unwrap();
    let mut host = desk.command(&["run"]).stdout(writer).stderr(log).spawn().unwrap();
    until("the host", || desk.data().join("control.sock").exists());
    assert_eq!(desk.json(&["status"])["host"]["pid"], host.id());
    kill_process(Pid::from_child(&host), Signal::TERM).unwrap();
    assert_eq!(host.wait().unwrap().code(), Some(0), "{}", desk.log());
}

#[test]
fn a_watched_status_sees_it_go() {
    let desk = Desk::new();
    let host = desk.host();
    let mut watch = desk.command(&["status", "--watch", "--json"]);
    let mut watch = watch.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut runs = || {
        let status: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        status["host"]["running"].as_bool().unwrap()
    };
    assert!(runs());
    assert_eq!(host.end(), 0);
    while runs() {}
    drop(lines);
    assert_eq!(watch.wait().unwrap().code(), Some(0));
}
