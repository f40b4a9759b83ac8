//! The configuration that counts now. A new one replaces it whole or not at all, and one that was refused is
//! remembered until a better one comes.

use std::sync::Arc;

use stint_config::{Diagnostics, Loaded};

/// The configuration that counts, and what is wrong with a newer one.
#[derive(Clone, Debug)]
pub struct Current {
    /// What counts.
    pub loaded: Arc<Loaded>,
    /// Why a newer one doesn't.
    pub rejected: Option<Arc<Diagnostics>>,
}

impl Current {
    /// What counts in place of a configuration with mistakes, where none was read before.
    pub fn instead_of(mistakes: Diagnostics, loaded: Loaded) -> Self {
        Self { loaded: Arc::new(loaded), rejected: Some(Arc::new(mistakes)) }
    }
}

impl From<Loaded> for Current {
    fn from(loaded: Loaded) -> Self {
        Self { loaded: Arc::new(loaded), rejected: None }
    }
}
