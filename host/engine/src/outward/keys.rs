//! The credentials of the configuration that counts, for everybody who works with them: the targets that use them, and
//! the verbs that put them in.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use stint_clock::Clock;
use stint_config::Config;
use stint_plugin_runtime::{
    services,
    vault::{Keyring, Vault},
};
use tokio::sync::watch;

use super::{descriptions, way::way_out};

/// The credentials. Clones are the same ones.
#[derive(Clone)]
pub struct Keys {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    vault: Vault,
    /// What the vault was made from.
    made_from: Option<String>,
}

impl Keys {
    /// No credentials yet: they come with a configuration.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let vault = Vault::empty(Keyring::default(), Arc::new(Ticks(clock)));
        Self { inner: Arc::new(Mutex::new(Inner { vault, made_from: None })) }
    }

    /// The vault of a configuration: the one there is, where that still fits.
    pub fn vault(&self, config: &Config) -> Result<Vault, String> {
        // No secret stands in a configuration.
        let named = serde_json::to_string(&(&config.credentials, &config.network)).ok();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if named.is_none() || inner.made_from != named {
            let way = way_out(&config.network)?;
            let login = config.network.proxy_credential.as_ref().map(stint_config::value::Name::as_str);
            let next = inner.vault.reconfigured(descriptions(config), &way, login);
            inner.vault = next.map_err(|error| error.to_string())?;
            inner.made_from = named;
        }
        Ok(inner.vault.clone())
    }

    /// Counts up whenever a credential was put in or taken away, in whichever configuration.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).vault.changes()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

/// The host's clocks, for pauses and ends of tokens.
struct Ticks(Arc<dyn Clock>);

impl services::Clock for Ticks {
    fn now_unix_ms(&self) -> i64 {
        self.0.sample().wall.0
    }

    fn monotonic_ns(&self) -> u64 {
        self.0.sample().monotonic.0.saturating_mul(1_000_000)
    }

    fn timezone(&self) -> String {
        "UTC".to_owned()
    }

    fn utc_offset_s(&self, _: &str, _: i64) -> Option<i32> {
        None
    }
}
