//! A place of its own for what is measured of the program from outside: a configuration, perhaps plugins, perhaps a host.
//!
//! CPU is counted by the kernel for whole processes, so a busy machine changes it little; a wall clock would tell more
//! of the machine than of the program.

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
        let before = self.host_cpu_ns()?;
        thread::sleep(watched);
        let spent = self.host_cpu_ns()? - before;
        Ok(f64::from(u32::try_from(spent / 1_000)?) / watched.as_secs_f64() / 1e6 * 100.0)
    }

    /// How often a second the host's threads are woken, while nothing happens.
    pub(crate) fn idle_wakes(&self, watched: Duration) -> Result<f64, Failure> {
        let before = self.host_wakes()?;
        thread::sleep(watched);
        Ok(f64::from(u32::try_from(self.host_wakes()? - before)?) / watched.as_secs_f64())
    }

    /// How often the threads of the host have waited for something, which is how often they were woken.
    fn host_wakes(&self) -> Result<u64, Failure> {
        let mut sum = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.host_pid()?))? {
            let text = fs::read_to_string(task?.path().join("status"))?;
            let line = text.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            sum += line.ok_or("no count of switches")?.trim().parse::<u64>()?;
        }
        Ok(sum)
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

    /// What all threads of the host have spent.
    fn host_cpu_ns(&self) -> Result<u64, Failure> {
        let mut sum = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.host_pid()?))? {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            sum += text.split_whitespace().next().ok_or("schedstat is empty")?.parse::<u64>()?;
        }
        Ok(sum)
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

/// What all children that have ended spent, in hundredths of a second: user and system.
fn ticks_of_children() -> Result<u64, Failure> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let fields = text.rsplit_once(')').ok_or("strange stat")?.1;
    let mut fields = fields.split_whitespace().skip(13);
    let mut next = || -> Result<u64, Failure> { Ok(fields.next().ok_or("short stat")?.parse()?) };
    Ok(next()? + next()?)
}
