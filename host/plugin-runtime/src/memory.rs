//! Bounds what a sandbox keeps: all its memories and tables together. wasmtime's own limiter bounds each of them
//! alone, and a component may have many.

use wasmtime::{ResourceLimiter, Result};

/// Room for one element of a table in the host's memory.
const ELEMENT_BYTES: usize = 16;
const INSTANCES_MAX: usize = 32;
const MEMORIES_MAX: usize = 8;
const TABLES_MAX: usize = 32;

/// The memory of one sandbox.
#[derive(Debug)]
pub(crate) struct Memory {
    most: usize,
    used: usize,
    refused: bool,
}

impl Memory {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, used: 0, refused: false }
    }

    /// Whether the plugin has asked for more than it may have. It usually dies of that, without saying why.
    pub(crate) fn was_refused(&self) -> bool {
        self.refused
    }

    /// What is in use.
    pub(crate) fn used_bytes(&self) -> usize {
        self.used
    }

    fn grow(&mut self, more: usize) -> bool {
        let sum = self.used.checked_add(more).filter(|sum| *sum <= self.most);
        self.refused |= sum.is_none();
        self.used = sum.unwrap_or(self.used);
        sum.is_some()
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let possible = maximum.is_none_or(|most| desired <= most);
        Ok(possible && self.grow(desired.saturating_sub(current)))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        let possible = maximum.is_none_or(|most| desired <= most);
        Ok(possible && self.grow(desired.saturating_sub(current).saturating_mul(ELEMENT_BYTES)))
    }

    /// What was counted and then not given is counted all the same: how much it was isn't told here, and a plugin that
    /// asks for more than the pool has is at its end.
    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> Result<()> {
        self.refused = true;
        Ok(())
    }

    fn instances(&self) -> usize {
        INSTANCES_MAX
    }

    fn memories(&self) -> usize {
        MEMORIES_MAX
    }

    fn tables(&self) -> usize {
        TABLES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_memories_and_tables_share_one_bound() {
        let mut memory = Memory::new(1000);
        assert!(memory.memory_growing(0, 400, None).unwrap());
        assert!(memory.memory_growing(0, 400, None).unwrap(), "a second memory");
        assert!(memory.table_growing(0, 12, None).unwrap(), "12 elements are 192 bytes");
        assert_eq!(memory.used_bytes(), 992);
        assert!(!memory.was_refused());
        assert!(!memory.memory_growing(400, 409, None).unwrap());
        assert!(memory.was_refused());
        assert_eq!(memory.used_bytes(), 992);
        assert!(memory.memory_growing(400, 408, None).unwrap(), "what fits is still given");
    }

    #[test]
    fn numbers_beyond_all_bounds_are_refused() {
        let mut memory = Memory::new(usize::MAX);
        assert!(memory.memory_growing(0, 10, None).unwrap());
        assert!(!memory.memory_growing(0, usize::MAX, None).unwrap());
        assert!(!Memory::new(1000).table_growing(0, usize::MAX, None).unwrap());
        assert!(!Memory::new(1000).memory_growing(0, 20, Some(10)).unwrap());
    }

    #[test]
    fn what_its_own_maximum_refuses_is_not_held_against_it() {
        let mut memory = Memory::new(1000);
        assert!(!memory.memory_growing(0, 20, Some(10)).unwrap());
        assert!(!memory.was_refused());
    }
}
