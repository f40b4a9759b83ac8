//! The plugins as people see them: what is in the folder, who uses it, what it may do there, and what is wrong.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_config::{Loaded, Owner};
use stint_plugin_runtime::{
    grants::Grants,
    manifest::Manifest,
    registry::{Catalogue, Entry, survey},
};
use stint_store::target::{self, HoldReason};

use super::{allowed::allowed, keep::rules_of, users::User};
use crate::{desk::Desk, presence::Presence, when::When};

/// All plugins, by name. Its shape is version 1: fields may be added, none is renamed or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PluginList {
    /// The version of this shape.
    pub version: u32,
    /// The folder.
    pub folder: Option<String>,
    /// Why it can't be read, if it can't.
    pub folder_error: Option<String>,
    /// Whether a host has loaded and tried them; without one their files were read and nothing more.
    pub tried: bool,
    /// The plugins.
    pub plugins: Vec<PluginView>,
}

/// A plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PluginView {
    /// Its name.
    pub name: String,
    /// What it is: `target`, or several words with commas.
    pub kind: String,
    /// Its version.
    pub version: Option<String>,
    /// The hash of its file.
    pub sha256: Option<String>,
    /// `ready`, `rejected`, `suspended` or `missing`.
    pub state: String,
    /// What is wrong. It stays until it is mended.
    pub error: Option<String>,
    /// Its file.
    pub file: Option<String>,
    /// Since when the version that serves does, at a running host.
    pub serves_since: Option<When>,
    /// What its author says it is.
    pub description: Option<String>,
    /// Where the configuration names it.
    pub used_by: Vec<PluginUse>,
}

/// A place of the configuration that names a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PluginUse {
    /// The table: `targets.work`.
    pub place: String,
    /// What it may do there.
    pub may: Vec<String>,
    /// What it asks for and may not do there, each with the line that grants it.
    pub may_not: Vec<String>,
    /// Why it can't be called there.
    pub error: Option<String>,
}

impl Desk {
    /// The plugins. With a host it is what serves; without one the folder is read.
    pub fn plugin_list(&self) -> Result<PluginList, stint_store::Error> {
        let loaded = self.current().loaded;
        let tried = matches!(self.presence(), Presence::Host { .. });
        let catalogue =
            if tried { self.plugins().borrow().clone() } else { Arc::new(survey(&rules_of(&loaded, 0))) };
        let suspended = self.suspended()?;
        let plugins = catalogue.entries.iter().map(|(name, entry)| PluginView {
            used_by: self.uses(&loaded, name, entry),
            serves_since: self.turns.of(name).filter(|_| entry.plugin.is_some()).map(When),
            ..view(name, entry, &suspended)
        });
        Ok(PluginList {
            version: 1,
            folder: loaded.plugin_dir().map(|folder| folder.display().to_string()),
            folder_error: catalogue.trouble.clone(),
            tried,
            plugins: plugins.collect(),
        })
    }

    /// The plugins that are suspended, with the words of the targets that are held for it.
    fn suspended(&self) -> Result<Vec<(String, String)>, stint_store::Error> {
        let targets = self.read(target::statuses)?;
        Ok(suspended(&self.current().loaded, &targets))
    }

    fn uses(&self, loaded: &Loaded, name: &str, entry: &Entry) -> Vec<PluginUse> {
        let users = User::all(&loaded.config);
        let users = users.iter().filter(|user| user.plugin.as_str() == name);
        users.map(|user| self.one_use(loaded, user, entry.manifest.as_deref())).collect()
    }

    fn one_use(&self, loaded: &Loaded, user: &User<'_>, manifest: Option<&Manifest>) -> PluginUse {
        let place = user.place();
        let error =
            self.lines().borrow().values().find_map(|line| line.unready.get(&place)).map(ToString::to_string);
        let Owner::Target(name) = user.owner else {
            return PluginUse { place, may: Vec::new(), may_not: Vec::new(), error };
        };
        let granted = loaded.config.targets.get(name).map(|target| allowed(user, target));
        let grants = match (manifest, granted) {
            (Some(manifest), Some(Ok(allowed))) => {
                Some(Grants::new(manifest, &user.settings.to_value(), allowed))
            }
            _ => None,
        };
        PluginUse {
            place,
            may: grants.iter().flat_map(Grants::granted).collect(),
            may_not: grants.iter().flat_map(Grants::missing).map(|missing| missing.to_string()).collect(),
            error,
        }
    }
}

/// The plugins that targets are held for, because they crashed too often.
pub(crate) fn suspended(loaded: &Loaded, targets: &[target::Status]) -> Vec<(String, String)> {
    let held = targets.iter().filter_map(|target| {
        let hold = target.hold.as_ref().filter(|hold| hold.reason == HoldReason::Suspended)?;
        let (_, named) = loaded.config.targets.iter().find(|(name, _)| name.as_str() == target.name)?;
        Some((named.plugin.as_str().to_owned(), hold.message.clone()))
    });
    held.collect()
}

/// What is known of a plugin by itself.
pub(crate) fn view(name: &str, entry: &Entry, suspended: &[(String, String)]) -> PluginView {
    let kinds = entry.manifest.as_ref().map(|manifest| manifest.kinds.as_slice()).unwrap_or_default();
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.word()).collect();
    let held = suspended.iter().find(|(plugin, _)| plugin == name).filter(|_| entry.plugin.is_some());
    let (state, error) = match held {
        Some((_, why)) => ("suspended", Some(why.clone())),
        None => (entry.state.word(), entry.error.clone()),
    };
    PluginView {
        name: name.to_owned(),
        kind: kinds.join(", "),
        version: entry.version().map(ToString::to_string),
        sha256: entry.sha256.clone(),
        state: state.to_owned(),
        error,
        file: entry.file.as_ref().map(|file| file.display().to_string()),
        serves_since: None,
        description: entry.manifest.as_ref().map(|manifest| manifest.description.clone()),
        used_by: Vec::new(),
    }
}

/// What is new about the plugins, written into the log; and whose turn it is.
pub(super) fn tell_what_is_new(desk: &Desk, before: &Catalogue, now: &Catalogue) {
    for (name, entry) in &now.entries {
        let known = before.entries.get(name);
        let served = known.and_then(|known| known.plugin.as_ref()).map(stint_plugin_runtime::Plugin::sha256);
        if let Some(plugin) = entry.plugin.as_ref().filter(|plugin| served != Some(plugin.sha256())) {
            desk.turns.begins(name, desk.now());
            let version = &plugin.manifest().version;
            tracing::info!(target: "stint::plugins", %version, sha256 = plugin.sha256(), "plugin {name} serves");
        }
        let told = known.and_then(|known| known.error.as_ref());
        match &entry.error {
            Some(error) if told != Some(error) => {
                let whose =
                    if error.starts_with("plugin ") { String::new() } else { format!("plugin {name}: ") };
                tracing::warn!(target: "stint::plugins", state = entry.state.word(), "{whose}{error}");
            }
            None if told.is_some() => tracing::info!(target: "stint::plugins", "plugin {name}: mended"),
            _ => {}
        }
    }
    // What didn't serve is perhaps being looked at again.
    let served = before.entries.iter().filter(|(_, entry)| entry.plugin.is_some());
    for (name, _) in served.filter(|(name, _)| !now.entries.contains_key(*name)) {
        tracing::info!(target: "stint::plugins", "plugin {name} is gone");
    }
    if let Some(trouble) = now.trouble.as_ref().filter(|trouble| before.trouble.as_ref() != Some(*trouble)) {
        tracing::warn!(target: "stint::plugins", "{trouble}");
    }
}
