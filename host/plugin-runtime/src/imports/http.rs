//! `http`: a request is held against the grants and the call's budget, then handed to the broker.
//!
//! The budgets are kept here, above the broker, so that every broker has the same. What may have reached the
//! backend is counted here too: after a call that ends without an answer, it decides whether an item can simply be
//! tried again.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use crate::bindings::stint::plugin::http::{Body, Header, Host, HttpError, Part, Request, Response};
use crate::manifest::Kind;
use crate::sandbox::Sandbox;
use crate::services::{self, HttpBody, HttpPart, HttpRequest, HttpResponse};
use crate::text;

const REDIRECTS_MAX: u8 = 5;
const HEADERS_MAX: usize = 64;
const HEADER_BYTES_MAX: usize = 16 * 1024;
const URL_BYTES_MAX: usize = 8 * 1024;
const PARTS_MAX: usize = 1000;
const NAME_BYTES_SHOWN_MAX: usize = 100;
/// Headers that say how the exchange itself works, which is the host's.
const HOSTS_OWN: [&str; 9] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "proxy-authorization",
];

/// What one call has used of the network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HttpUse {
    pub(crate) requests: u32,
    /// Requests that the backend may have acted on.
    pub(crate) may_have_arrived: u32,
    pub(crate) bytes_out: u64,
    pub(crate) bytes_in: u64,
}

impl Host for Sandbox {
    async fn send(&mut self, request: Request) -> wasmtime::Result<Result<Response, HttpError>> {
        let request = match self.admit(request)? {
            Ok(request) => request,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Counted before it is sent: a call that is cut off while it waits may have been heard.
        self.http.may_have_arrived += 1;
        let broker = Arc::clone(&self.around.broker);
        self.meter.pause();
        let answer = broker.send(request).await;
        self.meter.resume();
        if answer.as_ref().is_err_and(|error| !error.may_have_arrived()) {
            self.http.may_have_arrived -= 1;
        }
        Ok(answer.map_err(told).and_then(|response| self.receive(response)))
    }
}

impl Sandbox {
    /// The request as the broker gets it, charged to the call's budget; the inner error is for the plugin.
    fn admit(&mut self, request: Request) -> wasmtime::Result<Result<HttpRequest, HttpError>> {
        let url = match self.address(&request) {
            Ok(url) => url,
            Err(refusal) => return Ok(Err(HttpError::Refused(refusal))),
        };
        let headers = match headers(request.headers) {
            Ok(headers) => headers,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let body = match self.body(request.body)? {
            Ok(body) => body,
            Err(refusal) => return Ok(Err(HttpError::Refused(refusal))),
        };
        let head = length_of(&headers).saturating_add(url.as_str().len() as u64);
        if let Err(exhausted) = self.charge(body.length().saturating_add(head)) {
            return Ok(Err(exhausted));
        }
        let limits = &self.around.limits;
        let wanted = request.timeout_ms.map_or(limits.request, |ms| Duration::from_millis(ms.into()));
        Ok(Ok(HttpRequest {
            method: request.method,
            url,
            headers,
            body,
            credential: request.credential,
            timeout: wanted.min(limits.request),
            redirects: request.redirects.map_or(REDIRECTS_MAX, |wanted| wanted.min(REDIRECTS_MAX)),
            response_bytes_max: limits
                .response_bytes
                .min(limits.http_bytes.saturating_sub(self.http.bytes_in)),
            grants: Arc::clone(&self.around.grants),
        }))
    }

    /// The parsed address, if the request may go there with that credential.
    fn address(&self, request: &Request) -> Result<Url, String> {
        if request.url.len() > URL_BYTES_MAX {
            return Err(format!(
                "the address has {} bytes, and {URL_BYTES_MAX} are the most",
                request.url.len()
            ));
        }
        let url = Url::parse(&request.url).map_err(|error| format!("the address can't be read: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address has a user or a password in it; name a credential instead".to_owned());
        }
        self.permit(&[Kind::Target], "http", |grants| {
            grants.request(&request.method, &url)?;
            request.credential.as_deref().map_or(Ok(()), |name| grants.credential(name))
        })?;
        Ok(url)
    }

    fn body(&mut self, body: Body) -> wasmtime::Result<Result<HttpBody, String>> {
        match body {
            Body::Empty => Ok(Ok(HttpBody::Empty)),
            Body::Content(chunks) => Ok(self.content(chunks)?.map(HttpBody::Content)),
            Body::Multipart(parts) => {
                if parts.len() > PARTS_MAX {
                    return Ok(Err(format!("{} parts are too many; {PARTS_MAX} are the most", parts.len())));
                }
                let mut whole = Vec::with_capacity(parts.len());
                for Part { name, filename, mime, content } in parts {
                    if [Some(&name), filename.as_ref(), mime.as_ref()]
                        .into_iter()
                        .flatten()
                        .any(|it| has_control(it))
                    {
                        return Ok(Err(format!("the part `{}` is malformed", shown(&name))));
                    }
                    match self.content(content)? {
                        Ok(content) => whole.push(HttpPart { name, filename, mime, content }),
                        Err(refusal) => return Ok(Err(refusal)),
                    }
                }
                Ok(Ok(HttpBody::Multipart(whole)))
            }
        }
    }

    fn charge(&mut self, bytes: u64) -> Result<(), HttpError> {
        let limits = &self.around.limits;
        if self.http.requests >= limits.http_requests {
            return Err(HttpError::Exhausted(format!(
                "this call has sent its {} requests",
                limits.http_requests
            )));
        }
        let bytes_out = self.http.bytes_out.saturating_add(bytes);
        if bytes_out > limits.http_bytes {
            let most = limits.http_bytes;
            return Err(HttpError::Exhausted(format!(
                "one call may send {most} bytes, and this would make {bytes_out}"
            )));
        }
        self.http.requests += 1;
        self.http.bytes_out = bytes_out;
        Ok(())
    }

    fn receive(&mut self, response: HttpResponse) -> Result<Response, HttpError> {
        let limits = &self.around.limits;
        let bytes = response.body.len() as u64;
        if bytes > limits.response_bytes {
            let most = limits.response_bytes;
            return Err(HttpError::TooLarge(format!(
                "the answer has {bytes} bytes, and {most} are the most"
            )));
        }
        let head = length_of(&response.headers);
        let bytes_in = self.http.bytes_in.saturating_add(bytes).saturating_add(head);
        if bytes_in > limits.http_bytes {
            let most = limits.http_bytes;
            return Err(HttpError::Exhausted(format!(
                "one call may receive {most} bytes, and this would make {bytes_in}"
            )));
        }
        self.http.bytes_in = bytes_in;
        let headers = response.headers.into_iter().map(|(name, value)| Header { name, value }).collect();
        Ok(Response { status: response.status, headers, body: response.body })
    }
}

/// Headers that are well formed, few, and the plugin's to set.
fn headers(headers: Vec<Header>) -> Result<Vec<(String, String)>, HttpError> {
    let bytes: usize = headers.iter().map(|header| header.name.len() + header.value.len()).sum();
    if headers.len() > HEADERS_MAX || bytes > HEADER_BYTES_MAX {
        return Err(HttpError::TooLarge(format!(
            "{} headers of {bytes} bytes are too many; {HEADERS_MAX} of {HEADER_BYTES_MAX} are the most",
            headers.len()
        )));
    }
    for header in &headers {
        let shown = shown(&header.name);
        if !is_token(&header.name)
            || header.value.bytes().any(|byte| byte < b' ' && byte != b'\t' || byte == 0x7f)
        {
            return Err(HttpError::Refused(format!("the header `{shown}` is malformed")));
        }
        if HOSTS_OWN.iter().any(|own| header.name.eq_ignore_ascii_case(own)) {
            return Err(HttpError::Refused(format!("the header `{shown}` is the host's to set")));
        }
    }
    Ok(headers.into_iter().map(|header| (header.name, header.value)).collect())
}

fn length_of(headers: &[(String, String)]) -> u64 {
    headers.iter().map(|(name, value)| (name.len() + value.len()) as u64).sum()
}

/// A name in a message for the plugin, however long it is.
fn shown(name: &str) -> String {
    text::plain(name, NAME_BYTES_SHOWN_MAX)
}

/// Whether a text could end the line it is written on.
fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// Whether a text is fit to be a header's name.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn told(error: services::HttpError) -> HttpError {
    match error {
        services::HttpError::Offline(text) => HttpError::Offline(text),
        services::HttpError::Timeout(text) => HttpError::Timeout(text),
        services::HttpError::Tls(text) => HttpError::Tls(text),
        services::HttpError::Protocol(text) => HttpError::Protocol(text),
        services::HttpError::Refused(text) => HttpError::Refused(text),
        services::HttpError::Unauthorized(text) => HttpError::Unauthorized(text),
        services::HttpError::TooLarge(text) => HttpError::TooLarge(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: &str) -> Vec<Header> {
        vec![Header { name: name.to_owned(), value: value.to_owned() }]
    }

    #[test]
    fn headers_are_the_plugins_only_where_they_are() {
        assert!(headers(header("X-Api-Version", "3")).is_ok());
        let refused = |name, value| match headers(header(name, value)) {
            Err(HttpError::Refused(text)) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused("Content-Length", "3"), "the header `Content-Length` is the host's to set");
        assert_eq!(refused("hOsT", "evil"), "the header `hOsT` is the host's to set");
        assert_eq!(refused("x", "a\r\nhost: evil"), "the header `x` is malformed");
        assert_eq!(refused("x y", "a"), "the header `x y` is malformed");
        assert_eq!(refused("", "a"), "the header `` is malformed");
    }

    #[test]
    fn headers_are_bounded() {
        let many = (0..65).flat_map(|_| header("x", "y")).collect();
        assert!(matches!(headers(many), Err(HttpError::TooLarge(_))));
        assert!(matches!(headers(header("x", &"y".repeat(HEADER_BYTES_MAX))), Err(HttpError::TooLarge(_))));
    }
}
