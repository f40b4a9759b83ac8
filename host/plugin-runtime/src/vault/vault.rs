//! All credentials of the configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use stint_domain::secret::Secret;
use tokio::sync::watch;

use super::entry::Entry;
use super::place::secret;
use super::{CredentialStatus, Description, Keyring, TargetCredentials, VaultError};
use crate::egress::{Client, ClientError, WayOut};
use crate::services::Clock;

/// All credentials of the configuration. Cheap to clone; clones are the same one.
#[derive(Clone)]
pub struct Vault {
    entries: Arc<BTreeMap<String, Arc<Entry>>>,
    keyring: Keyring,
    clock: Arc<dyn Clock>,
    changes: watch::Sender<u64>,
}

impl Vault {
    /// The vault of a configuration. Nothing is read before it is needed.
    pub fn new(
        descriptions: Vec<Description>,
        way: &WayOut,
        keyring: Keyring,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        Self::empty(keyring, clock).reconfigured(descriptions, way)
    }

    /// A vault without any credential, to be given a configuration.
    pub fn empty(keyring: Keyring, clock: Arc<dyn Clock>) -> Self {
        Self { entries: Arc::default(), keyring, clock, changes: watch::Sender::new(0) }
    }

    /// The vault of another configuration. What is described as before keeps what is known of it, so that no token is
    /// lost that only memory has. Who waits for changes goes on waiting.
    pub fn reconfigured(&self, descriptions: Vec<Description>, way: &WayOut) -> Result<Self, ClientError> {
        let client = Client::for_operator(way)?;
        let entries = descriptions.into_iter().map(|description| {
            let name = description.name.clone();
            let known = self.entries.get(&name).filter(|entry| entry.description == description);
            let entry = match known {
                Some(known) => {
                    known.go_by(&client);
                    Arc::clone(known)
                }
                None => self.entry_of(description, &client),
            };
            (name, entry)
        });
        Ok(Self { entries: Arc::new(entries.collect()), ..self.clone() })
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

    fn entry_of(&self, description: Description, client: &Client) -> Arc<Entry> {
        let (keyring, clock) = (self.keyring.clone(), Arc::clone(&self.clock));
        Arc::new(Entry::new(description, keyring, client.clone(), clock))
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
