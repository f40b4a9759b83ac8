//! Requests, between the import that bounds them and the broker that sends them.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::Later;
use crate::attachment::SharedAttachment;
use crate::grants::Grants;

/// Sends a plugin's requests. It attaches credentials, checks addresses, follows redirects within the grants, and
/// keeps the time and the size of the answer.
pub trait Broker: Send + Sync {
    /// Sends a request that was found within the grants and the call's budget.
    fn send(&self, request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>>;
}

/// A request.
#[derive(Clone)]
pub struct HttpRequest {
    /// In capitals.
    pub method: String,
    /// The address.
    pub url: Url,
    /// Headers, without those that are the host's.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: HttpBody,
    /// The plugin's name of the credential to attach.
    pub credential: Option<String>,
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// How many redirects may be followed.
    pub redirects: u8,
    /// How many bytes of body the answer may have.
    pub response_bytes_max: u64,
    /// What is granted; each redirect is held against it again.
    pub grants: Arc<Grants>,
}

/// The body of a request.
#[derive(Clone)]
pub enum HttpBody {
    /// None.
    Empty,
    /// The chunks, one behind the other.
    Content(Vec<HttpChunk>),
    /// A form of type `multipart/form-data`.
    Multipart(Vec<HttpPart>),
}

/// A part of a form.
#[derive(Clone)]
pub struct HttpPart {
    /// The field's name.
    pub name: String,
    /// The file's name, if it is a file.
    pub filename: Option<String>,
    /// Its media type.
    pub mime: Option<String>,
    /// Its content.
    pub content: Vec<HttpChunk>,
}

/// A piece of content.
#[derive(Clone)]
pub enum HttpChunk {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of an attachment, to be streamed.
    Attachment(SharedAttachment),
    /// The bytes of an attachment in base64, to be streamed.
    Base64(SharedAttachment),
}

impl HttpChunk {
    /// How many bytes it becomes.
    pub fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Attachment(file) => file.size(),
            Self::Base64(file) => file.size().div_ceil(3).saturating_mul(4),
        }
    }
}

impl HttpPart {
    fn head_length(&self) -> u64 {
        let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        (self.name.len() + optional(&self.filename) + optional(&self.mime)) as u64
    }
}

impl HttpBody {
    /// How many bytes it has: the content and what a form says about its parts, without the boundaries between them.
    pub fn length(&self) -> u64 {
        let sum = |chunks: &[HttpChunk]| chunks.iter().map(HttpChunk::length).fold(0, u64::saturating_add);
        match self {
            Self::Empty => 0,
            Self::Content(chunks) => sum(chunks),
            Self::Multipart(parts) => {
                let part = |part: &HttpPart| part.head_length().saturating_add(sum(&part.content));
                parts.iter().map(part).fold(0, u64::saturating_add)
            }
        }
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer. Each carries a sentence for a person. Whether the backend may have seen the request
/// decides if an item can be sent again without asking.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// Nothing was sent: no network, no such name, no connection.
    #[error("offline: {0}")]
    Offline(String),
    /// No answer in time; the backend may have seen the request.
    #[error("timed out: {0}")]
    Timeout(String),
    /// The connection could not be trusted; nothing was sent.
    #[error("the connection is not safe: {0}")]
    Tls(String),
    /// The connection broke; the backend may have seen the request.
    #[error("the exchange broke off: {0}")]
    Protocol(String),
    /// Not granted; nothing was sent.
    #[error("refused: {0}")]
    Refused(String),
    /// The backend refused the credential, even a renewed one. It has acted on nothing.
    #[error("unauthorized: {0}")]
    Unauthorized(String),
    /// The answer is larger than the limit; the backend has seen the request.
    #[error("the answer is too large: {0}")]
    TooLarge(String),
}

impl HttpError {
    /// Whether the backend may have acted on the request.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Timeout(_) | Self::Protocol(_) | Self::TooLarge(_) => true,
            Self::Offline(_) | Self::Tls(_) | Self::Refused(_) | Self::Unauthorized(_) => false,
        }
    }
}
