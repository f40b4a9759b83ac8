//! Services that stand still: a broker that answers from a script and remembers what it was asked, a clock that
//! shows one time, and the services of a plugin that has none.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::credentials::{AwsScope, CredentialInfo, Credentials};
use super::http::{Broker, HttpBody, HttpChunk, HttpError, HttpRequest, HttpResponse};
use super::{Clock, HostFault, Later};

/// Answers requests from a script, in order, and remembers them. When the script is over it says that it is offline.
#[derive(Default)]
pub struct ScriptedBroker {
    script: Mutex<VecDeque<Result<HttpResponse, HttpError>>>,
    seen: Mutex<Vec<RecordedRequest>>,
}

/// A request as it would have gone out, before any credential was attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedRequest {
    /// In capitals.
    pub method: String,
    /// The address.
    pub url: String,
    /// Headers as the plugin set them.
    pub headers: Vec<(String, String)>,
    /// The name of the credential.
    pub credential: Option<String>,
    /// The parts of the body, each with its name: a content is one part without a name.
    pub parts: Vec<(String, Vec<u8>)>,
}

impl ScriptedBroker {
    /// A broker with these answers.
    pub fn new(script: impl IntoIterator<Item = Result<HttpResponse, HttpError>>) -> Self {
        Self { script: Mutex::new(script.into_iter().collect()), seen: Mutex::default() }
    }

    /// What it was asked so far.
    pub fn seen(&self) -> Vec<RecordedRequest> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, HttpError> {
        let recorded = record(request).map_err(|error| HttpError::Protocol(error.to_string()))?;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(recorded);
        let next = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.unwrap_or_else(|| Err(HttpError::Offline("the script has no more answers".to_owned())))
    }
}

impl Broker for ScriptedBroker {
    fn send(&self, request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(async move { self.answer(&request) })
    }
}

fn record(request: &HttpRequest) -> std::io::Result<RecordedRequest> {
    let parts = match &request.body {
        HttpBody::Empty => Vec::new(),
        HttpBody::Content(chunks) => vec![(String::new(), content(chunks)?)],
        HttpBody::Multipart(parts) => {
            let read = |part: &super::HttpPart| Ok((part.name.clone(), content(&part.content)?));
            parts.iter().map(read).collect::<std::io::Result<_>>()?
        }
    };
    Ok(RecordedRequest {
        method: request.method.clone(),
        url: request.url.to_string(),
        headers: request.headers.clone(),
        credential: request.credential.clone(),
        parts,
    })
}

fn content(chunks: &[HttpChunk]) -> std::io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    for chunk in chunks {
        match chunk {
            HttpChunk::Bytes(bytes) => whole.extend_from_slice(bytes),
            HttpChunk::Attachment(file) => whole.extend(file.read_at(0, usize::MAX)?),
            HttpChunk::Base64(file) => whole.extend(format!("<base64 of {}>", file.name()).into_bytes()),
        }
    }
    Ok(whole)
}

/// A network that is never there.
pub struct NoNetwork;

impl Broker for NoNetwork {
    fn send(&self, _request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(async { Err(HttpError::Offline("this host has no network".to_owned())) })
    }
}

/// No credentials at all.
pub struct NoCredentials;

const NONE: &str = "there is no credential of this name";

impl Credentials for NoCredentials {
    fn describe(&self, _name: &str) -> Option<CredentialInfo> {
        None
    }

    fn sign_aws4<'a>(
        &'a self,
        _name: &'a str,
        _scope: AwsScope<'a>,
        _message: &'a str,
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>> {
        Box::pin(async { Ok(Err(NONE.to_owned())) })
    }

    fn sign_webhook<'a>(
        &'a self,
        _name: &'a str,
        _message: &'a [u8],
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>> {
        Box::pin(async { Ok(Err(NONE.to_owned())) })
    }
}

/// A clock that shows one time in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedClock {
    /// The time it shows.
    pub unix_ms: i64,
}

impl Clock for FixedClock {
    fn now_unix_ms(&self) -> i64 {
        self.unix_ms
    }

    fn monotonic_ns(&self) -> u64 {
        0
    }

    fn timezone(&self) -> String {
        "UTC".to_owned()
    }

    fn utc_offset_s(&self, zone: &str, _unix_ms: i64) -> Option<i32> {
        (zone == "UTC").then_some(0)
    }
}
