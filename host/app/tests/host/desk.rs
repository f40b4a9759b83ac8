//! A data directory and a configuration of a test, with or without a host.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};
use serde_json::Value;
use tempfile::TempDir;

/// A place of its own for a test.
pub(crate) struct Desk {
    folder: TempDir,
}

/// What a verb said, and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A running host. It is killed when it goes out of scope.
pub(crate) struct Host {
    pub(crate) child: Child,
    stdout: BufReader<ChildStdout>,
}

/// One target that gets everything. Nothing serves it, so all that is recorded waits.
pub(crate) const ONE_TARGET: &str =
    "[targets.work]\nplugin = \"nothing\"\naccepts = [\"time-entry\", \"screenshot\", \"activity\"]\n";

impl Desk {
    /// A desk with one target.
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        desk.configure(ONE_TARGET);
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// Writes the configuration as an editor does: a new file in place of the old one.
    pub(crate) fn configure(&self, text: &str) {
        let new = self.path("stint.toml.new");
        fs::write(&new, text).unwrap();
        fs::rename(new, self.path("stint.toml")).unwrap();
    }

    /// The program, so that nothing of this machine's user leaks in.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stint"));
        command
            .args(args)
            .env_clear()
            .env("STINT_CONFIG", self.path("stint.toml"))
            .env("STINT_DATA_DIR", self.data())
            .env("HOME", self.folder.path())
            .env("TZ", "Europe/Vienna")
            // Tests run side by side, and the usual port is one.
            .env("STINT_CONTROL__LISTEN", ":0")
            .current_dir(self.folder.path());
        command
    }

    pub(crate) fn stint(&self, args: &[&str]) -> Said {
        Said::of(&mut self.command(args))
    }

    /// A verb that has to work, as JSON.
    #[track_caller]
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let mut args = args.to_vec();
        args.push("--json");
        let said = self.stint(&args);
        assert_eq!(said.code, 0, "{args:?}: {said:?}");
        serde_json::from_str(&said.stdout).unwrap()
    }

    /// Starts a host and waits until it serves.
    pub(crate) fn host(&self) -> Host {
        self.try_host().unwrap()
    }

    /// The same; what it said and how it ended if it doesn't stay.
    pub(crate) fn try_host(&self) -> Result<Host, Said> {
        self.try_host_with(&["run"])
    }

    /// The same with other words.
    pub(crate) fn try_host_with(&self, args: &[&str]) -> Result<Host, Said> {
        self.start(self.command(args))
    }

    /// A host that the kernel kills at the given call of its kind, counted in each thread.
    pub(crate) fn doomed_host(&self, call: &str, at: u32) -> Result<Host, Said> {
        self.start(self.doomed(call, at, &["run"]))
    }

    /// The program, killed at the given call of its kind.
    pub(crate) fn doomed(&self, call: &str, at: u32, args: &[&str]) -> Command {
        self.traced(&format!("inject={call}:signal=SIGKILL:when={at}"), args)
    }

    /// The program under a tracer that interferes.
    pub(crate) fn traced(&self, inject: &str, args: &[&str]) -> Command {
        let plain = self.command(args);
        let mut traced = Command::new("strace");
        traced
            .args(["-f", "-qq", "-o", "/dev/null", "-e", inject])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env_clear()
            .envs(plain.get_envs().filter_map(|(key, value)| Some((key, value?))))
            .env("PATH", std::env::var("PATH").unwrap())
            .current_dir(self.path(""));
        traced
    }

    /// Starts a host by this command.
    pub(crate) fn start(&self, mut command: Command) -> Result<Host, Said> {
        command.stdout(Stdio::piped()).stderr(fs::File::create(self.path("host.log")).unwrap());
        // A group of its own, so that what runs under a tracer ends with it.
        let mut child = command.process_group(0).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        if line.starts_with("stint runs") {
            return Ok(Host { child, stdout });
        }
        let code = child.wait().unwrap().code().unwrap_or(-1);
        Err(Said { code, stdout: line, stderr: self.log() })
    }

    /// What the host wrote.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.path("host.log")).unwrap()
    }

    /// How many deliveries the one target ever got.
    pub(crate) fn items(&self) -> u64 {
        let status = self.json(&["status"]);
        ["pending", "failed", "sent", "dropped"]
            .iter()
            .map(|state| status["queue"][state].as_u64().unwrap())
            .sum()
    }

    pub(crate) fn timer(&self) -> Value {
        self.json(&["status"])["timer"].take()
    }
}

impl Said {
    pub(crate) fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap();
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }
}

impl Host {
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Stops it where it is, and returns when it stands still.
    pub(crate) fn halt(&self) {
        self.signal(Signal::STOP);
        let stopped = WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(Pid::from_child(&self.child)), stopped).unwrap();
    }

    /// Ends it in order, and gives its exit code.
    pub(crate) fn end(mut self) -> i32 {
        self.signal(Signal::TERM);
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).unwrap();
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Kills it, as a power cut or the kernel would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        let _ = self.child.wait();
    }
}

/// Waits until something holds. It looks again and again, because another process tells nobody; a minute is more than
/// any machine takes.
#[track_caller]
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let (mut command, mut looks) = (Command::new("sleep"), 0);
    command.arg("0.05");
    while !holds() {
        looks += 1;
        assert!(looks < 1_200, "it never came: {what}");
        command.status().unwrap();
    }
}

pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}
