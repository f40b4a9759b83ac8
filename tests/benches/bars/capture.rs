//! What a screenshot costs at 1080p: against grabbing and encoding alone, when nothing changed, and in memory.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;

use stint_capture::{OnExcluded, Rules, Sight, Which, choose, screens, shoot};
use stint_clock::SystemClock;
use stint_config::{Flag, Request};
use stint_domain::id::CommandId;
use stint_domain::timer::{Command as TimerCommand, Verb};
use stint_engine::shots::Seen;
use stint_engine::timer::Ask;
use stint_engine::{Owner, Place, Presence};
use stint_pixels::{Format, Picture, encode};
use stint_plugin_runtime::compiler::Compiler;
use stint_tests::display::{Painter, Pane, Server};
use stint_tests::ratio::{Bar, Bench, Failure, Pair};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const WIDTH: u16 = 1920;
const HEIGHT: u16 = 1080;
/// What the configuration has by default.
const QUALITY: u8 = 75;
/// Has a process of its own take one shot of its display, and say how much memory that took.
const ASKED: &str = "STINT_BENCH_SHOT";
/// Has a process of its own grab and encode its display whenever it is asked to.
const BARE: &str = "STINT_BENCH_BARE";
/// The program that looks at screens, where the bench's own lies.
const LOOKER: &str = "stint-screen";

/// The bars of screenshots.
pub(crate) fn benches() -> Vec<Bench> {
    vec![
        Bench::slowdown(
            "a verb of the timer while screenshots are taken, against one on a quiet host",
            1.5,
            || {
                let (busy, quiet) = (Desk::new()?, Desk::new()?);
                busy.keep_shooting();
                Ok(Pair::new(
                    move |watch| watch.time(|| busy.verb()),
                    move |watch| watch.time(|| quiet.verb()),
                ))
            },
        ),
        Bench::slowdown("screenshot to durable at 1080p, against grab and encode", 1.3, || {
            let (desk, mut bare) = (Desk::new()?, Bare::new()?);
            Ok(Pair::new(move |watch| watch.time(|| desk.shot()), move |watch| watch.time(|| bare.shot())))
        }),
        Bench::slowdown("unchanged screen at 1080p, against one that is kept", 0.2, || {
            let (desk, display) = (Desk::new()?, Display::new()?);
            let before = match look(display.name(), None)? {
                Sight::Taken(shot) => shot.likeness,
                _ => return Err("the first look must keep a picture".into()),
            };
            Ok(Pair::new(
                move |watch| match watch.time(|| look(display.name(), Some(&before)))? {
                    Sight::Unchanged => Ok(()),
                    _ => Err("the screen has changed".into()),
                },
                move |watch| watch.time(|| desk.shot()),
            ))
        }),
        Bench::count("peak memory of a screenshot at 1080p", "frames", Bar::AtMost(3.0), || {
            let display = Display::new()?;
            let mut child = Command::new(std::env::current_exe()?);
            let output = child.env(ASKED, "1").env("DISPLAY", display.name()).output()?;
            let said = String::from_utf8_lossy(&output.stdout);
            let bytes: f64 = said.trim().parse().map_err(|_| format!("the child failed: {output:?}"))?;
            Ok(bytes / (f64::from(WIDTH) * f64::from(HEIGHT) * 4.0))
        }),
    ]
}

/// Does what this process was started for, if it was started for a part of a bench.
pub(crate) fn shoot_if_asked() -> Option<ExitCode> {
    let done = if std::env::var_os(ASKED).is_some() {
        grown().and_then(|bytes| Ok(writeln!(io::stdout(), "{bytes}")?))
    } else if std::env::var_os(BARE).is_some() {
        bare_shots()
    } else {
        return None;
    };
    Some(match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    })
}

/// By how much the memory of this process grew at most while it took a shot, or that of the program that looks, whichever
/// is more: the one encodes after the other has ended.
fn grown() -> Result<u64, Failure> {
    let display = std::env::var("DISPLAY")?;
    let before = memory("self", "VmHWM:")?;
    match look(&display, None)? {
        Sight::Taken(shot) => drop(shot),
        _ => return Err("no picture was taken".into()),
    }
    let ours = memory("self", "VmHWM:")? - before;
    Ok(ours.max(lookers_memory(&display)?))
}

/// The peak of the program that looks, without its libraries' code. While nobody reads what it writes, it waits with
/// the whole picture at hand.
fn lookers_memory(display: &str) -> Result<u64, Failure> {
    let output = Painter::connect(display)?.output()?.to_string();
    let mut looker = Command::new(looker()?).arg(output).stdout(Stdio::piped()).spawn()?;
    let mut pixels = looker.stdout.take().ok_or("no pipe")?;
    pixels.read_exact(&mut [0; 8])?;
    let id = looker.id().to_string();
    let peak = memory(&id, "VmHWM:").and_then(|peak| Ok(peak - memory(&id, "RssFile:")?));
    let _ = looker.kill();
    looker.wait()?;
    peak
}

fn looker() -> Result<std::path::PathBuf, Failure> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).ok_or("the bench lies nowhere")?;
    Ok(folder.join(LOOKER))
}

fn memory(process: &str, name: &str) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with(name)).ok_or("the system tells no peak")?;
    let kib: u64 = line.split_whitespace().nth(1).ok_or("the peak has no figure")?.parse()?;
    Ok(kib * 1_024)
}

/// One look as the host takes it, down to the encoded file.
fn look(display: &str, before: Option<&stint_capture::Likeness>) -> Result<Sight, Failure> {
    let rules = Rules {
        exclude: Vec::new(),
        on_excluded: OnExcluded::Skip,
        areas: Vec::new(),
        blur: 0,
        width_max: 1920,
        format: Format::Jpeg { quality: QUALITY },
        skip_unchanged: true,
    };
    let mut source = screens(Some(display))?;
    let screen = choose(&mut *source, &Which::Primary)?.remove(0);
    Ok(shoot(&mut *source, &screen, &rules, before)?)
}

/// A display with windows of many sizes and colours.
struct Display {
    /// Its windows go when this does.
    _painter: Painter,
    server: Server,
}

impl Display {
    /// How programs call it. A closure that asks takes the whole display, windows included.
    fn name(&self) -> &str {
        self.server.name()
    }

    fn new() -> Result<Self, Failure> {
        let server = Server::start(WIDTH, HEIGHT)?;
        let mut painter = Painter::connect(server.name())?;
        let mut state = 1_u32;
        let mut draw = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % most
        };
        for _ in 0..600 {
            let place = (
                i16::try_from(draw(1_900))?,
                i16::try_from(draw(1_060))?,
                u16::try_from(4 + draw(200))?,
                u16::try_from(2 + draw(40))?,
            );
            let mut shade = || u8::try_from(draw(256)).unwrap_or_default();
            let colour = [shade(), shade(), shade()];
            painter.show(&Pane { app: "any", title: "any", place, colour })?;
        }
        Ok(Self { _painter: painter, server })
    }
}

/// Grab and encode with xcap and the same encoder, and nothing between. xcap looks at the display that the environment
/// names, so it is a process of its own; one that waits is asked for each shot.
struct Bare {
    process: Child,
    _display: Display,
}

impl Bare {
    fn new() -> Result<Self, Failure> {
        let display = Display::new()?;
        let process = Command::new(std::env::current_exe()?)
            .env(BARE, "1")
            .env("DISPLAY", display.name())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        Ok(Self { process, _display: display })
    }

    fn shot(&mut self) -> Result<(), Failure> {
        let (Some(ask), Some(answer)) = (&mut self.process.stdin, &mut self.process.stdout) else {
            return Err("no pipe".into());
        };
        ask.write_all(&[1])?;
        Ok(answer.read_exact(&mut [0])?)
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The other side of it.
fn bare_shots() -> Result<(), Failure> {
    while io::stdin().read_exact(&mut [0]).is_ok() {
        let monitor = xcap::Monitor::all()?.into_iter().next().ok_or("no monitor")?;
        let image = monitor.capture_image()?;
        let picture = Picture::from_rgba(image.width(), image.height(), image.into_raw())?;
        if encode(&picture, Format::Jpeg { quality: QUALITY })?.is_empty() {
            return Err("nothing was encoded".into());
        }
        io::stdout().write_all(&[1])?;
        io::stdout().flush()?;
    }
    Ok(())
}

/// A host's desk on a display, with its store on the disk that the build uses.
struct Desk {
    runtime: Runtime,
    owner: Owner,
    _display: Display,
    _folder: TempDir,
}

impl Desk {
    fn new() -> Result<Self, Failure> {
        let display = Display::new()?;
        let near = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
        let folder = tempfile::tempdir_in(near)?;
        let text = format!(
            "[capture]\nenabled = true\ndisplay = \"{}\"\nmonitors = \"primary\"\n[targets.work]\nplugin = \"nothing\"\naccepts = [\"screenshot\"]\n",
            display.name()
        );
        std::fs::write(folder.path().join("stint.toml"), text)?;
        let data = folder.path().join("data").display().to_string();
        let flag = Flag::new("--data-dir", "storage.data_dir", &data)?;
        let request =
            Request::new(Some(folder.path().join("stint.toml")), vec![flag], [], folder.path().to_owned());
        let loaded = stint_config::load(&request).map_err(|mistakes| mistakes.to_string())?;
        let place =
            Place { user: "ada".into(), host: "desk".into(), zone: "UTC".into(), compiler: Compiler::Here };
        let clock = Arc::new(SystemClock::new()?);
        let since = stint_clock::Clock::sample(&*clock).wall;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let owner = runtime.block_on(Owner::open(loaded, place, clock, Presence::Host { since }))?;
        Ok(Self { runtime, owner, _display: display, _folder: folder })
    }

    /// Takes one shot after the other until this desk goes.
    fn keep_shooting(&self) {
        let desk = self.owner.desk.clone();
        self.runtime.spawn(async move { while desk.take_screenshots().await.is_ok() {} });
    }

    /// Starts an entry, and with that stops the one before.
    fn verb(&self) -> Result<(), Failure> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| error.to_string())?;
        let ask = Ask::Verb(TimerCommand::now(Verb::Start));
        self.runtime.block_on(self.owner.desk.timer().ask(CommandId::from_bytes(id), ask))?;
        Ok(())
    }

    /// Takes one shot, which must be kept.
    fn shot(&self) -> Result<(), Failure> {
        let glances = self.runtime.block_on(self.owner.desk.take_screenshots())?;
        match glances.first().map(|glance| &glance.seen) {
            Some(Seen::Kept { .. }) => Ok(()),
            other => Err(format!("nothing was kept: {other:?}").into()),
        }
    }
}
