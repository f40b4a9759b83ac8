//! The plugin's state: what was committed, and what the running call wrote.

use std::collections::BTreeMap;

use crate::state::Error;

/// Reads see both; a call's own writes are forgotten unless they are committed.
#[derive(Default)]
pub(crate) struct Memory {
    pub(super) committed: BTreeMap<String, Vec<u8>>,
    written: BTreeMap<String, Option<Vec<u8>>>,
}

impl Memory {
    pub(crate) fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.written.get(key).cloned().unwrap_or_else(|| self.committed.get(key).cloned())
    }

    pub(crate) fn put(&mut self, key: &str, value: &[u8]) -> Result<(), Error> {
        if key.is_empty() || key.len() > 512 {
            return Err(Error::TooLarge(format!("a key has 1 to 512 bytes, not {}", key.len())));
        }
        self.written.insert(key.to_owned(), Some(value.to_vec()));
        Ok(())
    }

    pub(crate) fn delete(&mut self, key: &str) {
        self.written.insert(key.to_owned(), None);
    }

    pub(crate) fn keys(&self, prefix: &str, after: Option<&str>, limit: u32) -> Vec<String> {
        let mut all = self.committed.clone();
        for (key, value) in &self.written {
            match value {
                Some(value) => all.insert(key.clone(), value.clone()),
                None => all.remove(key),
            };
        }
        all.into_keys()
            .filter(|key| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after))
            .take(limit as usize)
            .collect()
    }

    /// The call's answer was settled.
    pub(super) fn commit(&mut self) {
        for (key, value) in std::mem::take(&mut self.written) {
            match value {
                Some(value) => self.committed.insert(key, value),
                None => self.committed.remove(&key),
            };
        }
    }

    /// The call trapped, or its answer was lost.
    pub(super) fn discard(&mut self) {
        self.written.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_are_seen_at_once_and_kept_when_committed() {
        let mut memory = Memory::default();
        memory.put("a", b"1").expect("fits");
        assert_eq!(memory.get("a").as_deref(), Some(&b"1"[..]));
        memory.discard();
        assert_eq!(memory.get("a"), None);
        for key in ["a", "b/1", "b/2", "b/3"] {
            memory.put(key, key.as_bytes()).expect("fits");
        }
        memory.commit();
        memory.delete("b/2");
        assert_eq!(memory.keys("b/", Some("b/1"), 9), ["b/3"]);
        assert_eq!(memory.keys("", None, 2), ["a", "b/1"]);
        memory.commit();
        assert_eq!(memory.get("b/2"), None);
        assert!(matches!(memory.put("", b""), Err(Error::TooLarge(_))));
    }
}
