//! How a backend tells a repeated request from a new one. The plugin declares it; what may be done about an unknown
//! outcome follows from it.

use serde::{Deserialize, Serialize};

/// The class that a plugin declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Idempotency {
    /// The backend remembers keys: the same key has one effect.
    NativeKey,
    /// The same request overwrites what it made before.
    PutOverwrite,
    /// The backend can be asked whether it has the item.
    LookupBeforeCreate,
    /// None of these: a request is never sent twice without a person's word.
    AtMostOnce,
}

/// What is done about an item that may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The same bytes are sent again under the same key.
    Resend,
    /// The backend is asked first.
    LookUp,
    /// A person decides.
    AskPerson,
}

impl Idempotency {
    /// What is done about an item that may have arrived.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::NativeKey | Self::PutOverwrite => Remedy::Resend,
            Self::LookupBeforeCreate => Remedy::LookUp,
            Self::AtMostOnce => Remedy::AskPerson,
        }
    }
}
