//! The script in a process of its own: this test program, told to run nothing but the script.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use stint_store::{Store, Synchronous};
use tempfile::TempDir;

use crate::oracle::Told;
use crate::script::{self, Lines, Size};
use crate::{disk_full, disk_read_only, plan};

/// What a child does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Runs the script.
    Script(Synchronous),
    /// Opens the store, says so, and keeps it until its input ends.
    Hold,
    /// Fills a small disk.
    FillDisk,
    /// Opens the store on a disk that is made read-only and writable again.
    ReadOnlyDisk,
    /// Commits one small item after another, between two lines.
    Singles,
}

/// A place where a child works.
pub(crate) struct Place {
    folder: TempDir,
    data: TempDir,
}

/// A place for data whose durability is told by the log of calls alone: in memory, where there is room, because a
/// disk would only make the test slow.
pub(crate) fn quick_folder() -> TempDir {
    const ROOM: u64 = 512 << 20;
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).map_or(0, |found| found.f_bavail * found.f_frsize);
    let quick = (room > ROOM).then(|| tempfile::tempdir_in(memory).ok()).flatten();
    quick.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

impl Place {
    /// A new place.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), data: quick_folder() }
    }

    /// A new place on a disk.
    pub(crate) fn on_disk() -> Self {
        Self { data: tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap(), ..Self::new() }
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// Where the child writes its lines.
    pub(crate) fn lines(&self) -> PathBuf {
        self.folder.path().join("lines")
    }

    /// Where `strace` writes.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What the child was told.
    pub(crate) fn told(&self) -> Told {
        Told::read(&self.lines())
    }

    /// The child's command, behind `wrapper`: nothing, or a program that runs a program.
    pub(crate) fn command(&self, wrapper: &[&str], role: Role, size: Size) -> Command {
        let mut words: Vec<OsString> = wrapper.iter().map(OsString::from).collect();
        words.push(std::env::current_exe().unwrap().into_os_string());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(["child::child", "--exact", "--nocapture", "--test-threads=1", "-q"]);
        let role = match role {
            Role::Script(Synchronous::Full) => "script",
            Role::Script(Synchronous::Off) => "script-off",
            Role::Hold => "hold",
            Role::FillDisk => "fill-disk",
            Role::ReadOnlyDisk => "read-only-disk",
            Role::Singles => "singles",
        };
        let size = format!("{} {} {}", size.sessions, size.threads, size.steps);
        command.env("STINT_ROLE", role).env("STINT_SIZE", size);
        command.env("STINT_DATA", self.data()).env("STINT_LINES", self.lines());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Runs the script under `strace` with these arguments, and gives back how it ended.
    pub(crate) fn strace(&self, arguments: &[&str], role: Role, size: Size) -> ExitStatus {
        let log = self.log();
        let wrapper = [&["strace", "-f", "-qq", "-o", log.to_str().unwrap()], arguments].concat();
        let mut child =
            self.command(&wrapper, role, size).stdin(Stdio::null()).spawn().unwrap_or_else(|error| {
                panic!(
                    "strace does not run ({error}): install Debian's package strace, as tools/setup.sh does"
                )
            });
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let status = child.wait().unwrap();
        assert!(!said.contains("strace:") && !said.contains("panicked"), "{said}");
        status
    }

    /// A copy of a data directory that another child left.
    pub(crate) fn copy_of(data: &Path) -> Self {
        let place = Self::new();
        copy(data, &place.data());
        place
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The child's way in. Where nobody asked for a child there is nothing to do.
#[test]
fn child() {
    let Ok(role) = std::env::var("STINT_ROLE") else { return };
    let path = |name| PathBuf::from(std::env::var_os(name).unwrap());
    let (data, lines) = (path("STINT_DATA"), Lines::open(&path("STINT_LINES")));
    let size: Vec<usize> =
        std::env::var("STINT_SIZE").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
    let size = Size { sessions: size[0], threads: size[1], steps: size[2] };
    match role.as_str() {
        "script" => script::run(&data, &lines, size, Synchronous::Full),
        "script-off" => script::run(&data, &lines, size, Synchronous::Off),
        "hold" => hold(&data, &lines),
        "fill-disk" => disk_full::fill(&data, &lines, size),
        "read-only-disk" => disk_read_only::turn(&data, &lines),
        "singles" => script::singles(&data, &lines, size),
        other => panic!("no child is called {other}"),
    }
}

fn hold(data: &Path, lines: &Lines) {
    let opened = Store::open(script::options(data, Synchronous::Full), plan::moment(0).wall).unwrap();
    lines.write("open");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    opened.store.close();
}
