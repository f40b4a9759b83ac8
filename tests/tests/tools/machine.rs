//! A made-up machine: commands that stand before the real ones in `PATH`, and a log of what was asked of them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The project's own `tools/` folder.
pub(crate) fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools")
}

/// What a script printed and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) struct Machine {
    root: TempDir,
}

impl Machine {
    /// A machine on which nothing can be installed by accident: every installer only writes down its arguments.
    pub(crate) fn new() -> Self {
        let machine = Self { root: tempfile::tempdir().unwrap() };
        for installer in ["apt-get", "rustup", "sudo"] {
            machine.command(installer, "");
        }
        // What looks at screens is there.
        machine.command("pkg-config", "");
        machine
    }

    /// Puts a command before the real one; it logs its arguments, then does what `script` says.
    pub(crate) fn command(&self, name: &str, script: &str) {
        fs::write(self.root.path().join(name).with_extension("txt"), script).unwrap();
        let link = self.root.path().join(name);
        if !link.exists() {
            let shim = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/shim.sh");
            symlink(shim, link).unwrap();
        }
    }

    /// Runs a script with nobody at the terminal.
    pub(crate) fn run(&self, script: &Path) -> Ended {
        self.run_with(script, &[])
    }

    /// The same with arguments.
    pub(crate) fn run_with(&self, script: &Path, arguments: &[&str]) -> Ended {
        let path = format!("{}:{}", self.root.path().display(), std::env::var("PATH").unwrap());
        let output = Command::new(script)
            .args(arguments)
            .env("PATH", path)
            .env("LIBCLANG_PATH", "/usr/lib")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        output.into()
    }

    /// The lines logged by one command.
    pub(crate) fn asked_of(&self, name: &str) -> Vec<String> {
        let log = fs::read_to_string(self.root.path().join("log.txt")).unwrap_or_default();
        log.lines().filter(|line| line.split(' ').next() == Some(name)).map(str::to_owned).collect()
    }
}
