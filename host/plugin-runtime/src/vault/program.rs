//! Running a program that prints a secret, or takes one: no shell, a bounded time, a bounded output, and nothing of it
//! left running.
//!
//! The program has a process group of its own, which is ended when the time is up, when nobody waits any more, and when
//! the program itself has ended. What it prints for people isn't listened to, unless asked for: it may be the secret.

use std::io::{Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::VaultError;
use crate::group::{Ended, Group};

/// How much a program may print. A secret is shorter.
pub(super) const BYTES_MAX: usize = 64 * 1024;
/// How much of its complaints is listened to.
const COMPLAINT_BYTES_MAX: u64 = 1_024;
/// How long complaints are waited for when the program has ended.
const COMPLAINT_WAIT: Duration = Duration::from_millis(200);

/// What a program had to say.
pub(super) struct Said {
    pub(super) status: ExitStatus,
    pub(super) output: Zeroizing<Vec<u8>>,
    /// Empty unless it was asked for.
    pub(super) complaint: String,
}

/// A program to run.
pub(super) struct Program<'p> {
    pub(super) words: &'p [String],
    pub(super) input: Option<&'p [u8]>,
    pub(super) within: Duration,
    /// Whether its complaints are listened to.
    pub(super) listens: bool,
}

/// Runs a program to its end.
pub(super) async fn run(program: Program<'_>) -> Result<Said, VaultError> {
    let name = program.words.first().cloned().unwrap_or_default();
    let child = start(&program).map_err(|source| VaultError::NoProgram { program: name.clone(), source })?;
    let group = Ended::default();
    group.0.began(&child);
    let (done, answer) = oneshot::channel();
    let (theirs, input) = (Arc::clone(&group.0), program.input.map(|input| Zeroizing::new(input.to_vec())));
    // Not one of the runtime's threads: those are waited for when the host ends, and a process that left the group may
    // hold the pipe as long as it likes.
    thread::Builder::new()
        .name("stint-credential".to_owned())
        .spawn(move || {
            // Nobody may be waiting any more.
            let _either_way = done.send(follow(child, input, &theirs));
        })
        .map_err(|source| VaultError::NoProgram { program: name.clone(), source })?;
    let said = tokio::time::timeout(program.within, answer).await;
    drop(group);
    let within = program.within;
    let said = said.map_err(|_| VaultError::TooSlow { program: name.clone(), within })?;
    let said = said.ok().flatten().ok_or_else(|| VaultError::Lost { place: name.clone() })?;
    if said.output.len() > BYTES_MAX {
        return Err(VaultError::TooMuch { program: name, most: BYTES_MAX });
    }
    Ok(said)
}

/// How a program ended, in words.
pub(super) fn ending(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "an unknown status".to_owned(),
    }
}

fn start(program: &Program<'_>) -> std::io::Result<Child> {
    let (first, rest) = program.words.split_first().ok_or(std::io::ErrorKind::NotFound)?;
    Command::new(first)
        .args(rest)
        .process_group(0)
        .stdin(if program.input.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(if program.listens { Stdio::piped() } else { Stdio::null() })
        .spawn()
}

/// Reads a program to its end. Nothing where it can't be followed.
fn follow(mut child: Child, input: Option<Zeroizing<Vec<u8>>>, group: &Group) -> Option<Said> {
    let complaint = complaints(&mut child);
    if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
        // One that doesn't want it says so by its status.
        let _either_way = pipe.write_all(&input);
    }
    // Made large enough at once, so that no copy of it is left behind.
    let mut output = Zeroizing::new(Vec::with_capacity(BYTES_MAX + 1));
    let read = child.stdout.take()?.take(BYTES_MAX as u64 + 1).read_to_end(&mut output);
    if read.is_err() || output.len() > BYTES_MAX {
        group.end();
    }
    let status = group.outlive(child).ok()?;
    let complaint = complaint.and_then(|said| said.recv_timeout(COMPLAINT_WAIT).ok()).unwrap_or_default();
    Some(Said { status, output, complaint })
}

fn complaints(child: &mut Child) -> Option<mpsc::Receiver<String>> {
    let pipe = child.stderr.take()?;
    let (said, heard) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _either_way = pipe.take(COMPLAINT_BYTES_MAX).read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _either_way = said.send(crate::text::plain(text.trim(), 300));
    });
    Some(heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn ran(script: &str, within: Duration) -> Result<Said, VaultError> {
        let words = ["sh".to_owned(), "-c".to_owned(), script.to_owned()];
        run(Program { words: &words, input: Some(b"given"), within, listens: true }).await
    }

    const LONG: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn what_a_program_prints_and_how_it_ends_is_told() {
        let said = ran("cat; echo ouch >&2; exit 3", LONG).await.unwrap();
        assert_eq!((said.output.as_slice(), said.complaint.as_str()), (b"given".as_slice(), "ouch"));
        assert_eq!(ending(said.status), "exit code 3");
        assert_eq!(ending(ran("kill -9 $$", LONG).await.unwrap().status), "signal 9");
        let words = ["/nonexistent/program".to_owned()];
        let missing = run(Program { words: &words, input: None, within: LONG, listens: false }).await;
        assert!(missing.err().unwrap().to_string().starts_with("failed to run /nonexistent/program: "));
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        // The child's child holds the pipe open until it is ended; its end is what is waited for.
        let script =
            format!("mkfifo {0}; sh -c 'exec 3>{0}; sleep 600' & cat {0} & sleep 600", pipe.display());
        let error = ran(&script, Duration::from_millis(300)).await.err().unwrap();
        assert_eq!(
            error.to_string(),
            "failed to run sh: it was not done within 300ms and was ended; it must not ask anybody anything"
        );
        let ended = tokio::task::spawn_blocking(move || {
            // Opening to write and not block works as long as somebody reads.
            use std::os::unix::fs::OpenOptionsExt as _;
            let nonblocking = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap();
            while std::fs::OpenOptions::new().write(true).custom_flags(nonblocking).open(&pipe).is_ok() {
                thread::yield_now();
            }
        });
        ended.await.unwrap();
    }

    #[tokio::test]
    async fn one_that_prints_for_ever_is_ended() {
        let error = ran("yes", LONG).await.err().unwrap();
        assert_eq!(
            error.to_string(),
            "failed to run sh: it printed more than the 65536 bytes that a secret may have"
        );
    }

    #[tokio::test]
    async fn what_it_leaves_behind_is_ended_and_not_waited_for() {
        let said = ran("sleep 600 >/dev/null 2>&1 & echo secret", LONG).await.unwrap();
        assert_eq!(said.output.as_slice(), b"secret\n");
    }
}
