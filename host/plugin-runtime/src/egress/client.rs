//! The connections of one target: kept open between calls, made only where they may go.
//!
//! Requests that go through a proxy have connections of their own, so that the one name which is looked up without a
//! check — the proxy's — can't be used to get past the check from there.

use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use url::Url;

use super::proxy::{Chosen, ProxyWay};
use super::resolve::{CheckedResolver, Lookup, SystemLookup};
use super::token::Token;
use super::traces::Traces;
use crate::grants::Grants;

/// A host that doesn't take a connection for so long is away.
const CONNECT: Duration = Duration::from_secs(20);
/// How long an idle connection is kept for the next item.
const IDLE: Duration = Duration::from_mins(1);

/// The way to the network, as the configuration says it.
#[derive(Clone, Debug, Default)]
pub struct WayOut {
    /// Through which proxy.
    pub proxy: ProxyWay,
    /// Certificates that are trusted beside the system's, in PEM. Nothing where the configuration names no file.
    pub extra_roots: Option<Vec<u8>>,
}

/// Why no connection can be made at all.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The certificates of the configuration can't be read.
    #[error("failed to read the certificates of network.ca_file: {reason}; it holds one or more in PEM")]
    Roots {
        /// Why.
        reason: String,
    },
    /// The proxy can't be used.
    #[error("failed to use the proxy {url}: {reason}")]
    Proxy {
        /// The proxy, without its login.
        url: Url,
        /// Why.
        reason: String,
    },
    /// The TLS library can't be set up.
    #[error("failed to set up connections: {reason}")]
    Setup {
        /// Why.
        reason: String,
    },
}

/// The connections of one target. Clones share them.
#[derive(Clone)]
pub struct Client {
    direct: reqwest::Client,
    proxied: Option<(Arc<Chosen>, reqwest::Client)>,
    /// The secrets that went out, which no answer may bring back.
    pub(super) traces: Arc<Traces>,
}

/// The connections that a request goes by.
pub(super) struct Way<'c> {
    pub(super) client: &'c reqwest::Client,
    pub(super) by_proxy: bool,
}

impl Client {
    /// A client for what these grants allow.
    pub fn new(way: &WayOut, grants: Arc<Grants>) -> Result<Self, ClientError> {
        Self::with_lookup(way, grants, Arc::new(SystemLookup))
    }

    /// The same, with another way to find addresses.
    pub fn with_lookup(
        way: &WayOut,
        grants: Arc<Grants>,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, ClientError> {
        Self::made(way, &CheckedResolver { lookup, grants: Some(grants), proxies: Vec::new() })
    }

    /// A client for an address that the operator wrote, wherever it is.
    pub(crate) fn for_operator(way: &WayOut) -> Result<Self, ClientError> {
        let lookup = Arc::new(SystemLookup);
        Self::made(way, &CheckedResolver { lookup, grants: None, proxies: Vec::new() })
    }

    fn made(way: &WayOut, resolver: &CheckedResolver) -> Result<Self, ClientError> {
        let direct = built(builder(way)?.no_proxy().dns_resolver(resolver.clone()))?;
        let proxied = match Chosen::of(&way.proxy)? {
            None => None,
            Some(mut chosen) => {
                let resolver = CheckedResolver { proxies: chosen.hosts.clone(), ..resolver.clone() };
                let builder = builder(way)?.dns_resolver(resolver);
                let builder = match chosen.proxy.take() {
                    Some(proxy) => builder.no_proxy().proxy(proxy),
                    None => builder,
                };
                Some((Arc::new(chosen), built(builder)?))
            }
        };
        Ok(Self { direct, proxied, traces: Arc::default() })
    }

    /// No answer may bring this back.
    pub(crate) fn remember(&self, token: &Token) {
        self.traces.remember(token);
    }

    /// How a request to this address goes.
    pub(super) fn way(&self, url: &Url) -> Way<'_> {
        match &self.proxied {
            Some((chosen, client)) if chosen.takes(url) => Way { client, by_proxy: true },
            _ => Way { client: &self.direct, by_proxy: false },
        }
    }

    /// A POST to an address that the operator wrote.
    pub(crate) fn post(&self, url: &Url) -> reqwest::RequestBuilder {
        self.way(url).client.post(url.clone())
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("by_proxy", &self.proxied.is_some()).finish_non_exhaustive()
    }
}

fn builder(way: &WayOut) -> Result<reqwest::ClientBuilder, ClientError> {
    // rustls wants to know once whose cryptography it uses. A second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("stint/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE);
    let Some(pem) = &way.extra_roots else { return Ok(builder) };
    let bad = |reason: String| ClientError::Roots { reason };
    let roots = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| bad(text(&error)))?;
    if roots.is_empty() {
        return Err(bad("there is none in it".to_owned()));
    }
    // What looks like a certificate may be none; that shows when it is used.
    let alone = reqwest::Client::builder().tls_certs_only(roots.clone()).build();
    alone.map_err(|error| bad(text(&error)))?;
    Ok(builder.tls_certs_merge(roots))
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, ClientError> {
    builder.build().map_err(|error| ClientError::Setup { reason: text(&error) })
}

fn text(error: &reqwest::Error) -> String {
    super::failure::chain(error)
}
