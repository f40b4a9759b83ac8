//! Identifiers. Each kind of thing has a type of its own, so that an entry's id can't be taken for an item's.
//!
//! New ids are UUIDv7: they sort by time. Imported ids are UUIDv5: importing the same row twice gives the same id.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt, str::FromStr};
use uuid::{Builder, Uuid};

use crate::time::UnixMs;

/// The random bytes that make one UUIDv7 unique. They are handed in, because rules draw no randomness themselves.
pub type Entropy = [u8; 10];

/// A text that was meant to be an id and isn't one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "failed to read {text:?} as {what} id: it must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"
)]
pub struct IdError {
    /// What the id should have named, with its article: "an entry".
    pub what: &'static str,
    /// The text as it was given.
    pub text: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: it sorts by `now`, and `entropy` tells it from others of the same millisecond.
            pub fn new(now: UnixMs, entropy: &Entropy) -> Self {
                Self(Builder::from_unix_timestamp_millis(now.clamped_to_positive(), entropy).into_uuid())
            }

            /// The id with these sixteen bytes, as a store keeps it.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes, as a store keeps them.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "format": "uuid" })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text.trim())
                    .map(Self)
                    .map_err(|_| IdError { what: $what, text: text.to_owned() })
            }
        }
    };
}

id!(
    /// One item of the queue: something that targets are told.
    ItemId,
    "an item"
);
id!(
    /// One entry of the timeline: a stretch of work with its segments and gaps.
    EntryId,
    "an entry"
);
id!(
    /// One gap of an entry.
    GapId,
    "a gap"
);
id!(
    /// One command as its sender meant it: sent twice, it is carried out once.
    CommandId,
    "a command"
);
id!(
    /// One start of the machine: the kernel's boot id.
    BootId,
    "a boot"
);

/// The namespace under which ids of imported rows are derived. Never change it: an import would double.
const IMPORT_NAMESPACE: Uuid = Uuid::from_bytes(*b"stint/import/v1\0");

impl ItemId {
    /// The id of an imported row. The same row gives the same id; `parts` are joined so that no two lists of
    /// parts can read alike.
    pub fn imported(parts: &[&str]) -> Self {
        Self(derive(IMPORT_NAMESPACE, parts))
    }
}

impl EntryId {
    /// The id of an entry that an imported row calls by a name which is no UUID. The same name gives the same id.
    pub fn imported(name: &str) -> Self {
        Self(derive(IMPORT_NAMESPACE, &["entry", name]))
    }
}

/// A UUIDv5 over `parts`, each preceded by its length: `["ab", "c"]` and `["a", "bc"]` differ.
pub(crate) fn derive(namespace: Uuid, parts: &[&str]) -> Uuid {
    let mut name = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
    for part in parts {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part.as_bytes());
    }
    Uuid::new_v5(&namespace, &name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn new_ids_are_version_seven_and_sort_by_time() {
        let early = ItemId::new(UnixMs(1_000), &[0xff; 10]);
        let late = ItemId::new(UnixMs(1_001), &[0; 10]);
        assert!(early < late);
        assert_eq!(early.0.get_version_num(), 7);
    }

    #[test]
    fn a_clock_before_1970_still_gives_an_id() {
        assert_eq!(EntryId::new(UnixMs(-5), &[1; 10]).to_string(), "00000000-0000-7101-8101-010101010101");
    }

    #[test]
    fn imported_ids_are_version_five_and_fixed_for_ever() {
        let id = ItemId::imported(&["17", "2025-01-08T10:00:00Z", "screenshot", "abc"]);
        assert_eq!(id.0.get_version_num(), 5);
        assert_eq!(id.to_string(), "ca97aeaf-05a9-5797-9a99-fe60ff261a35");
        let id = EntryId::imported("17");
        assert_eq!((id.0.get_version_num(), id), (5, EntryId::imported("17")));
        assert_eq!(id.to_string(), "a8c096a2-04e6-5b55-97ef-3f267b39b829");
    }

    #[test]
    fn a_text_that_is_no_id_says_what_was_expected() {
        let error = "17".parse::<EntryId>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "failed to read \"17\" as an entry id: it must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"
        );
    }

    proptest! {
        #[test]
        fn text_and_bytes_lead_back_to_the_id(bytes: [u8; 16]) {
            let id = CommandId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<CommandId>(), Ok(id));
            prop_assert_eq!(id.as_bytes(), &bytes);
        }

        #[test]
        fn other_parts_give_another_id(a in ".{0,6}", b in ".{0,6}", c in ".{0,6}", d in ".{0,6}") {
            prop_assume!((&a, &b) != (&c, &d));
            prop_assert_ne!(ItemId::imported(&[&a, &b]), ItemId::imported(&[&c, &d]));
        }
    }
}
