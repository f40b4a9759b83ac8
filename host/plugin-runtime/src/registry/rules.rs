//! What the folder is kept by: where it is, what is pinned, how long one waits, and who tries a candidate.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use crate::plugin::Plugin;
use crate::services::Later;

/// What the configuration says about plugins. When it changes, what was refused is tried again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// The folder. Without one there are no plugins.
    pub folder: Option<PathBuf>,
    /// The one SHA-256 that the file of a plugin may have, by the plugin's name.
    pub pins: BTreeMap<String, String>,
    /// The names that somebody uses: these are missing when they aren't there.
    pub wanted: BTreeSet<String>,
    /// Counts the configurations: another one may let pass what the one before didn't.
    pub generation: u64,
}

/// How long one waits for a file that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// A file that stays as it is for so long is taken for finished.
    pub quiet: Duration,
    /// One that is a part of a plugin is waited for this much longer before it is called broken.
    pub patience: Duration,
    /// What isn't known of the folder after so long isn't waited for: a file may take for ever.
    pub settling: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(200),
            patience: Duration::from_secs(3),
            settling: Duration::from_secs(30),
        }
    }
}

/// Tries what was loaded, before it serves.
pub trait Trial: Send + Sync {
    /// Whether the candidate may take the place of what serves now, if anything does; why not, in words for the
    /// operator. What it asks of the plugin is bounded in time.
    fn judge(&self, candidate: Plugin, serving: Option<Plugin>) -> Later<'_, Result<(), String>>;
}
