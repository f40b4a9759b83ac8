//! The command that lets a target go on, as far as one is known: the doctor's findings and the page tell the same.

use std::collections::BTreeMap;

use stint_config::{Loaded, value::Name};
use stint_store::target::{self, HoldReason};

use super::{credentials::cure, finding::quoted};
use crate::desk::Desk;

impl Desk {
    /// For each target that something keeps from working, by its name, the command that mends it.
    pub fn ways_out(&self) -> Result<BTreeMap<String, String>, stint_store::Error> {
        let (loaded, statuses) = (self.current().loaded, self.read(target::statuses)?);
        let ways = statuses.into_iter().filter_map(|status| {
            let command = match (&status.hold, status.retired_at) {
                (_, Some(_)) => part(&loaded, &status.name),
                (Some(hold), None) => release(&loaded, &status.name, hold.reason),
                (None, None) => return None,
            };
            Some((status.name, command))
        });
        Ok(ways.collect())
    }
}

/// What ends a hold.
pub(super) fn release(loaded: &Loaded, name: &str, reason: HoldReason) -> String {
    let config = &loaded.config;
    let target = config.targets.iter().find(|(known, _)| known.as_str() == name).map(|(_, target)| target);
    match (reason, target) {
        (HoldReason::NeedsLogin, Some(target)) => match target.credentials.values().next() {
            Some(credential) => cure(config, credential.as_str()),
            None => format!("stint target resume {name}"),
        },
        (HoldReason::Missing, Some(target)) => {
            let folder = loaded.plugin_dir().unwrap_or_default().display().to_string();
            format!("cp {}.wasm {}/", target.plugin, quoted(&folder))
        }
        (HoldReason::Misconfigured, _) => "stint config edit".to_owned(),
        _ => format!("stint target resume {name}"),
    }
}

/// What becomes of the items of a target that has left the configuration.
pub(super) fn part(loaded: &Loaded, name: &str) -> String {
    heir(loaded).map_or_else(|| give_up(name), |heir| format!("stint queue move {} {heir}", quoted(name)))
}

/// A target that could take them.
pub(super) fn heir(loaded: &Loaded) -> Option<&Name> {
    loaded.config.targets.iter().find(|(_, target)| target.enabled).map(|(name, _)| name)
}

/// The command that gives them up.
pub(super) fn give_up(name: &str) -> String {
    let name = quoted(name);
    format!(
        "stint queue list --target {name} --json | jq -r '.items[].id' | xargs stint queue drop --target {name} --yes"
    )
}
