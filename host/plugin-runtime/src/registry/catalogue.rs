//! What the folder of plugins has at one moment, by the plugins' names. It is never changed in place.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use semver::Version;

use crate::manifest::Manifest;
use crate::plugin::Plugin;

/// What the folder has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// The plugins by their names, also those that are missing or were refused.
    pub entries: BTreeMap<String, Entry>,
    /// Whether everything that was in the folder at first was looked at. Before that, what isn't here may come yet.
    pub settled: bool,
    /// Why the folder can't be read, if it can't. What was known of it stays.
    pub trouble: Option<String>,
}

/// What is known of the plugin of one name.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The plugin that serves.
    pub plugin: Option<Plugin>,
    /// Its manifest, or that of the file that was refused, as far as it could be read.
    pub manifest: Option<Arc<Manifest>>,
    /// Where it is, or what was refused.
    pub file: Option<PathBuf>,
    /// The hash of that file.
    pub sha256: Option<String>,
    /// How it fares.
    pub state: State,
    /// What is wrong: why a file was refused, what is left out for another. It stays until it is mended.
    pub error: Option<String>,
}

/// How a plugin fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It serves.
    Ready,
    /// A file of it was refused. The last good version serves on, if there is one.
    Rejected,
    /// Nothing in the folder has its name.
    Missing,
}

impl State {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Rejected => "rejected",
            Self::Missing => "missing",
        }
    }
}

impl Entry {
    /// Its version, as far as it is known.
    pub fn version(&self) -> Option<&Version> {
        self.manifest.as_ref().map(|manifest| &manifest.version)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        let serving = |entry: &Self| entry.plugin.as_ref().map(|plugin| plugin.sha256().to_owned());
        let rest =
            |entry: &Self| (entry.file.clone(), entry.sha256.clone(), entry.state, entry.error.clone());
        serving(self) == serving(other) && rest(self) == rest(other) && self.manifest == other.manifest
    }
}
