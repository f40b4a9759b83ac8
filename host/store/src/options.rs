//! How a store is opened.

use std::fmt;
use std::path::PathBuf;

use crate::alert::Alert;
use crate::connect::{CHECKPOINT_PAGES, Synchronous};
use crate::health::OnAlert;

/// How a store is opened.
pub struct Options {
    /// The data directory. It is created when it is missing.
    pub data_dir: PathBuf,
    /// The most that the database may take, without blobs that are files.
    pub quota_bytes: u64,
    /// How many backups are kept.
    pub backups: usize,
    /// Who writes.
    pub mode: Mode,
    /// Whether a disk that can't be written keeps the store from opening, or only from writing. It is of use to
    /// somebody who wants to see what is there; a host is not to start like this.
    pub reading_suffices: bool,
    /// Who is told when damage is found while the store is open.
    pub on_alert: OnAlert,
    /// What a commit waits for.
    #[doc(hidden)]
    pub synchronous: Synchronous,
    /// How long the log grows before a commit takes it into the database. The crash proof makes it short, to meet
    /// many such moments.
    #[doc(hidden)]
    pub checkpoint_pages: u32,
}

/// Who writes, and whether anything happens in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A thread writes, another checks the file and sweeps blobs after the start.
    Threaded,
    /// Callers write, and nothing happens but what they ask for: for tests of virtual time and for a single command.
    Inline,
}

impl Options {
    /// A threaded store with a quota of 2 GiB and three backups. Alerts while it is open must go somewhere: a host
    /// that does not show them breaks the promise that no damage is silent.
    pub fn new(data_dir: impl Into<PathBuf>, on_alert: impl Fn(Alert) + Send + Sync + 'static) -> Self {
        Self {
            data_dir: data_dir.into(),
            quota_bytes: 2 << 30,
            backups: 3,
            mode: Mode::Threaded,
            reading_suffices: false,
            on_alert: Box::new(on_alert),
            synchronous: Synchronous::Full,
            checkpoint_pages: CHECKPOINT_PAGES,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("data_dir", &self.data_dir)
            .field("quota_bytes", &self.quota_bytes)
            .field("backups", &self.backups)
            .field("mode", &self.mode)
            .field("reading_suffices", &self.reading_suffices)
            .field("synchronous", &self.synchronous)
            .field("checkpoint_pages", &self.checkpoint_pages)
            .finish_non_exhaustive()
    }
}
