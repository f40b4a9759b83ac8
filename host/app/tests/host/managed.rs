//! The host under a service manager: what it is told, when, and how the log looks in its journal.

use std::{
    fs::File,
    os::unix::{fs::MetadataExt as _, net::UnixDatagram, process::CommandExt as _},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::Desk;

/// A host and its manager.
struct Managed {
    child: Child,
    heard: UnixDatagram,
}

impl Managed {
    fn start(desk: &Desk, socket: UnixDatagram, mut command: Command) -> Self {
        // Longer than any machine takes: a message that never comes is a failure, not a hang.
        socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let log = File::create(desk.path("host.log")).unwrap();
        let journal = log.metadata().unwrap();
        command.env("JOURNAL_STREAM", format!("{}:{}", journal.dev(), journal.ino()));
        let child = command.stdout(Stdio::null()).stderr(log).process_group(0).spawn().unwrap();
        Self { child, heard: socket }
    }

    /// The next message that begins with one of these words; what else comes is passed over.
    #[track_caller]
    fn hears(&self, word: &str) -> String {
        let mut bytes = [0; 512];
        loop {
            let length = self.heard.recv(&mut bytes).unwrap();
            let message = String::from_utf8_lossy(&bytes[..length]).into_owned();
            if message.starts_with(word) {
                return message;
            }
            assert!(message.starts_with("WATCHDOG=1"), "{message} instead of {word}");
        }
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }
}

impl Drop for Managed {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_is_told_when_the_host_is_ready_reloads_and_ends() {
    let desk = Desk::new();
    let socket = UnixDatagram::bind(desk.path("notify")).unwrap();
    let mut command = desk.command(&["run"]);
    command.env("NOTIFY_SOCKET", desk.path("notify")).env("WATCHDOG_USEC", "2000000");
    let mut host = Managed::start(&desk, socket, command);
    assert_eq!(host.hears("READY=1"), "READY=1\nSTATUS=running\n");
    assert_eq!(desk.json(&["status"])["host"]["running"], true, "who is ready serves");
    for _ in 0..3 {
        host.hears("WATCHDOG=1");
    }
    host.signal(Signal::HUP);
    host.hears("RELOADING=1");
    host.hears("READY=1");
    host.signal(Signal::TERM);
    host.hears("STOPPING=1");
    assert_eq!(host.child.wait().unwrap().code(), Some(0), "{}", desk.log());
}

#[test]
fn a_name_without_a_file_and_another_ones_watchdog() {
    use std::os::{linux::net::SocketAddrExt as _, unix::net::SocketAddr};
    let desk = Desk::new();
    let name = format!("stint-test-{}", std::process::id());
    let socket = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    let mut command = desk.command(&["run"]);
    command.env("NOTIFY_SOCKET", format!("@{name}")).env("WATCHDOG_USEC", "1000").env("WATCHDOG_PID", "1");
    let mut host = Managed::start(&desk, socket, command);
    host.hears("READY=1");
    host.signal(Signal::TERM);
    let mut bytes = [0; 512];
    let length = host.heard.recv(&mut bytes).unwrap();
    assert!(bytes[..length].starts_with(b"STOPPING=1"), "no watchdog of another process is fed");
    assert_eq!(host.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_journal_gets_importance_and_no_times_or_colours() {
    let desk = Desk::new();
    let socket = UnixDatagram::bind(desk.path("notify")).unwrap();
    let mut command = desk.command(&["run", "--color", "always"]);
    command.env("NOTIFY_SOCKET", desk.path("notify"));
    let mut host = Managed::start(&desk, socket, command);
    host.hears("READY=1");
    host.signal(Signal::TERM);
    host.child.wait().unwrap();
    let log = desk.log();
    assert!(log.lines().any(|line| line.starts_with("<6>stint: stint runs")), "{log}");
    assert!(log.lines().all(|line| line.starts_with('<') && !line.contains('\u{1b}')), "{log}");
}
