//! A host that runs beside what is typed.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use crate::support::Workshop;

/// A running host. It is killed when it goes out of scope.
pub(crate) struct Host(Child);

impl Host {
    /// Starts it on what is in the workshop, and waits until it serves.
    pub(crate) fn start(workshop: &Workshop) -> Self {
        let mut command = workshop.command(&["run"]);
        let log = File::create(workshop.path("host.log")).unwrap();
        // Tests run side by side, and the usual port is one.
        command.env("STINT_CONTROL__LISTEN", ":0").stdout(Stdio::piped()).stderr(log);
        let mut host = Self(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(host.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("stint runs"), "{line}");
        host
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something holds. It looks again and again, because another process tells nobody; a minute is more than
/// any machine takes.
#[track_caller]
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let came = (0..1_200).any(|_| {
        holds() || {
            Command::new("sleep").arg("0.05").status().unwrap();
            false
        }
    });
    assert!(came, "it never came: {what}");
}
