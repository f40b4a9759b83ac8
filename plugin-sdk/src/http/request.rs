//! A request, put together step by step and sent once.

use std::time::Duration;

use serde::Serialize;

use super::{Error, Response};
use crate::imports;
use crate::target::Undelivered;
use crate::types::{Attachment, Chunk, Failure};

/// What a request carries.
#[derive(Debug, PartialEq)]
pub enum Body<'a> {
    /// Nothing.
    Empty,
    /// One content.
    Content(Vec<Chunk<'a>>),
    /// A form of type `multipart/form-data`; the host writes the boundary and its header.
    Multipart(Vec<Part<'a>>),
}

/// One part of a multipart form.
#[derive(Debug, PartialEq)]
pub struct Part<'a> {
    /// The field's name.
    pub name: String,
    /// A part with a file name is a file.
    pub filename: Option<String>,
    /// The media type.
    pub mime: Option<String>,
    /// What is in it.
    pub content: Vec<Chunk<'a>>,
}

impl<'a> Part<'a> {
    /// A field of the form.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), filename: None, mime: None, content: vec![Chunk::Text(value.into())] }
    }

    /// An attachment as a file, under its own name and media type. The host streams it.
    pub fn file(name: impl Into<String>, attachment: &'a Attachment) -> Self {
        Self {
            name: name.into(),
            filename: Some(attachment.name()),
            mime: Some(attachment.mime()),
            content: vec![attachment.into()],
        }
    }
}

/// A request that has not been sent yet.
#[derive(Debug)]
#[must_use = "a request does nothing until `send`"]
pub struct Request<'a> {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Body<'a>,
    pub(crate) credential: Option<String>,
    pub(crate) timeout_ms: Option<u32>,
    pub(crate) redirects: Option<u8>,
    /// A body that could not be written as JSON; told by `send`, so that the steps before it need no `?`.
    unwritable: Option<String>,
}

/// A GET request to an absolute address.
pub fn get<'a>(url: impl Into<String>) -> Request<'a> {
    request("GET", url)
}

/// A HEAD request to an absolute address.
pub fn head<'a>(url: impl Into<String>) -> Request<'a> {
    request("HEAD", url)
}

/// A POST request to an absolute address.
pub fn post<'a>(url: impl Into<String>) -> Request<'a> {
    request("POST", url)
}

/// A PUT request to an absolute address.
pub fn put<'a>(url: impl Into<String>) -> Request<'a> {
    request("PUT", url)
}

/// A PATCH request to an absolute address.
pub fn patch<'a>(url: impl Into<String>) -> Request<'a> {
    request("PATCH", url)
}

/// A DELETE request to an absolute address.
pub fn delete<'a>(url: impl Into<String>) -> Request<'a> {
    request("DELETE", url)
}

/// A request with any method, in capitals.
pub fn request<'a>(method: impl Into<String>, url: impl Into<String>) -> Request<'a> {
    Request {
        method: method.into(),
        url: url.into(),
        headers: Vec::new(),
        body: Body::Empty,
        credential: None,
        timeout_ms: None,
        redirects: None,
        unwritable: None,
    }
}

impl<'a> Request<'a> {
    /// Adds a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a parameter to the address, written so that any text survives.
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.url.push(if self.url.contains('?') { '&' } else { '?' });
        percent_encode(&mut self.url, name);
        self.url.push('=');
        percent_encode(&mut self.url, value);
        self
    }

    /// Carries a value as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => self.content("application/json", vec![Chunk::Text(text)]),
            Err(error) => {
                self.unwritable = Some(format!("the request's body can't be written as JSON: {error}"));
                self
            }
        }
    }

    /// Carries an attachment, as its own media type. The host streams it.
    pub fn attachment(self, attachment: &'a Attachment) -> Self {
        let mime = attachment.mime();
        self.content(mime, vec![attachment.into()])
    }

    /// Carries chunks, as this media type.
    pub fn content(mut self, mime: impl Into<String>, chunks: Vec<Chunk<'a>>) -> Self {
        self.body = Body::Content(chunks);
        self.header("content-type", mime)
    }

    /// Carries a multipart form.
    pub fn multipart(mut self, parts: Vec<Part<'a>>) -> Self {
        self.body = Body::Multipart(parts);
        self
    }

    /// Names the credential of this target that the host attaches, for example `default`.
    pub fn credential(mut self, name: impl Into<String>) -> Self {
        self.credential = Some(name.into());
        self
    }

    /// How long to wait for the whole answer, up to the host's own limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout_ms = Some(u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX));
        self
    }

    /// How many redirects to follow, up to the host's own limit. With 0 a 3xx answer is handed over.
    pub fn redirects(mut self, limit: u8) -> Self {
        self.redirects = Some(limit);
        self
    }

    /// Sends it. An answer of any status is an answer: see [`Response::success`].
    pub fn send(self) -> Result<Response, Undelivered> {
        if let Some(message) = self.unwritable {
            return Err(Undelivered::Reject(Failure::plugin_bug(message)));
        }
        let only_reads = self.only_reads();
        match imports::http_send(self) {
            Ok(response) => Ok(Response { only_reads, ..response }),
            Err(error) => Err(error.undelivered(only_reads)),
        }
    }

    /// Sends it, and tells why there was no answer in the contract's own words.
    pub fn try_send(self) -> Result<Response, Error> {
        if let Some(message) = self.unwritable {
            return Err(Error::Other(message));
        }
        let only_reads = self.only_reads();
        imports::http_send(self).map(|response| Response { only_reads, ..response })
    }

    fn only_reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

/// Writes text so that it may stand in a query: everything but letters, digits and `-._~` as `%XX`.
fn percent_encode(url: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(char::from(DIGITS[usize::from(byte >> 4)]));
            url.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_survive_any_text() {
        let request = get("https://x.test/a").query("comments", "~key & ü/=").query("limit", "1");
        assert_eq!(request.url, "https://x.test/a?comments=~key%20%26%20%C3%BC%2F%3D&limit=1");
    }

    #[test]
    fn a_body_that_cannot_be_written_is_told_when_sent() {
        let by_pair = std::collections::BTreeMap::from([((1, 2), 3)]);
        let Err(Undelivered::Reject(failure)) = post("https://x.test").json(&by_pair).send() else {
            panic!("JSON has no keys that are pairs");
        };
        assert_eq!(failure.message, "the request's body can't be written as JSON: key must be a string");
    }
}
