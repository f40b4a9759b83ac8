//! The host's functions inside the sandbox: the contract's imports, in this crate's types.
//! `imports/native.rs` has the same functions for unit tests.

use crate::credentials::Info;
use crate::http::{Body, Error, Part, Request, Response};
use crate::image::{Format, Region, Rgb};
use crate::log::Level;
use crate::types::{self, Chunk, UnixMs};
use crate::wasm::host::stint::plugin as host;
use crate::{files, state};

pub(crate) use host::types::Attachment;

pub(crate) fn settings_json() -> String {
    host::settings::json()
}

pub(crate) fn log_write(level: Level, message: &str, fields: &[(&str, &str)]) {
    let level = match level {
        Level::Trace => host::log::Level::Trace,
        Level::Debug => host::log::Level::Debug,
        Level::Info => host::log::Level::Info,
        Level::Warn => host::log::Level::Warn,
        Level::Error => host::log::Level::Error,
    };
    let field =
        |(key, value): &(&str, &str)| host::log::Field { key: (*key).to_owned(), value: (*value).to_owned() };
    host::log::write(level, message, &fields.iter().map(field).collect::<Vec<_>>());
}

pub(crate) fn clock_now() -> UnixMs {
    host::clock::now()
}

pub(crate) fn clock_monotonic() -> u64 {
    host::clock::monotonic()
}

pub(crate) fn clock_timezone() -> String {
    host::clock::timezone()
}

pub(crate) fn clock_utc_offset(zone: &str, at: UnixMs) -> Option<i32> {
    host::clock::utc_offset(zone, at)
}

pub(crate) fn random_bytes(len: u32) -> Vec<u8> {
    host::random::bytes(len)
}

pub(crate) fn http_send(request: Request<'_>) -> Result<Response, Error> {
    let request = host::http::Request {
        method: request.method,
        url: request.url,
        headers: request
            .headers
            .into_iter()
            .map(|(name, value)| host::http::Header { name, value })
            .collect(),
        body: match request.body {
            Body::Empty => host::http::Body::Empty,
            Body::Content(chunks) => host::http::Body::Content(content(chunks)),
            Body::Multipart(parts) => host::http::Body::Multipart(parts.into_iter().map(part).collect()),
        },
        credential: request.credential,
        timeout_ms: request.timeout_ms,
        redirects: request.redirects,
    };
    match host::http::send(&request) {
        Ok(response) => Ok(Response {
            status: response.status,
            headers: response.headers.into_iter().map(|header| (header.name, header.value)).collect(),
            body: response.body,
            only_reads: false,
        }),
        Err(error) => Err(http_error(error)),
    }
}

fn http_error(error: host::http::HttpError) -> Error {
    use host::http::HttpError;
    match error {
        HttpError::Offline(text) => Error::Offline(text),
        HttpError::Timeout(text) => Error::Timeout(text),
        HttpError::Tls(text) => Error::Tls(text),
        HttpError::Protocol(text) => Error::Protocol(text),
        HttpError::Refused(text) => Error::Refused(text),
        HttpError::Unauthorized(text) => Error::Unauthorized(text),
        HttpError::TooLarge(text) => Error::TooLarge(text),
        HttpError::Exhausted(text) => Error::Exhausted(text),
        HttpError::Other(text) => Error::Other(text),
    }
}

fn part(part: Part<'_>) -> host::http::Part<'_> {
    host::http::Part {
        name: part.name,
        filename: part.filename,
        mime: part.mime,
        content: content(part.content),
    }
}

fn content(chunks: Vec<Chunk<'_>>) -> Vec<host::types::Chunk<'_>> {
    let chunk = |chunk| match chunk {
        Chunk::Text(text) => host::types::Chunk::Text(text),
        Chunk::Bytes(bytes) => host::types::Chunk::Bytes(bytes),
        Chunk::Attachment(attachment) => host::types::Chunk::Attachment(&attachment.0),
        Chunk::Base64(attachment) => host::types::Chunk::Base64(&attachment.0),
    };
    chunks.into_iter().map(chunk).collect()
}

pub(crate) fn credentials_describe(name: &str) -> Option<Info> {
    host::credentials::describe(name).map(|info| Info {
        scheme: info.scheme,
        public_id: info.public_id,
        expires_at: info.expires_at,
    })
}

pub(crate) fn credentials_sign_aws4(
    name: &str,
    date: &str,
    region: &str,
    service: &str,
    message: &str,
) -> Result<Vec<u8>, String> {
    host::credentials::sign_aws4(name, date, region, service, message)
}

pub(crate) fn credentials_sign_webhook(name: &str, message: &[u8]) -> Result<Vec<u8>, String> {
    host::credentials::sign_webhook(name, message)
}

pub(crate) fn state_get(key: &str) -> Option<Vec<u8>> {
    host::state::get(key)
}

pub(crate) fn state_put(key: &str, value: &[u8]) -> Result<(), state::Error> {
    host::state::put(key, value).map_err(state_error)
}

pub(crate) fn state_delete(key: &str) -> Result<(), state::Error> {
    host::state::delete(key).map_err(state_error)
}

pub(crate) fn state_keys(prefix: &str, after: Option<&str>, limit: u32) -> Vec<String> {
    host::state::keys(prefix, after, limit)
}

fn state_error(error: host::state::StateError) -> state::Error {
    match error {
        host::state::StateError::TooLarge(text) => state::Error::TooLarge(text),
        host::state::StateError::Other(text) => state::Error::Other(text),
    }
}

pub(crate) fn files_exists(path: &str) -> Result<bool, files::Error> {
    host::files::exists(path).map_err(file_error)
}

pub(crate) fn files_append(
    path: &str,
    expected_length: u64,
    chunks: Vec<Chunk<'_>>,
) -> Result<u64, files::Error> {
    host::files::append(path, expected_length, &content(chunks)).map_err(file_error)
}

pub(crate) fn files_write(path: &str, chunks: Vec<Chunk<'_>>) -> Result<(), files::Error> {
    host::files::write(path, &content(chunks)).map_err(file_error)
}

fn file_error(error: host::files::FileError) -> files::Error {
    match error {
        host::files::FileError::Refused(text) => files::Error::Refused(text),
        host::files::FileError::Full(text) => files::Error::Full(text),
        host::files::FileError::Other(text) => files::Error::Other(text),
    }
}

/// A handle on a picture.
pub(crate) struct Picture(host::image::Picture);

impl Picture {
    pub(crate) fn decode(source: &types::Attachment) -> Result<Self, String> {
        host::image::Picture::decode(&source.0).map(Self)
    }

    pub(crate) fn width(&self) -> u32 {
        self.0.width()
    }

    pub(crate) fn height(&self) -> u32 {
        self.0.height()
    }

    pub(crate) fn blur(&self, place: Option<Region>, radius: u32) {
        self.0.blur(place.map(region), radius);
    }

    pub(crate) fn pixelate(&self, place: Option<Region>, size: u32) {
        self.0.pixelate(place.map(region), size);
    }

    pub(crate) fn fill(&self, place: Option<Region>, color: Rgb) {
        self.0.fill(place.map(region), host::image::Rgb { r: color.r, g: color.g, b: color.b });
    }

    pub(crate) fn scale(&self, width: u32, height: u32) -> Result<(), String> {
        self.0.scale(width, height)
    }

    pub(crate) fn encode(&self, format: Format) -> Result<types::Attachment, String> {
        let format = match format {
            Format::Png => host::image::Format::Png,
            Format::Jpeg(quality) => host::image::Format::Jpeg(quality),
            Format::Webp => host::image::Format::Webp,
        };
        self.0.encode(format).map(types::Attachment)
    }
}

fn region(region: Region) -> host::image::Region {
    host::image::Region { x: region.x, y: region.y, width: region.width, height: region.height }
}
