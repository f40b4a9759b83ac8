//! The plugins: what serves, what it may do and where, and why something doesn't.

use serde::Serialize;
use stint_domain::time::UnixMs;
use stint_engine::wiring::{PluginUse, PluginView};

use super::words::{block, line};
use crate::time::{Zone, when};

/// A plugin.
#[derive(Serialize)]
pub(super) struct PluginLine {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) version: String,
    pub(super) sha256: Option<String>,
    pub(super) state: String,
    /// Since when this version serves.
    pub(super) since: Option<String>,
    pub(super) error: Option<String>,
    pub(super) uses: Vec<UseLine>,
}

/// A place that uses it.
#[derive(Serialize)]
pub(super) struct UseLine {
    pub(super) place: String,
    pub(super) may: String,
    pub(super) may_not: Vec<String>,
    pub(super) error: Option<String>,
}

impl PluginLine {
    pub(super) fn of(plugin: &PluginView, now: UnixMs, zone: &Zone) -> Self {
        Self {
            name: line(&plugin.name),
            kind: plugin.kind.clone(),
            version: plugin.version.as_deref().map(line).unwrap_or_default(),
            sha256: plugin.sha256.as_deref().map(|sha256| sha256.get(..12).unwrap_or(sha256).to_owned()),
            state: plugin.state.clone(),
            since: plugin.serves_since.map(|since| when(since.0, now, zone)),
            error: plugin.error.as_deref().map(|error| block(error, 600)),
            uses: plugin.used_by.iter().take(20).map(|used| UseLine::of(used, plugin)).collect(),
        }
    }
}

impl UseLine {
    fn of(used: &PluginUse, plugin: &PluginView) -> Self {
        let may: Vec<String> = used.may.iter().take(20).map(|may| line(may)).collect();
        Self {
            place: line(&used.place),
            may: match may.as_slice() {
                // What it asks for isn't known.
                [] if plugin.version.is_none() => String::new(),
                [] => "nothing beside computing".to_owned(),
                may => may.join(", "),
            },
            may_not: used.may_not.iter().take(10).map(|lacks| block(lacks, 300)).collect(),
            error: used
                .error
                .as_deref()
                .filter(|error| plugin.error.as_deref() != Some(error))
                .map(|error| block(error, 600)),
        }
    }
}
