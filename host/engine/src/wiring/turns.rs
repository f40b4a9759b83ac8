//! Since when each plugin's version serves: when it took its turn. Known to a running host alone; who asks without one is
//! told nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use stint_domain::time::UnixMs;

/// The turns, by the plugins' names. Clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turns(Arc<Mutex<BTreeMap<String, UnixMs>>>);

impl Turns {
    /// A version of the plugin serves from now on.
    pub(super) fn begins(&self, plugin: &str, now: UnixMs) {
        self.lock().insert(plugin.to_owned(), now);
    }

    /// Since when the one that serves does.
    pub(super) fn of(&self, plugin: &str) -> Option<UnixMs> {
        self.lock().get(plugin).copied()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, UnixMs>> {
        // An insertion is done or not begun.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
