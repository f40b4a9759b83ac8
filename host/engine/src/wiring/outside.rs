//! What leads out of the host for one target: its network and its credentials.

use std::sync::Arc;

use stint_config::{Loaded, value::Name};
use stint_plugin_runtime::{
    grants::Grants,
    services::{Credentials, NoCredentials},
};
use tokio::sync::watch;

use super::{Network, Unnetworked};

/// The ways out of one target.
#[derive(Clone)]
pub struct Ways {
    /// Its way to the network.
    pub network: Arc<dyn Network>,
    /// Its credentials, by the names that its plugin knows.
    pub credentials: Arc<dyn Credentials>,
}

/// Gives each target its ways out.
pub trait Outside: Send + Sync {
    /// The ways of a target within its grants; why there are none, for whoever wrote the configuration. It is asked
    /// whenever something is wired anew, and keeps what it made as long as that fits.
    fn ways(&self, loaded: &Loaded, target: &Name, grants: &Arc<Grants>) -> Result<Ways, String>;

    /// Names what lies behind a target's ways: another name says that a target that was held may work now, for example
    /// because a person logged in again.
    fn version(&self, loaded: &Loaded, target: &Name) -> u64;

    /// Tells that some target's ways are others.
    fn changes(&self) -> watch::Receiver<u64>;
}

/// No way out at all.
#[derive(Clone, Copy, Debug)]
pub struct Shut;

impl Outside for Shut {
    fn ways(&self, _loaded: &Loaded, _target: &Name, _grants: &Arc<Grants>) -> Result<Ways, String> {
        Ok(Ways { network: Arc::new(Unnetworked), credentials: Arc::new(NoCredentials) })
    }

    fn version(&self, _loaded: &Loaded, _target: &Name) -> u64 {
        0
    }

    fn changes(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }
}
