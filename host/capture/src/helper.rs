//! Starts `stint-screen` for one picture, and reads it. Every wait has an end, and the program ends with it: it may hang
//! in a library of the display, or wait for a portal that never answers.

use std::{
    env,
    io::{self, Read as _},
    os::{fd::OwnedFd, unix::net::UnixStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use stint_pixels::Picture;

use crate::{
    deadline::{Deadline, Timed, is_over},
    session::Way,
    source::{Screen, SourceError},
    words::tidy,
};

const PROGRAM: &str = "stint-screen";
/// An X server that needs longer for a picture is stuck.
const X11_PATIENCE: Duration = Duration::from_secs(10);
/// A portal may ask the person first.
const WAYLAND_PATIENCE: Duration = Duration::from_secs(30);
/// What it says of an error is cut to so many bytes.
const WORDS_MAX: u64 = 1_024;
/// All it gets of the environment: where the session is and where libraries are. There may be secrets in the rest.
const PASSED_ON: [&str; 7] = [
    "DBUS_SESSION_BUS_ADDRESS",
    "HOME",
    "LD_LIBRARY_PATH",
    "PATH",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "XDG_RUNTIME_DIR",
];

/// A picture of the monitor that hangs on this output.
pub(crate) fn grab(way: &Way, screen: &Screen, output: u32) -> Result<Picture, SourceError> {
    let patience = match way {
        Way::X11 { .. } => X11_PATIENCE,
        Way::Wayland { .. } => WAYLAND_PATIENCE,
    };
    grab_with(&program(), way, screen, output, patience)
}

fn grab_with(
    program: &Path,
    way: &Way,
    screen: &Screen,
    output: u32,
    patience: Duration,
) -> Result<Picture, SourceError> {
    let none = |error: io::Error| {
        let (program, reason) = (program.display().to_string(), error.to_string());
        SourceError::NoHelper { program, reason }
    };
    let deadline = Deadline::after(patience).map_err(none)?;
    let (mut pixels, pixels_end) = ends(&deadline).map_err(none)?;
    let (mut words, words_end) = ends(&deadline).map_err(none)?;
    // What is handed to the program is closed here when this statement ends: otherwise its end is never heard.
    let running = Command::new(program)
        .arg(output.to_string())
        .env_clear()
        .envs(environment(way))
        .stdin(Stdio::null())
        .stdout(OwnedFd::from(pixels_end))
        .stderr(OwnedFd::from(words_end))
        .spawn()
        .map(Running)
        .map_err(none)?;
    let name = || screen.name.clone();
    let picture = read(&mut pixels, screen).map_err(|error| match error {
        Broken::Size => SourceError::Changed { name: name() },
        Broken::Pixels(error) => error.into(),
        Broken::Read(error) if is_over(&error) => {
            SourceError::Silent { name: name(), seconds: patience.as_secs() }
        }
        Broken::Read(_) => SourceError::NoPicture { name: name(), reason: last_words(&mut words) },
    });
    drop(running);
    picture
}

/// A program that ends when nobody waits for it any more.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why no picture could be read.
enum Broken {
    Size,
    Pixels(stint_pixels::PixelError),
    Read(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

/// The size comes first. Another one than the screen's is not read further.
fn read(pixels: &mut Timed, screen: &Screen) -> Result<Picture, Broken> {
    let mut side = || -> io::Result<u32> {
        let mut bytes = [0; 4];
        pixels.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    };
    let (width, height) = (side()?, side()?);
    if (width, height) != (screen.width, screen.height) {
        return Err(Broken::Size);
    }
    let mut bytes = vec![0; width as usize * height as usize * 4];
    pixels.read_exact(&mut bytes)?;
    Picture::from_rgba(width, height, bytes).map_err(Broken::Pixels)
}

fn last_words(words: &mut Timed) -> String {
    let mut said = Vec::new();
    // What was said until an error is all there is.
    let _ = words.take(WORDS_MAX).read_to_end(&mut said);
    let said = tidy(&said);
    if said.is_empty() { format!("{PROGRAM} ended without a word") } else { format!("{PROGRAM}: {said}") }
}

/// Two ends of a pipe. Ours stops waiting when it is time.
fn ends(deadline: &Deadline) -> io::Result<(Timed, UnixStream)> {
    let (ours, theirs) = UnixStream::pair()?;
    Ok((Timed { socket: Box::new(ours), deadline: deadline.clone() }, theirs))
}

fn environment(way: &Way) -> Vec<(&'static str, String)> {
    let mut all: Vec<(&str, String)> =
        PASSED_ON.iter().filter_map(|name| Some((*name, env::var(name).ok()?))).collect();
    let (display, kind) = match way {
        Way::X11 { display } => (display, "x11"),
        Way::Wayland { display } => (display, "wayland"),
    };
    if kind == "x11" {
        // The display was named: that another session runs beside it doesn't count.
        all.retain(|(name, _)| *name != "WAYLAND_DISPLAY");
    } else if let Ok(folder) = env::var("XDG_RUNTIME_DIR") {
        // GNOME hands its picture over in a temporary file: there it is in memory, and this user's alone.
        all.push(("TMPDIR", folder));
    }
    all.push(("DISPLAY", display.clone()));
    all.push(("XDG_SESSION_TYPE", kind.to_owned()));
    all
}

/// It lies beside this program. Tests and benches lie one folder further down.
fn program() -> PathBuf {
    let own = env::current_exe().unwrap_or_default();
    let folder = own.parent().unwrap_or(Path::new(""));
    let folder = if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder };
    folder.join(PROGRAM)
}

#[cfg(test)]
#[path = "helper_tests.rs"]
mod tests;
