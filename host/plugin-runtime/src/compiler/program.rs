//! The host's side: starts the program for one component, waits for its end, and takes what it has written.
//!
//! Both sides' bytes are in files in memory, so that nobody waits for the other to read.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::process::Signal;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Bounds, UNSOUND, VERB};
use crate::group::{Ended, Group};
use crate::load_error::Fault;
use crate::text;

/// The size of the code of one component.
pub(super) const CODE_BYTES_MAX: u64 = 512 << 20;
/// A program that gets no processor time for so long is waited for no longer.
const PATIENCE: Duration = Duration::from_mins(10);
const WORDS_MAX: u64 = 4096;

/// What was started.
struct Started {
    child: Child,
    code: File,
    words: File,
}

/// Has a component compiled by a program.
pub(super) async fn compile(program: PathBuf, bounds: Bounds, bytes: Vec<u8>) -> Result<Vec<u8>, Fault> {
    let answer = by_a_thread(program, bounds, bytes).await;
    answer.unwrap_or_else(|error| Err(Fault::Uncompiled { reason: error.to_string() }))
}

async fn by_a_thread(program: PathBuf, bounds: Bounds, bytes: Vec<u8>) -> io::Result<Result<Vec<u8>, Fault>> {
    let group = Ended::default();
    let (done, answer) = oneshot::channel();
    let theirs = Arc::clone(&group.0);
    // Not one of the runtime's threads: those are waited for when the host ends, and end by themselves when they are idle;
    // and the program ends with the thread that has started it.
    thread::Builder::new().name("stint-compile".to_owned()).spawn(move || {
        // Nobody may be waiting any more.
        let _either_way = done.send(follow(&program, bounds, bytes, &theirs));
    })?;
    match timeout(PATIENCE, answer).await {
        Ok(answer) => answer.map_err(io::Error::other)?,
        Err(_) => Ok(Err(Fault::TooCostly { what: "ten minutes".to_owned() })),
    }
}

/// Starts the program, and follows it to its end.
fn follow(
    program: &Path,
    bounds: Bounds,
    bytes: Vec<u8>,
    group: &Group,
) -> io::Result<Result<Vec<u8>, Fault>> {
    let Started { child, mut code, mut words } = start(program, bounds, &bytes)?;
    drop(bytes);
    group.began(&child);
    let status = group.outlive(child)?;
    if status.success() {
        return Ok(Ok(written(&mut code, CODE_BYTES_MAX)?));
    }
    let words = written(&mut words, WORDS_MAX)?;
    Ok(Err(fault(status, &text::plain(String::from_utf8_lossy(&words).trim(), 300), bounds)))
}

fn start(program: &Path, bounds: Bounds, bytes: &[u8]) -> io::Result<Started> {
    let mut component = memory("component")?;
    component.write_all(bytes)?;
    component.rewind()?;
    let (code, words) = (memory("code")?, memory("words")?);
    let child = Command::new(program)
        // Where the program is named by a link to what runs here, its own name is the better one.
        .arg0("stint")
        .arg(VERB)
        .args(bounds.words())
        .env_clear()
        .process_group(0)
        .stdin(component)
        .stdout(code.try_clone()?)
        .stderr(words.try_clone()?)
        .spawn()?;
    Ok(Started { child, code, words })
}

fn memory(name: &str) -> io::Result<File> {
    Ok(File::from(memfd_create(name, MemfdFlags::CLOEXEC)?))
}

/// What stands in a file in memory, from its beginning.
fn written(file: &mut File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What it means that the program ended like this, with these words.
fn fault(status: ExitStatus, words: &str, bounds: Bounds) -> Fault {
    let ended_by = |signal: Signal| status.signal() == Some(signal.as_raw());
    if status.code() == Some(UNSOUND.into()) {
        Fault::Broken(words.to_owned())
    } else if ended_by(Signal::XCPU) {
        Fault::TooCostly { what: format!("{} s of processor time", bounds.cpu_seconds) }
    } else if words.contains("memory allocation") {
        Fault::TooCostly { what: format!("{} MiB of memory", bounds.memory_mib) }
    } else if ended_by(Signal::XFSZ) {
        Fault::TooCostly { what: format!("{} MiB of code", CODE_BYTES_MAX >> 20) }
    } else {
        Fault::Uncompiled { reason: if words.is_empty() { status.to_string() } else { words.to_owned() } }
    }
}
