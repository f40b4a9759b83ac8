//! Whether the file is known to be damaged. Once it is, nothing more is written: what were recorded now would be put
//! aside with the file at the next start, after it had been acknowledged.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::alert::Alert;
use crate::dir::DataDir;
use crate::quarantine;

/// Who is told. It is called on whatever thread noticed, and must not wait for the store.
pub type OnAlert = Box<dyn Fn(Alert) + Send + Sync>;

/// The state of the open file.
pub(crate) struct Health {
    dir: DataDir,
    damage: OnceLock<String>,
    commits: AtomicU64,
    /// Whether the log holds something that is to be gone.
    unclean_log: AtomicBool,
    on_alert: OnAlert,
}

impl Health {
    /// Nothing is known against the file.
    pub(crate) fn new(dir: DataDir, on_alert: OnAlert) -> Self {
        Self {
            dir,
            damage: OnceLock::new(),
            commits: AtomicU64::new(0),
            unclean_log: AtomicBool::new(false),
            on_alert,
        }
    }

    /// Remembers the damage, here and for the next start, and raises the alert; once is enough.
    pub(crate) fn condemn(&self, reason: &str) {
        if self.damage.set(reason.to_owned()).is_err() {
            return;
        }
        // When it can't be remembered on the disk, the next start's own check finds the damage again.
        let _ = quarantine::suspect(&self.dir, reason);
        self.alert(Alert::Damaged { reason: reason.to_owned() });
    }

    /// Counts a commit.
    pub(crate) fn count_commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    /// How many commits there were.
    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Whether the log holds something that is to be gone after the next commit.
    pub(crate) fn is_log_unclean(&self) -> bool {
        self.unclean_log.load(Ordering::Relaxed)
    }

    /// Says whether it does.
    pub(crate) fn set_log_unclean(&self, unclean: bool) {
        self.unclean_log.store(unclean, Ordering::Relaxed);
    }

    /// Tells whoever shows it.
    pub(crate) fn alert(&self, alert: Alert) {
        (self.on_alert)(alert);
    }

    /// The damage, if there is any.
    pub(crate) fn damage(&self) -> Option<&str> {
        self.damage.get().map(String::as_str)
    }
}

impl fmt::Debug for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Health").field("damage", &self.damage).finish_non_exhaustive()
    }
}
