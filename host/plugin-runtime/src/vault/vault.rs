//! All credentials of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use stint_domain::secret::Secret;
use tokio::sync::watch;

use super::entry::Entry;
use super::place::secret;
use super::{Connections, CredentialStatus, Description, Keyring, TargetCredentials, VaultError};
use crate::egress::{ClientError, WayOut};
use crate::grants::Grants;
use crate::services::Clock;

/// All credentials of the configuration. Cheap to clone; clones are the same one.
#[derive(Clone)]
pub struct Vault {
    entries: Arc<BTreeMap<String, Arc<Entry>>>,
    keyring: Keyring,
    clock: Arc<dyn Clock>,
    changes: watch::Sender<u64>,
    way: WayOut,
    /// The name of the credential that the proxy of the way asks for.
    login: Option<String>,
}

impl Vault {
    /// The vault of a configuration. Nothing is read before it is needed.
    pub fn new(
        descriptions: Vec<Description>,
        way: &WayOut,
        keyring: Keyring,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        Self::empty(keyring, clock).reconfigured(descriptions, way, None)
    }

    /// A vault without any credential, to be given a configuration.
    pub fn empty(keyring: Keyring, clock: Arc<dyn Clock>) -> Self {
        Self {
            entries: Arc::default(),
            keyring,
            clock,
            changes: watch::Sender::new(0),
            way: WayOut::default(),
            login: None,
        }
    }

    /// The vault of another configuration. What is described as before keeps what is known of it, so that no token is
    /// lost that only memory has. Who waits for changes goes on waiting.
    ///
    /// The way's proxy may ask for a login, which is one of the credentials. That one is itself renewed without it.
    pub fn reconfigured(
        &self,
        descriptions: Vec<Description>,
        way: &WayOut,
        login: Option<&str>,
    ) -> Result<Self, ClientError> {
        let plain = Arc::new(Connections::new(way.clone(), None, None)?);
        let (logins, others): (Vec<_>, Vec<_>) =
            descriptions.into_iter().partition(|description| Some(description.name.as_str()) == login);
        let login_entry = logins.into_iter().next().map(|description| self.entry_of(description, &plain));
        let connections = match &login_entry {
            Some(entry) => Arc::new(Connections::new(way.clone(), None, Some(Arc::clone(entry)))?),
            None => plain,
        };
        let others = others.into_iter().map(|description| self.entry_of(description, &connections));
        let entries: BTreeMap<_, _> = login_entry
            .into_iter()
            .chain(others)
            .map(|entry| (entry.description.name.clone(), entry))
            .collect();
        Ok(Self {
            entries: Arc::new(entries),
            way: way.clone(),
            login: login.map(str::to_owned),
            ..self.clone()
        })
    }

    /// One target's connections, for what these grants allow.
    pub fn connections(&self, grants: Arc<Grants>) -> Result<Connections, ClientError> {
        let login = self.login.as_ref().and_then(|name| self.entries.get(name)).map(Arc::clone);
        Connections::new(self.way.clone(), Some(grants), login)
    }

    /// The credentials of one target: the plugin's names for them, and theirs. A name that the configuration doesn't
    /// describe is left out.
    pub fn for_target<'n>(&self, names: impl IntoIterator<Item = (&'n str, &'n str)>) -> TargetCredentials {
        let entries = names.into_iter().filter_map(|(theirs, ours)| {
            self.entries.get(ours).map(|entry| (theirs.to_owned(), Arc::clone(entry)))
        });
        TargetCredentials { entries: Arc::new(entries.collect()) }
    }

    /// Counts up whenever somebody has put a credential in anew, or taken one away: whoever was held for the want of
    /// one can be tried again.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// How often a credential was put in or taken away; 0 for one that isn't described.
    pub fn version(&self, name: &str) -> u64 {
        self.entries.get(name).map_or(0, |entry| entry.version())
    }

    /// Another process has put a credential in, or taken one away; nothing for any of them.
    pub async fn changed(&self, name: Option<&str>) {
        for (known, entry) in self.entries.iter() {
            if name.is_none_or(|name| name == known) {
                entry.forget_what_is_known().await;
            }
        }
        self.changes.send_modify(|count| *count += 1);
    }

    /// Puts a person's secret where the configuration says that it is kept, and tells where that is.
    pub async fn set(&self, name: &str, value: &Secret) -> Result<String, VaultError> {
        let value = secret(value.expose().as_bytes(), "what was given")?;
        let place = self.entry(name)?.set(&value).await?;
        self.changed(Some(name)).await;
        Ok(place)
    }

    /// Takes away what was put in or brought; whether there was anything.
    pub async fn forget(&self, name: &str) -> Result<bool, VaultError> {
        let found = self.entry(name)?.remove().await?;
        self.changed(Some(name)).await;
        Ok(found)
    }

    /// Whether a person's secret can be put in.
    pub fn can_be_set(&self, name: &str) -> Result<(), VaultError> {
        self.entry(name)?.can_be_set()
    }

    /// What may be known of one credential.
    pub async fn status(&self, name: &str) -> Result<CredentialStatus, VaultError> {
        Ok(self.entry(name)?.status().await)
    }

    /// What may be known of all of them, by their names' order.
    pub async fn statuses(&self) -> Vec<CredentialStatus> {
        let mut all = Vec::with_capacity(self.entries.len());
        for entry in self.entries.values() {
            all.push(entry.status().await);
        }
        all
    }

    /// What is described as before keeps what is known of it.
    fn entry_of(&self, description: Description, connections: &Arc<Connections>) -> Arc<Entry> {
        let known = self.entries.get(&description.name).filter(|entry| entry.description == description);
        if let Some(known) = known {
            known.go_by(connections);
            return Arc::clone(known);
        }
        let (keyring, clock) = (self.keyring.clone(), Arc::clone(&self.clock));
        Arc::new(Entry::new(description, keyring, Arc::clone(connections), clock))
    }

    fn entry(&self, name: &str) -> Result<&Arc<Entry>, VaultError> {
        self.entries.get(name).ok_or_else(|| VaultError::Unknown { name: name.to_owned() })
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}
