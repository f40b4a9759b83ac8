//! `stint-screen MONITOR`: one look at one monitor with xcap, for stint alone. It writes the width and the height as
//! 32-bit numbers, the low byte first, and then red, green, blue and opacity of each pixel, row by row, to its output;
//! why it can't goes to its error output.
//!
//! It is a program of its own for three reasons. The libraries of display systems wait without an end, for example for
//! a portal that never answers: a process can be ended, a thread can't. They are written in C and read what any program
//! on the display says: here they have no store, no secret and no plugin beside them. And a machine without them still
//! runs stint, whose own start loads none of them.
//!
//! Invariant: the picture is only ever in this process's memory and in the pipe; no file is written here.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use rustix::{
    io::Result as Done,
    process::{
        DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior, set_parent_process_death_signal,
        setrlimit,
    },
};
use xcap::Monitor;

fn main() -> ExitCode {
    match look() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn look() -> Result<(), Box<dyn Error>> {
    // Whoever asked is gone: nobody would end a look that never ends.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    leave_no_core()?;
    let asked =
        std::env::args().nth(1).ok_or("stint starts this program by itself; see `stint capture --help`")?;
    let asked: u32 = asked.parse()?;
    let all = Monitor::all()?;
    let monitor = all.iter().find(|monitor| monitor.id().is_ok_and(|id| id == asked));
    let picture = monitor.ok_or("the monitor isn't there")?.capture_image()?;
    let mut out = io::stdout().lock();
    out.write_all(&picture.width().to_le_bytes())?;
    out.write_all(&picture.height().to_le_bytes())?;
    out.write_all(picture.as_raw())?;
    out.flush()?;
    Ok(())
}

/// If a library falls over, the picture must not be written into a core file. A portal looks into the process to see whose
/// it is, so on Wayland, where nothing is ever to be hidden, the limit has to do.
fn leave_no_core() -> Done<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    if std::env::var_os("XDG_SESSION_TYPE").is_some_and(|kind| kind == "wayland") {
        return Ok(());
    }
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}
