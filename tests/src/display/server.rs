//! An X server of a test: Xvfb on a number that nobody else has. It ends with its owner.

use std::io::{self, BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

/// A running X server.
#[derive(Debug)]
pub struct Server {
    child: Child,
    name: String,
}

impl Server {
    /// Starts one whose screen has this size, and waits until it serves.
    pub fn start(width: u16, height: u16) -> io::Result<Self> {
        let size = format!("{width}x{height}x24");
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset", "-ac"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                io::Error::new(error.kind(), format!("Xvfb doesn't start ({error}); `make test` installs it"))
            })?;
        let mut number = String::new();
        if let Some(said) = child.stdout.take() {
            // It says its number when it is ready.
            BufReader::new(said).read_line(&mut number)?;
        }
        let number = number.trim().to_owned();
        let server = Self { child, name: format!(":{number}") };
        if number.is_empty() {
            return Err(io::Error::other("Xvfb ended before it served"));
        }
        Ok(server)
    }

    /// Its process, for whoever makes it hang.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What DISPLAY is for its programs.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
