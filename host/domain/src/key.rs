//! Idempotency keys. A key is a function of what it names and of the target's seed, so it can't change between
//! attempts, and a backend that remembers keys can tell a repeated request from a new one.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

use crate::id::{EntryId, ItemId, derive};

/// What a target's keys are derived from. It is made once per target, from its first name, and kept: renaming a
/// target or moving its items elsewhere changes no key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeySeed(String);

impl KeySeed {
    /// The seed with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, as a store keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident, $of:ident, $word:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The key of this thing at the target with this seed.
            pub fn new(of: $of, seed: &KeySeed) -> Self {
                Self(derive(Uuid::from_bytes(*of.as_bytes()), &[$word, seed.as_str()]))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

key!(
    /// Stable for one item at one target: what a plugin sends as its idempotency key.
    ItemKey,
    ItemId,
    "item"
);
key!(
    /// Stable for one entry at one target: what an upsert by entry uses.
    EntryKey,
    EntryId,
    "entry"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_key_is_fixed_for_ever() {
        let seed = KeySeed::new("work");
        let key = ItemKey::new(ItemId::from_bytes([7; 16]), &seed);
        assert_eq!(key.to_string(), "12e18c1a-ef96-5643-a893-5c79673bf9f1");
        let key = EntryKey::new(EntryId::from_bytes([7; 16]), &seed);
        assert_eq!(key.to_string(), "2db2236b-0249-5f8d-9914-4bc9f44cd86f");
    }

    proptest! {
        #[test]
        fn keys_differ_by_thing_by_target_and_by_kind(a: [u8; 16], b: [u8; 16], s in ".{0,8}", t in ".{0,8}") {
            let (seed, other) = (KeySeed::new(s.clone()), KeySeed::new(t.clone()));
            let key = ItemKey::new(ItemId::from_bytes(a), &seed);
            prop_assert_eq!(key, ItemKey::new(ItemId::from_bytes(a), &seed));
            prop_assert_eq!(a == b, key == ItemKey::new(ItemId::from_bytes(b), &seed));
            prop_assert_eq!(s == t, key == ItemKey::new(ItemId::from_bytes(a), &other));
            prop_assert_ne!(key.0, EntryKey::new(EntryId::from_bytes(a), &seed).0);
        }
    }
}
