//! A plugin in one place of the configuration, ready to be called.

use std::sync::Arc;

use stint_plugin_runtime::{
    Plugin, Surroundings,
    services::{Broker, NoNetwork},
};

/// A plugin and what its calls in this place are given. Cheap to clone.
#[derive(Clone)]
pub struct Bound {
    /// The plugin.
    pub plugin: Plugin,
    /// What its calls are given, but for the network.
    pub around: Surroundings,
    /// Its way to the network.
    pub network: Arc<dyn Network>,
}

/// The way to the network from one place of the configuration.
pub trait Network: Send + Sync {
    /// A broker for one call, and what will be known of its exchanges. Connections are kept from call to call.
    fn for_call(&self) -> (Arc<dyn Broker>, Arc<dyn Said>);
}

/// What a call and its backend said to one another, for people who ask why something failed.
pub trait Said: Send + Sync {
    /// The last exchange, short and without any secret; nothing if there was none.
    fn excerpt(&self) -> Option<String>;
}

/// No way at all: transforms and policies have none.
#[derive(Clone, Copy, Debug)]
pub struct Unnetworked;

impl Network for Unnetworked {
    fn for_call(&self) -> (Arc<dyn Broker>, Arc<dyn Said>) {
        (Arc::new(NoNetwork), Arc::new(Self))
    }
}

impl Said for Unnetworked {
    fn excerpt(&self) -> Option<String> {
        None
    }
}

impl Bound {
    /// What one call is given, and what will be known of its exchanges.
    pub fn for_call(&self) -> (Surroundings, Arc<dyn Said>) {
        let (broker, said) = self.network.for_call();
        (Surroundings { broker, ..self.around.clone() }, said)
    }
}

impl std::fmt::Debug for Bound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("plugin", &self.plugin.manifest().name).finish_non_exhaustive()
    }
}
