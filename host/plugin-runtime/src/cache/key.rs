//! The name of an entry: everything that decides whether compiled code may be run.

use std::hash::{Hash as _, Hasher};

use sha2::{Digest as _, Sha256};

use crate::attachment::hexadecimal;

/// The name of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    /// The key of a component, by its SHA-256, for an engine.
    pub(crate) fn new(component_sha256: &str, engine: &wasmtime::Engine) -> Self {
        let mut settings = Digest(Sha256::new());
        env!("CARGO_PKG_VERSION").hash(&mut settings);
        engine.precompile_compatibility_hash().hash(&mut settings);
        let settings = hexadecimal(&settings.0.finalize());
        Self(format!("{component_sha256}-{}", &settings[..32]))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Feeds what is hashed to SHA-256, whose results don't change from one build to the next.
struct Digest(Sha256);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        // Only the full digest is ever used.
        0
    }
}
