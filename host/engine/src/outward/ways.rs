//! Each target's ways out, kept for as long as the configuration gives it the same ones.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use stint_config::{Loaded, value::Name};
use stint_plugin_runtime::{grants::Grants, vault::TargetCredentials};
use tokio::sync::watch;

use super::{Keys, network::TargetNetwork};
use crate::wiring::{Outside, Ways};

/// The ways out of all targets.
pub(crate) struct Outward {
    keys: Keys,
    made: Mutex<BTreeMap<String, (String, Ways)>>,
}

impl Outward {
    /// Ways with these credentials.
    pub(crate) fn new(keys: Keys) -> Self {
        Self { keys, made: Mutex::default() }
    }

    /// The credentials that a target's plugin may use, by its names for them.
    fn credentials(&self, loaded: &Loaded, target: &Name) -> Result<TargetCredentials, String> {
        let given = loaded.config.targets.get(target).into_iter().flat_map(|target| &target.credentials);
        let given = given.map(|(theirs, ours)| (theirs.as_str(), ours.as_str()));
        Ok(self.keys.vault(&loaded.config)?.for_target(given))
    }
}

impl Outside for Outward {
    fn ways(&self, loaded: &Loaded, target: &Name, grants: &Arc<Grants>) -> Result<Ways, String> {
        let network = &loaded.config.network;
        let given = loaded.config.targets.get(target).map(|target| &target.credentials);
        let definitions = serde_json::json!([network, given, loaded.config.credentials]);
        // Grants that are written alike allow the same.
        let key = format!("{definitions} {} {grants:?}", self.version(loaded, target));
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ways)) = made.get(target.as_str()).filter(|(known, _)| *known == key) {
            return Ok(ways.clone());
        }
        let credentials = self.credentials(loaded, target)?;
        let connections = self.keys.vault(&loaded.config)?.connections(Arc::clone(grants));
        let network =
            TargetNetwork::new(connections.map_err(|error| error.to_string())?, credentials.clone());
        let ways = Ways { network: Arc::new(network), credentials: Arc::new(credentials) };
        made.insert(target.as_str().to_owned(), (key, ways.clone()));
        Ok(ways)
    }

    fn version(&self, loaded: &Loaded, target: &Name) -> u64 {
        let Ok(vault) = self.keys.vault(&loaded.config) else { return 0 };
        let given =
            loaded.config.targets.get(target).into_iter().flat_map(|target| target.credentials.values());
        let names = given.chain(&loaded.config.network.proxy_credential);
        names.map(|name| vault.version(name.as_str())).sum()
    }

    fn changes(&self) -> watch::Receiver<u64> {
        self.keys.changes()
    }
}

impl fmt::Debug for Outward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outward").finish_non_exhaustive()
    }
}
