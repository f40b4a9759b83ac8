//! A target with its grants, its secret and its way to the network, and requests as the sandbox hands them over.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use stint_domain::secret::Secret;
use stint_plugin_runtime::egress::{
    Client, EgressBroker, LastExchange, Lookup, NoTokens, ProxyWay, Scheme, Token, TokenError, Tokens, WayOut,
};
use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
use stint_plugin_runtime::manifest::Manifest;
use stint_plugin_runtime::services::{
    Broker as _, HttpBody, HttpChunk, HttpError, HttpRequest, HttpResponse, Later,
};
use url::Url;

/// The secret of every test, which must come out nowhere.
pub(crate) const CANARY: &str = "canary-7f3a9c51d2";

/// What may be done: every pattern both asked for and allowed, with these methods.
pub(crate) fn grants(patterns: &[&str]) -> Arc<Grants> {
    let mut text = "name = \"dummy\"\nversion = \"0.1.0\"\nkinds = [\"target\"]\ndescription = \"A dummy.\"\n\
                    licence = \"MIT\"\n[target]\nidempotency = \"native-key\"\nordering = \"none\"\n\
                    accepts = [\"time-entry\"]\n[[asks.credentials]]\nname = \"default\"\nreason = \"To test.\"\n"
        .to_owned();
    for pattern in patterns {
        let host = pattern.rsplit(' ').next().unwrap();
        write!(
            text,
            "[[asks.hosts]]\nhost = \"{host}\"\nmethods = [\"GET\", \"POST\", \"PUT\", \"TRACE\"]\nreason = \"To test.\"\n"
        )
        .unwrap();
    }
    let manifest = Manifest::from_toml(&text, |_| Ok(String::new())).unwrap();
    let allowed = Allowed {
        place: "targets.work".to_owned(),
        hosts: patterns.iter().map(|pattern| HostRule::parse(pattern).unwrap()).collect(),
        credentials: ["default".to_owned()].into(),
        ..Allowed::default()
    };
    Arc::new(Grants::new(&manifest, &Value::Null, allowed))
}

/// Names that lead where a test says.
#[derive(Default)]
pub(crate) struct Names(pub(crate) HashMap<&'static str, Vec<&'static str>>);

impl Lookup for Names {
    fn addresses<'a>(&'a self, name: &'a str) -> Later<'a, io::Result<Vec<IpAddr>>> {
        let found = match self.0.get(name) {
            Some(found) => Ok(found.iter().map(|address| address.parse().unwrap()).collect()),
            None => Err(io::Error::other(format!("there is no name {name}"))),
        };
        Box::pin(std::future::ready(found))
    }
}

/// A target.
pub(crate) struct Stage {
    pub(crate) grants: Arc<Grants>,
    pub(crate) client: Client,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) said: Arc<LastExchange>,
}

impl Stage {
    /// A target that may go to these hosts, without a proxy and without a secret.
    pub(crate) fn new(patterns: &[&str]) -> Self {
        Self::by(&WayOut { proxy: ProxyWay::Off, extra_roots: None }, patterns, &[])
    }

    /// One that goes this way, where names lead to these addresses.
    pub(crate) fn by(way: &WayOut, patterns: &[&str], names: &[(&'static str, &'static str)]) -> Self {
        let grants = grants(patterns);
        let mut known = Names::default();
        for (name, address) in names {
            known.0.entry(name).or_default().push(address);
        }
        let client = Client::with_lookup(way, Arc::clone(&grants), Arc::new(known)).unwrap();
        Self { grants, client, tokens: Arc::new(NoTokens), said: Arc::default() }
    }

    /// One with a secret that is attached in this way.
    pub(crate) fn with_secret(self, scheme: Scheme) -> Self {
        let tokens = Fixed { scheme, secret: Arc::new(Secret::new(CANARY.into())) };
        Self { tokens: Arc::new(tokens), ..self }
    }

    /// Sends a request.
    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = HttpRequest { grants: Arc::clone(&self.grants), ..request };
        let broker =
            EgressBroker::new(self.client.clone(), Arc::clone(&self.tokens), Arc::clone(&self.said) as _);
        broker.send(request).await
    }

    /// Sends a GET.
    pub(crate) async fn get(&self, url: &str) -> Result<HttpResponse, HttpError> {
        self.send(request("GET", url)).await
    }

    /// The last exchange as a person would see it.
    pub(crate) fn excerpt(&self) -> String {
        self.said.last().map(|exchange| exchange.to_string()).unwrap_or_default()
    }
}

/// A request without headers, body or credential. Its grants are the stage's.
pub(crate) fn request(method: &str, url: &str) -> HttpRequest {
    HttpRequest {
        method: method.to_owned(),
        url: Url::parse(url).unwrap(),
        headers: Vec::new(),
        body: HttpBody::Empty,
        credential: None,
        timeout: Duration::from_mins(2),
        redirects: 5,
        response_bytes_max: 64 * 1024,
        grants: grants(&[]),
    }
}

/// A POST of a text, with the credential.
pub(crate) fn post(url: &str, text: &str) -> HttpRequest {
    HttpRequest {
        body: HttpBody::Content(vec![HttpChunk::Bytes(text.into())]),
        credential: Some("default".to_owned()),
        ..request("POST", url)
    }
}

/// A GET with the credential.
pub(crate) fn get_with_secret(url: &str) -> HttpRequest {
    HttpRequest { credential: Some("default".to_owned()), ..request("GET", url) }
}

/// One secret that never changes.
struct Fixed {
    scheme: Scheme,
    secret: Arc<Secret>,
}

impl Tokens for Fixed {
    fn current<'a>(&'a self, _: &'a str) -> Later<'a, Result<Token, TokenError>> {
        let token = Token {
            scheme: self.scheme.clone(),
            secret: Arc::clone(&self.secret),
            generation: 0,
            kin: Vec::new(),
        };
        Box::pin(std::future::ready(Ok(token)))
    }

    fn renewed<'a>(&'a self, _: &'a str, _: &'a Token) -> Later<'a, Result<Option<Token>, TokenError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}
