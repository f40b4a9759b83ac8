//! What is done once after every start, in the background: the file is checked, and blobs that belong to nobody are
//! swept.

use rusqlite::Connection;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::alert::Alert;
use crate::blobs::Blobs;
use crate::check::{Depth, Soundness, check};
use crate::connect;
use crate::dir::DataDir;
use crate::health::Health;
use crate::quarantine::{database, quarantined};

/// How many steps of SQLite's machine pass before it looks whether it should stop.
const STEPS: i32 = 10_000;

/// The thread, until it is done or stopped.
#[derive(Debug)]
pub(crate) struct Upkeep {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Upkeep {
    /// Starts it.
    pub(crate) fn start(dir: &DataDir, blobs: Arc<Blobs>, health: Arc<Health>) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let (dir, asked) = (dir.clone(), Arc::clone(&stop));
        let work = move || {
            let found = connect::reader(&database(&dir)).and_then(|mut connection| {
                let asked = Arc::clone(&asked);
                connection.progress_handler(STEPS, Some(move || asked.load(Ordering::Relaxed)))?;
                look_after(&connection, &health, &dir, &blobs)
            });
            // The check of a store that is being closed is given up, which says nothing about the file.
            if let Err(error) = found
                && !asked.load(Ordering::Relaxed)
            {
                health.alert(Alert::Unchecked { reason: error.to_string() });
            }
        };
        let thread = thread::Builder::new().name("stint-upkeep".into()).spawn(work)?;
        Ok(Self { stop, thread })
    }

    /// Lets it come to its end.
    #[cfg(test)]
    pub(crate) fn finish(self) {
        self.thread.join().unwrap();
    }

    /// Stops it where it is.
    pub(crate) fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        // It does nothing that others depend on, so a panic in it is no reason to fail.
        let _ = self.thread.join();
    }
}

fn look_after(
    connection: &Connection,
    health: &Health,
    dir: &DataDir,
    blobs: &Blobs,
) -> rusqlite::Result<()> {
    if let Soundness::Damaged { reason } = check(connection, Depth::Quick)? {
        health.condemn(&reason);
    } else if quarantined(dir).is_empty() {
        // Otherwise a file that seems to belong to nobody may belong to an item that was put aside.
        // What can't be swept now is swept after the next start.
        let _ = blobs.sweep(connection);
    }
    Ok(())
}
