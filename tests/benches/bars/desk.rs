//! A place of its own for what is measured of the program from outside: a configuration, perhaps plugins, perhaps a host.
//!
//! CPU is counted by the kernel for whole processes, so a busy machine changes it little; a wall clock would tell more
//! of the machine than of the program.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use stint_tests::ratio::Failure;
use stint_tests::{guests, program};
use tempfile::TempDir;

/// How many times a verb is run: the kernel counts in hundredths of a second.
const RUNS: u32 = 200;
/// How many plugins a host with many has: each serves a target of its own.
const PLUGINS: usize = 8;
/// How often it is asked whether all of them serve: twice a second, for they are compiled anew.
const LOOKS: usize = 240;

/// A place of its own, perhaps with a host.
pub(crate) struct Desk {
    program: PathBuf,
    folder: TempDir,
    host: Option<Child>,
}

impl Desk {
    pub(crate) fn new() -> Result<Self, Failure> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        fs::write(folder.path().join("stint.toml"), "[targets.work]\nplugin = \"nothing\"\n")?;
        Ok(Self { program: program::built()?, folder, host: None })
    }

    /// Eight plugins, each in use: the largest of those that come with stint, under eight names.
    pub(crate) fn with_plugins() -> Result<Self, Failure> {
        let desk = Self::new()?;
        let plugins = desk.folder.path().join("plugins");
        fs::create_dir(&plugins)?;
        let mut configuration = String::new();
        for number in 0..PLUGINS {
            let name = format!("rest-{number}");
            fs::write(plugins.join(format!("{name}.wasm")), guests::first_party_as("rest", &name)?)?;
            // Nobody listens there, and nothing is sent.
            write!(
                configuration,
                "[targets.{name}]\nplugin = \"{name}\"\naccepts = [\"time-entry\"]\n\
                 allow = [\"http://127.0.0.1:9\"]\ncredentials = {{ default = \"key\" }}\n\
                 [targets.{name}.settings]\nurl = \"http://127.0.0.1:9\"\non_missing_route = \"skip\"\n\
                 [targets.{name}.settings.routes.time-entry.started]\nmethod = \"POST\"\npath = \"/\"\n"
            )?;
        }
        configuration.push_str("[credentials.key]\nscheme = \"bearer\"\nvalue = { env = \"KEY\" }\n");
        fs::write(desk.folder.path().join("stint.toml"), configuration)?;
        Ok(desk)
    }

    /// Waits until every plugin serves and the host has come to rest.
    pub(crate) fn settle(&self) -> Result<(), Failure> {
        let serve = |desk: &Self| -> Result<bool, Failure> {
            let list = desk.json(&["plugin", "list"])?;
            let plugins = list["plugins"].as_array().ok_or("there is no list of plugins")?;
            let ready = plugins.iter().filter(|plugin| plugin["state"] == "ready").count();
            Ok(list["tried"] == true && ready == PLUGINS)
        };
        let mut looks = 0;
        while !serve(self)? {
            looks += 1;
            if looks > LOOKS {
                return Err("the plugins don't serve".into());
            }
            thread::sleep(Duration::from_millis(500));
        }
        thread::sleep(Duration::from_secs(12));
        Ok(())
    }

    /// How much of a core the host takes in percent, while nothing happens.
    pub(crate) fn idle_cpu(&self, watched: Duration) -> Result<f64, Failure> {
        let spent = self.grown(watched, "schedstat", spent)?;
        Ok(spent / watched.as_secs_f64() / 1e9 * 100.0)
    }

    /// How often a second the host's threads are woken, while nothing happens: how often they waited for something.
    pub(crate) fn idle_wakes(&self, watched: Duration) -> Result<f64, Failure> {
        Ok(self.grown(watched, "status", waits)? / watched.as_secs_f64())
    }

    /// By how much a figure of the host's threads grows. What one of them adds that ends meanwhile is not known; each of
    /// those that begin counts from nothing.
    fn grown(&self, watched: Duration, file: &str, figure: fn(&str) -> Option<&str>) -> Result<f64, Failure> {
        let before = self.of_threads(file, figure)?;
        thread::sleep(watched);
        let after = self.of_threads(file, figure)?;
        let grown = after.iter().map(|(thread, now)| now - before.get(thread).unwrap_or(&0));
        Ok(f64::from(u32::try_from(grown.sum::<u64>())?))
    }

    fn of_threads(
        &self,
        file: &str,
        figure: fn(&str) -> Option<&str>,
    ) -> Result<HashMap<OsString, u64>, Failure> {
        let mut figures = HashMap::new();
        for task in fs::read_dir(format!("/proc/{}/task", self.host_pid()?))? {
            let task = task?;
            // One that ends while it is looked at has no file any more.
            let Ok(text) = fs::read_to_string(task.path().join(file)) else { continue };
            let figure = figure(&text).ok_or_else(|| format!("{file} of a thread has no figure"))?;
            figures.insert(task.file_name(), figure.trim().parse()?);
        }
        Ok(figures)
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env_clear()
            .env("STINT_CONFIG", self.folder.path().join("stint.toml"))
            .env("STINT_DATA_DIR", self.data())
            .env("TZ", "Europe/Vienna")
            .env("KEY", "a key")
            // The usual port may be somebody's.
            .env("STINT_CONTROL__LISTEN", ":0")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    pub(crate) fn with_host(mut self) -> Result<Self, Failure> {
        let mut host = self.command(&["run"]).stdout(Stdio::piped()).spawn()?;
        let stdout = host.stdout.take().ok_or("the host has no stdout")?;
        self.host = Some(host);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.starts_with("stint runs") { Ok(self) } else { Err("the host didn't start".into()) }
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What a verb answers.
    pub(crate) fn json(&self, args: &[&str]) -> Result<Value, Failure> {
        let output = self.command(&[args, &["--json"]].concat()).stdout(Stdio::piped()).output()?;
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Result<(), Failure> {
        let status = self.command(args).status()?;
        if status.success() { Ok(()) } else { Err(format!("{args:?} ended with {status}").into()) }
    }

    /// The CPU of one verb, in the mean of many.
    pub(crate) fn cpu_ms_of(&self, verbs: &[&[&str]]) -> Result<f64, Failure> {
        self.run(verbs[verbs.len() - 1])?;
        let before = ticks_of_children()?;
        for run in 0..RUNS {
            self.run(verbs[usize::try_from(run)? % verbs.len()])?;
        }
        let ticks = u32::try_from(ticks_of_children()? - before)?;
        Ok(f64::from(ticks) * 10.0 / f64::from(RUNS))
    }

    fn host_pid(&self) -> Result<u32, Failure> {
        Ok(self.host.as_ref().ok_or("there is no host")?.id())
    }

    pub(crate) fn host_rss_mib(&self) -> Result<f64, Failure> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.host_pid()?))?;
        let line = text.lines().find(|line| line.starts_with("VmRSS:")).ok_or("no VmRSS")?;
        let kib: u32 = line.split_whitespace().nth(1).ok_or("no number")?.parse()?;
        Ok(f64::from(kib) / 1024.0)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(host) = &mut self.host {
            // Whatever becomes of it, the figures are taken.
            let _ = host.kill();
            let _ = host.wait();
        }
    }
}

/// Nanoseconds on a processor, in `schedstat`.
fn spent(text: &str) -> Option<&str> {
    text.split_whitespace().next()
}

/// How often a thread waited, in `status`.
fn waits(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))
}

/// What all children that have ended spent, in hundredths of a second: user and system.
fn ticks_of_children() -> Result<u64, Failure> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let fields = text.rsplit_once(')').ok_or("strange stat")?.1;
    let mut fields = fields.split_whitespace().skip(13);
    let mut next = || -> Result<u64, Failure> { Ok(fields.next().ok_or("short stat")?.parse()?) };
    Ok(next()? + next()?)
}
