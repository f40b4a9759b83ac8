//! `state`: reads see what is committed and what this call wrote; writes wait for the call's answer.

use std::collections::BTreeMap;

use crate::bindings::stint::plugin::state::{Host, StateError};
use crate::grants::Grants;
use crate::manifest::Kind;
use crate::sandbox::Sandbox;
use crate::services::{HostFault, StateSource, StateWrite};

const KEY_BYTES_MAX: usize = 512;
const KEYS_AT_ONCE_MAX: usize = 1000;
/// Keys that one call may change. Forgetting takes no room in the state, and room in what waits for the answer.
const KEYS_CHANGED_MAX: usize = 10_000;
const KINDS: [Kind; 2] = [Kind::Target, Kind::Transform];

/// What one call has written and not yet committed.
#[derive(Debug, Default)]
pub(crate) struct StateBuffer {
    writes: BTreeMap<String, Option<Vec<u8>>>,
    /// The bytes in use with the writes counted in; known after the first write.
    bytes: Option<u64>,
}

impl StateBuffer {
    /// What is to be committed.
    pub(crate) fn into_writes(self) -> Vec<StateWrite> {
        self.writes.into_iter().map(|(key, value)| StateWrite { key, value }).collect()
    }

    fn get(&self, source: &dyn StateSource, key: &str) -> Result<Option<Vec<u8>>, HostFault> {
        match self.writes.get(key) {
            Some(written) => Ok(written.clone()),
            None => source.get(key),
        }
    }

    /// Sets or deletes a key. The inner error is for the plugin.
    fn set(
        &mut self,
        source: &dyn StateSource,
        bytes_max: u64,
        key: String,
        value: Option<Vec<u8>>,
    ) -> Result<Result<(), StateError>, HostFault> {
        let too_large = |text: String| Ok(Err(StateError::TooLarge(text)));
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            return too_large(format!(
                "a key has 1 to {KEY_BYTES_MAX} bytes, and this one has {}",
                key.len()
            ));
        }
        if self.writes.len() >= KEYS_CHANGED_MAX && !self.writes.contains_key(&key) {
            return too_large(format!("this call has changed its {KEYS_CHANGED_MAX} keys"));
        }
        let before = self.get(source, &key)?.map_or(0, |old| cost(&key, &old));
        let after = value.as_ref().map_or(0, |new| cost(&key, new));
        let in_use = match self.bytes {
            Some(bytes) => bytes,
            None => source.bytes()?,
        };
        let sum = in_use.saturating_sub(before).saturating_add(after);
        if sum > bytes_max && after > before {
            return too_large(format!("the state would have {sum} bytes, and {bytes_max} are the most"));
        }
        self.bytes = Some(sum);
        self.writes.insert(key, value);
        Ok(Ok(()))
    }

    /// Keys of what is committed and what was written, merged in order.
    fn keys(
        &self,
        source: &dyn StateSource,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, HostFault> {
        // Deleted keys leave gaps in what is committed, so that many more are asked for.
        let committed = source.keys(prefix, after, limit.saturating_add(self.writes.len()))?;
        let written = self.writes.iter().filter(|(key, value)| {
            value.is_some() && key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after)
        });
        let mut keys: Vec<String> = written.map(|(key, _)| key.clone()).collect();
        keys.extend(committed.into_iter().filter(|key| !self.writes.contains_key(key)));
        keys.sort_unstable();
        keys.truncate(limit);
        Ok(keys)
    }
}

fn cost(key: &str, value: &[u8]) -> u64 {
    (key.len() + value.len()) as u64
}

impl Sandbox {
    fn set_state(&mut self, key: String, value: Option<Vec<u8>>) -> wasmtime::Result<Result<(), StateError>> {
        if let Err(refusal) = self.permit(&KINDS, "state", Grants::state) {
            return Ok(Err(StateError::Other(refusal)));
        }
        Ok(self.state.set(self.around.state.as_ref(), self.around.limits.state_bytes, key, value)?)
    }
}

impl Host for Sandbox {
    fn get(&mut self, key: String) -> wasmtime::Result<Option<Vec<u8>>> {
        if self.permit(&KINDS, "state", Grants::state).is_err() {
            return Ok(None);
        }
        Ok(self.state.get(self.around.state.as_ref(), &key)?)
    }

    fn put(&mut self, key: String, value: Vec<u8>) -> wasmtime::Result<Result<(), StateError>> {
        self.set_state(key, Some(value))
    }

    fn delete(&mut self, key: String) -> wasmtime::Result<Result<(), StateError>> {
        self.set_state(key, None)
    }

    fn keys(&mut self, prefix: String, after: Option<String>, limit: u32) -> wasmtime::Result<Vec<String>> {
        if self.permit(&KINDS, "state", Grants::state).is_err() {
            return Ok(Vec::new());
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).min(KEYS_AT_ONCE_MAX);
        Ok(self.state.keys(self.around.state.as_ref(), &prefix, after.as_deref(), limit)?)
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
