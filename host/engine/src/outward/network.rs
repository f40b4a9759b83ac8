//! One target's way to the network: its connections, shared by all its calls, and what each call and its backend said.

use std::sync::Arc;

use stint_plugin_runtime::{
    egress::{EgressBroker, LastExchange},
    services::{Broker, HttpError, HttpRequest, HttpResponse, Later},
    vault::{Connections, TargetCredentials},
};

use crate::wiring::{Network, Said};

/// One target's way to the network.
pub(super) struct TargetNetwork {
    connections: Arc<Connections>,
    credentials: TargetCredentials,
}

impl TargetNetwork {
    pub(super) fn new(connections: Connections, credentials: TargetCredentials) -> Self {
        Self { connections: Arc::new(connections), credentials }
    }
}

impl Network for TargetNetwork {
    fn for_call(&self) -> (Arc<dyn Broker>, Arc<dyn Said>) {
        let said = Arc::new(LastExchange::default());
        let broker = CallBroker {
            connections: Arc::clone(&self.connections),
            credentials: Arc::new(self.credentials.clone()),
            said: Arc::clone(&said),
        };
        (Arc::new(broker), said)
    }
}

/// The broker of one call.
struct CallBroker {
    connections: Arc<Connections>,
    credentials: Arc<TargetCredentials>,
    said: Arc<LastExchange>,
}

impl Broker for CallBroker {
    fn send(&self, request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(async move {
            let client = self.connections.client().await.map_err(HttpError::from)?;
            let broker =
                EgressBroker::new(client, Arc::clone(&self.credentials) as _, Arc::clone(&self.said) as _);
            broker.send(request).await
        })
    }
}

impl Said for LastExchange {
    fn excerpt(&self) -> Option<String> {
        self.last().map(|exchange| exchange.to_string())
    }
}
