//! One request of an exchange, on its way from one redirect to the next: what goes along, and whether it may be sent.

use reqwest::Method;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use url::{Host, Url};

use super::excerpt::shown;
use super::redirect::Next;
use super::resolve::{NotPublic, may_connect};
use crate::services::{HttpBody, HttpError, HttpRequest};

/// The headers of a plugin that go with it to another origin. Any other could be a key.
const HARMLESS: [HeaderName; 4] = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT];
/// The methods that are never sent: one echoes the request with its secret, the other one opens a way past the checks.
const NEVER: [Method; 2] = [Method::TRACE, Method::CONNECT];

/// Where a request stands on its way.
pub(super) struct Hop {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) with_body: bool,
    /// Whether it still goes to the origin that the plugin named. Once away it never comes home.
    pub(super) at_home: bool,
}

impl Hop {
    /// The first one.
    pub(super) fn first(request: &HttpRequest) -> Result<Self, HttpError> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| HttpError::Refused(format!("`{}` is no method", request.method.escape_debug())))?;
        Ok(Self { url: request.url.clone(), method, with_body: true, at_home: true })
    }

    /// The one that an answer leads to.
    pub(super) fn then(self, next: Next, request: &HttpRequest) -> Result<Self, HttpError> {
        let leaves = self.at_home && !next.same_origin;
        if leaves && !next.method.is_safe() && would_lose(request)? {
            return Err(HttpError::Refused(format!(
                "the backend leads this {} to {}, and the credential and the headers of its own don't go to another \
                 origin; without them it could be done twice or in nobody's name. If the backend has moved, write \
                 its new address into the settings",
                next.method,
                shown(&next.url)
            )));
        }
        Ok(Self {
            url: next.url,
            method: next.method,
            with_body: self.with_body && next.with_body,
            at_home: self.at_home && next.same_origin,
        })
    }

    /// How it may be shown.
    pub(super) fn shown(&self) -> String {
        format!("{} {}", self.method, shown(&self.url))
    }

    /// Holds it against the grants. An address that is written as such is checked here, because nobody looks it up.
    pub(super) fn check(&self, request: &HttpRequest) -> Result<(), HttpError> {
        if NEVER.contains(&self.method) {
            return Err(HttpError::Refused(format!("{} is never sent", self.method)));
        }
        let grants = &request.grants;
        grants
            .request(self.method.as_str(), &self.url)
            .map_err(|refusal| HttpError::Refused(refusal.to_string()))?;
        let literal = match self.url.host() {
            Some(Host::Ipv4(address)) => Some(address.into()),
            Some(Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        match literal {
            Some(address) if !may_connect(grants, address) => {
                Err(HttpError::Refused(NotPublic { name: address.to_string(), address }.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// The body that goes along.
    pub(super) fn body<'r>(&self, request: &'r HttpRequest) -> &'r HttpBody {
        if self.with_body { &request.body } else { &HttpBody::Empty }
    }

    /// The plugin's headers, as far as they go along.
    pub(super) fn headers(&self, request: &HttpRequest) -> Result<HeaderMap, HttpError> {
        let form = matches!(self.body(request), HttpBody::Multipart(_));
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let (name, value) = header(name, value)?;
            // What says how a body is written goes with the body. A form's type has the boundary in it, which is the
            // host's to write.
            let is_about_body = name.as_str().starts_with("content-");
            let fits = !is_about_body || (self.with_body && !(form && name == CONTENT_TYPE));
            if fits && (self.at_home || HARMLESS.contains(&name)) {
                headers.append(name, value);
            }
        }
        // Plain, because an echo of the secret has to be found in it.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Ok(headers)
    }
}

/// Whether something that says in whose name this is, or that it is the same as before, would be left behind.
fn would_lose(request: &HttpRequest) -> Result<bool, HttpError> {
    let mut lost = request.credential.is_some();
    for (name, value) in &request.headers {
        let (name, _) = header(name, value)?;
        lost |= !HARMLESS.contains(&name) && name != ACCEPT_ENCODING;
    }
    Ok(lost)
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), HttpError> {
    let (name, value) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value));
    match (name, value) {
        (Ok(name), Ok(value)) => Ok((name, value)),
        _ => Err(HttpError::Refused("a header is malformed".to_owned())),
    }
}
