//! Running the program in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use stint_plugin_runtime::contract::{Entry, Interval, Origin, Segment};
use stint_plugin_runtime::{Item, Payload};

/// A folder of a test, in which the program runs.
pub(crate) struct Workshop {
    folder: tempfile::TempDir,
}

/// What a command said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workshop {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Changes a part of a file that must be there.
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, text.replace(from, to));
    }

    /// Runs the program with arguments as one would type them.
    pub(crate) fn stint(&self, line: &str) -> Said {
        self.run(Command::new(env!("CARGO_BIN_EXE_stint")).args(line.split_whitespace()))
    }

    /// Runs a line in a shell that finds the program, in a folder of the workshop.
    pub(crate) fn shell(&self, folder: &Path, line: &str) -> Said {
        let program = Path::new(env!("CARGO_BIN_EXE_stint")).parent().unwrap();
        let path = std::env::var("PATH").unwrap_or_default();
        self.run(
            Command::new("sh")
                .args(["-euc", line])
                .env("PATH", format!("{}:{path}", program.display()))
                .current_dir(self.folder.path().join(folder)),
        )
    }

    /// Runs the program with arguments that may have spaces in them.
    pub(crate) fn say(&self, args: &[&str]) -> Said {
        self.run(Command::new(env!("CARGO_BIN_EXE_stint")).args(args))
    }

    /// The same on a screen of so many columns.
    pub(crate) fn say_in(&self, columns: usize, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stint"));
        self.run(command.args(args).env("COLUMNS", columns.to_string()))
    }

    /// What a verb answers as JSON.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let said = self.say(&[args, &["--json"]].concat()).ok();
        assert_eq!(said.stderr, "", "beside JSON nothing is said");
        serde_json::from_str(&said.stdout).unwrap()
    }

    /// The program, ready to be started by hand.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stint"));
        command.args(args);
        self.surround(&mut command);
        command
    }

    /// Writes the configuration that the program finds by itself.
    pub(crate) fn configure(&self, text: &str) {
        self.write("config/stint/stint.toml", text);
    }

    fn run(&self, command: &mut Command) -> Said {
        self.surround(command);
        Said::from(command.output().unwrap())
    }

    /// Sees to it that nothing of the machine and its user leaks in.
    fn surround(&self, command: &mut Command) {
        if command.get_current_dir().is_none() {
            command.current_dir(self.folder.path());
        }
        // One folder for all that is compiled for wasm32, or every test would compile Rust's standard library. The
        // crates that the tests themselves were built with are there, so no network is needed.
        command
            .env("CARGO_TARGET_DIR", concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/wasm"))
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("CARGO")
            .env_remove("RUSTFLAGS")
            .env("STINT_DATA_DIR", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("TZ", "Europe/Vienna")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .env_remove("STINT_CONFIG");
        if command.get_envs().all(|(name, _)| name != "COLUMNS") {
            command.env_remove("COLUMNS");
        }
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Said {
    /// It went well.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// It was no command line, and said what was probably meant.
    #[track_caller]
    pub(crate) fn failed_with_tip(self, tip: &str) {
        assert_eq!(self.code, 2, "{self:?}");
        assert!(self.stderr.contains(tip) && self.stderr.contains("--help"), "{tip}: {}", self.stderr);
        assert!(tip.is_empty() || self.stderr.contains("tip:"), "{}", self.stderr);
    }

    /// It failed with this code, and these were its last lines.
    #[track_caller]
    pub(crate) fn failed(self, code: i32, last_lines: &str) {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        assert!(self.stderr.ends_with(last_lines), "expected:\n{last_lines}\nbut it said:\n{}", self.stderr);
    }
}

/// An entry of an hour.
pub(crate) fn entry() -> Entry {
    let span = Interval { start: 1_772_449_200_000, end: 1_772_452_800_000 };
    Entry {
        id: "0195570b-0000-7000-8000-00000000000e".into(),
        project: Some("Website".into()),
        task: None,
        note: Some("Read the first draft".into()),
        tags: vec!["draft".into()],
        billable: true,
        started_at: span.start,
        ended_at: Some(span.end),
        worked_ms: 3_600_000,
        segments: vec![Segment { span, worked_ms: 3_600_000, claimed: false }],
        gaps: vec![],
        timezone: "Europe/Berlin".into(),
        origin: Origin { person: "ada".into(), machine: "desk-1".into(), installation: "1".into() },
        extra: "{}".into(),
    }
}

/// An item with this in it.
pub(crate) fn item(payload: Payload) -> Item {
    Item {
        id: "0195573a-9d00-7000-8000-000000000002".into(),
        key: "9f0c1f6e-1111-5000-8000-000000000003".into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 1_772_452_800_000,
        attempt: 1,
        priority: 0,
        labels: vec![],
        payload,
    }
}
