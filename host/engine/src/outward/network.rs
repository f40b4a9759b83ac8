//! One target's way to the network: its connections, shared by all its calls, and what each call and its backend said.

use std::sync::Arc;

use stint_plugin_runtime::{
    egress::{Client, EgressBroker, LastExchange, Tokens, WayOut},
    grants::Grants,
    services::{Broker, HttpError, HttpRequest, HttpResponse, Later},
    vault::TargetCredentials,
};
use tokio::sync::OnceCell;

use crate::wiring::{Network, Said};

/// The name under which the proxy's credential is looked up.
pub(super) const PROXY: &str = "proxy";

/// One target's way to the network.
pub(super) struct TargetNetwork {
    connections: Arc<Connections>,
    credentials: TargetCredentials,
}

/// A target's connections. Those through a proxy that asks who we are wait until the login can be read.
struct Connections {
    ready: OnceCell<Client>,
    way: WayOut,
    grants: Arc<Grants>,
    login: Option<TargetCredentials>,
}

impl TargetNetwork {
    /// A way over these connections. Those without a login are made here, which shows what is wrong with the way.
    pub(super) fn new(
        way: WayOut,
        grants: Arc<Grants>,
        login: Option<TargetCredentials>,
        credentials: TargetCredentials,
    ) -> Result<Self, String> {
        let client = Client::new(&way, Arc::clone(&grants)).map_err(|error| error.to_string())?;
        let ready = if login.is_none() { OnceCell::new_with(Some(client)) } else { OnceCell::new() };
        Ok(Self { connections: Arc::new(Connections { ready, way, grants, login }), credentials })
    }
}

impl Connections {
    async fn client(&self) -> Result<&Client, HttpError> {
        self.ready
            .get_or_try_init(async || {
                let mut way = self.way.clone();
                if let Some(login) = &self.login {
                    let token = login.current(PROXY).await;
                    let token = token.map_err(|error| HttpError::Offline(format!("the proxy's {error}")))?;
                    way.proxy = way.proxy.with_login(&token);
                }
                let client = Client::new(&way, Arc::clone(&self.grants));
                client.map_err(|error| HttpError::Offline(error.to_string()))
            })
            .await
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
            let client = self.connections.client().await?.clone();
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
