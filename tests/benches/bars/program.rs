//! What the program itself costs: the CPU of a verb, and of a host that has nothing to do but keep the time.
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
use stint_tests::ratio::{Bar, Bench, Failure};
use stint_tests::{guests, program};
use tempfile::TempDir;

/// How many times a verb is run: the kernel counts in hundredths of a second.
const RUNS: u32 = 200;
/// How long an idle host is watched.
const IDLE: Duration = Duration::from_secs(30);

pub(crate) fn benches() -> Vec<Bench> {
    let verbs: &[&[&str]] = &[&["start", "--project", "Website"], &["stop"]];
    vec![
        Bench::count("CPU of `stint status` beside a host", "ms", Bar::AtMost(6.0), || {
            Desk::new()?.with_host()?.cpu_ms_of(&[&["status"]])
        }),
        Bench::count("CPU of a timer verb beside a host", "ms", Bar::AtMost(10.0), || {
            Desk::new()?.with_host()?.cpu_ms_of(verbs)
        }),
        Bench::count("CPU of a timer verb without a host", "ms", Bar::AtMost(10.0), || {
            Desk::new()?.cpu_ms_of(verbs)
        }),
        Bench::count("CPU of an idle host, timer running", "% of a core", Bar::AtMost(0.2), || {
            let desk = Desk::new()?.with_host()?;
            desk.run(&["start"])?;
            desk.idle_cpu()
        }),
        Bench::count("memory of an idle host, timer running", "MiB", Bar::AtMost(30.0), || {
            let desk = Desk::new()?.with_host()?;
            desk.run(&["start"])?;
            thread::sleep(Duration::from_secs(12));
            desk.host_rss_mib()
        }),
        Bench::count(
            "wake-ups of an idle host, timer stopped, 8 targets",
            "a second",
            Bar::AtMost(2.0),
            || {
                let desk = Desk::with_plugins()?.with_host()?;
                desk.settle()?;
                let before = desk.host_wakes()?;
                thread::sleep(IDLE);
                Ok(f64::from(u32::try_from(desk.host_wakes()? - before)?) / IDLE.as_secs_f64())
            },
        ),
        Bench::count(
            "CPU of an idle host, timer stopped, 8 targets",
            "% of a core",
            Bar::AtMost(0.1),
            || {
                let desk = Desk::with_plugins()?.with_host()?;
                desk.settle()?;
                desk.idle_cpu()
            },
        ),
        Bench::count("memory of a host with 8 plugins loaded", "MiB", Bar::AtMost(60.0), || {
            let desk = Desk::with_plugins()?.with_host()?;
            desk.settle()?;
            desk.host_rss_mib()
        }),
    ]
}

/// How many plugins a host with many has: each serves a target of its own.
const PLUGINS: usize = 8;
/// How often it is asked whether all of them serve: twice a second, for they are compiled anew.
const LOOKS: usize = 240;

/// A place of its own, perhaps with a host.
struct Desk {
    program: PathBuf,
    folder: TempDir,
    host: Option<Child>,
}

impl Desk {
    fn new() -> Result<Self, Failure> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        fs::write(folder.path().join("stint.toml"), "[targets.work]\nplugin = \"nothing\"\n")?;
        Ok(Self { program: program::built()?, folder, host: None })
    }

    /// Eight plugins, each in use: the largest of those that come with stint, under eight names.
    fn with_plugins() -> Result<Self, Failure> {
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
    fn settle(&self) -> Result<(), Failure> {
        let serve = |desk: &Self| -> Result<bool, Failure> {
            let output = desk.command(&["plugin", "list", "--json"]).stdout(Stdio::piped()).output()?;
            let list: Value = serde_json::from_slice(&output.stdout)?;
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
    fn idle_cpu(&self) -> Result<f64, Failure> {
        let before = self.host_cpu_ns()?;
        thread::sleep(IDLE);
        let spent = self.host_cpu_ns()? - before;
        Ok(f64::from(u32::try_from(spent / 1_000)?) / IDLE.as_secs_f64() / 1e6 * 100.0)
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

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env_clear()
            .env("STINT_CONFIG", self.folder.path().join("stint.toml"))
            .env("STINT_DATA_DIR", self.folder.path().join("data"))
            .env("TZ", "Europe/Vienna")
            .env("KEY", "a key")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn with_host(mut self) -> Result<Self, Failure> {
        let mut host = self.command(&["run"]).stdout(Stdio::piped()).spawn()?;
        let stdout = host.stdout.take().ok_or("the host has no stdout")?;
        self.host = Some(host);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        if line.starts_with("stint runs") { Ok(self) } else { Err("the host didn't start".into()) }
    }

    fn run(&self, args: &[&str]) -> Result<(), Failure> {
        let status = self.command(args).status()?;
        if status.success() { Ok(()) } else { Err(format!("{args:?} ended with {status}").into()) }
    }

    /// The CPU of one verb, in the mean of many.
    fn cpu_ms_of(&self, verbs: &[&[&str]]) -> Result<f64, Failure> {
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

    fn host_rss_mib(&self) -> Result<f64, Failure> {
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
