//! What a plugin remembers for one target, as the store has it. Only what was settled is seen here; what a call writes
//! is handed back with its answer.

use std::{fmt, sync::Arc};

use stint_plugin_runtime::services::{HostFault, StateSource};
use stint_store::{Connection, Error, Store, TargetId, plugin_state, target};

/// What one plugin remembers for one target.
pub(super) struct Memory {
    store: Arc<Store>,
    target: String,
    plugin: String,
}

impl Memory {
    pub(super) fn new(store: Arc<Store>, target: &str, plugin: &str) -> Self {
        Self { store, target: target.to_owned(), plugin: plugin.to_owned() }
    }

    fn ask<T>(
        &self,
        question: impl FnOnce(&Connection, TargetId, &str) -> Result<T, Error>,
    ) -> Result<T, HostFault> {
        let answer = self.store.read(|transaction| {
            let target = target::find(transaction, &self.target)?;
            question(transaction, target, &self.plugin)
        });
        answer.map_err(HostFault::new)
    }
}

impl StateSource for Memory {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HostFault> {
        self.ask(|store, target, plugin| plugin_state::get(store, target, plugin, key))
    }

    fn keys(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, HostFault> {
        self.ask(|store, target, plugin| plugin_state::keys(store, target, plugin, prefix, after, limit))
    }

    fn bytes(&self) -> Result<u64, HostFault> {
        self.ask(plugin_state::size)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("target", &self.target)
            .field("plugin", &self.plugin)
            .finish_non_exhaustive()
    }
}
