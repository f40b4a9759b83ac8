//! The network: replies that the test queued, and the requests that used them up.

use std::collections::VecDeque;

use serde::Serialize;

use super::attachment::bytes_of;
use crate::http::{Body, Error, Request, Response};

/// What the fake host answers a request with.
#[derive(Clone, Debug)]
pub struct Reply(Result<Response, Error>);

impl Reply {
    /// An answer with a status and no body.
    pub fn status(status: u16) -> Self {
        Self(Ok(Response { status, headers: Vec::new(), body: Vec::new(), only_reads: false }))
    }

    /// An answer with a status and a value as JSON.
    #[track_caller]
    pub fn json<T: Serialize + ?Sized>(status: u16, value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => Self::text(status, &text).header("content-type", "application/json"),
            Err(error) => panic!("this reply can't be written as JSON: {error}"),
        }
    }

    /// An answer with a status and a text.
    pub fn text(status: u16, text: &str) -> Self {
        let Self(reply) = Self::status(status);
        Self(reply.map(|response| Response { body: text.as_bytes().to_vec(), ..response }))
    }

    /// The same answer with one more header; no answer stays none.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.map(|mut response| {
            response.headers.push((name.to_ascii_lowercase(), value.to_owned()));
            response
        }))
    }

    /// No answer.
    pub fn error(error: Error) -> Self {
        Self(Err(error))
    }
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The method, in capitals.
    pub method: String,
    /// The address with its query.
    pub url: String,
    /// The headers that the plugin set, in its order.
    pub headers: Vec<(String, String)>,
    /// What it carried.
    pub body: SentBody,
    /// The credential that it named.
    pub credential: Option<String>,
    /// How long the plugin was ready to wait.
    pub timeout_ms: Option<u32>,
}

/// What a request carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentBody {
    /// Nothing.
    Empty,
    /// These bytes, attachments included.
    Content(Vec<u8>),
    /// A form.
    Multipart(Vec<SentPart>),
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentPart {
    /// The field's name.
    pub name: String,
    /// The file's name, if it is a file.
    pub filename: Option<String>,
    /// The media type.
    pub mime: Option<String>,
    /// What was in it.
    pub bytes: Vec<u8>,
}

impl Sent {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> String {
        match &self.body {
            SentBody::Empty => String::new(),
            SentBody::Content(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            SentBody::Multipart(_) => panic!("{} {} carried a form: look at `body`", self.method, self.url),
        }
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        let text = self.text();
        serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{} {} carried no JSON: {error}\n{text}", self.method, self.url))
    }

    /// The part of the form with this name.
    #[track_caller]
    pub fn part(&self, name: &str) -> &SentPart {
        let parts: &[SentPart] = if let SentBody::Multipart(parts) = &self.body { parts } else { &[] };
        parts
            .iter()
            .find(|part| part.name == name)
            .unwrap_or_else(|| panic!("{} {} carried no part named {name}", self.method, self.url))
    }
}

/// Replies in waiting, and the requests so far.
#[derive(Default)]
pub(crate) struct Network {
    pub(super) replies: VecDeque<Reply>,
    pub(super) sent: Vec<Sent>,
}

impl Network {
    #[track_caller]
    pub(crate) fn send(&mut self, request: Request<'_>) -> Result<Response, Error> {
        let Some(Reply(reply)) = self.replies.pop_front() else {
            panic!(
                "the plugin sent {} {}, and the test has no reply left: queue one with `host.reply(…)`",
                request.method, request.url
            );
        };
        self.sent.push(record(request));
        reply
    }
}

fn record(request: Request<'_>) -> Sent {
    let body = match request.body {
        Body::Empty => SentBody::Empty,
        Body::Content(chunks) => SentBody::Content(bytes_of(chunks)),
        Body::Multipart(parts) => SentBody::Multipart(
            parts
                .into_iter()
                .map(|part| SentPart {
                    bytes: bytes_of(part.content),
                    name: part.name,
                    filename: part.filename,
                    mime: part.mime,
                })
                .collect(),
        ),
    };
    Sent {
        method: request.method,
        url: request.url,
        headers: request.headers,
        body,
        credential: request.credential,
        timeout_ms: request.timeout_ms,
    }
}
