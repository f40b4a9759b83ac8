//! Credentials while a host runs: it is told of a new one at once, and shows of none what is secret.

use std::io::Write as _;
use std::process::Stdio;

use crate::desk::{Desk, until};

const SECRET: &str = "canary-90b2e6";

fn set(desk: &Desk) -> serde_json::Value {
    let mut command = desk.command(&["auth", "set", "work", "--json"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(SECRET.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_running_host_is_told_and_tells_what_it_sees() {
    let desk = Desk::new();
    desk.configure(
        "[credentials.work]\nscheme = \"bearer\"\nvalue = { file = \"key\" }\n\
         [credentials.variable]\nscheme = \"bearer\"\nvalue = { env = \"STINT_TEST_SEEN\" }\n",
    );
    let mut command = desk.command(&["run"]);
    let log = std::fs::File::create(desk.path("host.log")).unwrap();
    command.env("STINT_TEST_SEEN", "canary-90b2e6-too").stdout(Stdio::null()).stderr(log);
    let mut host = command.spawn().unwrap();
    until("the host", || desk.data().join("control.sock").exists());
    let present = |name: &str| desk.json(&["auth", "status", name])["credentials"][0]["present"].clone();
    assert_eq!(present("variable"), true, "the host's own environment counts");
    assert_eq!(present("work"), false);
    assert_eq!(set(&desk)["host_told"], true);
    assert_eq!(present("work"), true);
    assert_eq!(std::fs::read_to_string(desk.path("key")).unwrap(), SECRET);
    host.kill().unwrap();
    host.wait().unwrap();
    assert!(!desk.log().contains("canary"), "{}", desk.log());
    assert_eq!(set(&desk)["host_told"], false);
}
