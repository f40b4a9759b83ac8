//! The durable memory of a plugin: what is committed is read here, what a call writes is handed back with its
//! answer and committed together with its outcomes.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, PoisonError};

use super::HostFault;

/// What is committed for one plugin and target. Reads are local and quick.
pub trait StateSource: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HostFault>;
    /// Up to `limit` keys that begin with `prefix`, in the order of their bytes, from the first behind `after`.
    fn keys(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, HostFault>;
    /// The bytes of all keys and values together.
    fn bytes(&self) -> Result<u64, HostFault>;
}

/// One change a call made to its state. Of several under one key only the last is handed back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateWrite {
    /// The key.
    pub key: String,
    /// The new value, or nothing if the key was deleted.
    pub value: Option<Vec<u8>>,
}

/// State that lives as long as the process.
#[derive(Debug, Default)]
pub struct MemoryState {
    committed: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl MemoryState {
    /// Commits what a call wrote.
    pub fn commit(&self, writes: Vec<StateWrite>) {
        let mut committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        for StateWrite { key, value } in writes {
            match value {
                Some(value) => committed.insert(key, value),
                None => committed.remove(&key),
            };
        }
    }
}

impl StateSource for MemoryState {
    fn get(&self, key: &str) -> Result<Option<Vec<u8>>, HostFault> {
        Ok(self.committed.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned())
    }

    fn keys(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, HostFault> {
        let committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        let from = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let behind = committed.range::<str, _>((from, Bound::Unbounded));
        Ok(behind
            .map(|(key, _)| key)
            .take_while(|key| key.starts_with(prefix))
            .take(limit)
            .cloned()
            .collect())
    }

    fn bytes(&self) -> Result<u64, HostFault> {
        let committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(committed.iter().map(|(key, value)| (key.len() + value.len()) as u64).sum())
    }
}
