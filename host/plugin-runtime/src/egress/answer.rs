//! Reading an answer: never more of it than is allowed, packed or unpacked, and nothing of a secret.

use std::io::{self, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

use super::failure;
use super::traces::Traces;
use crate::services::{HttpError, HttpResponse};

/// So much is read of an answer that only its beginning counts of.
const BEGINNING_BYTES: usize = 64 * 1024;

/// Reads the answer, and covers every trace of a secret in it.
pub(super) async fn whole(response: Response, most: u64, traces: &Traces) -> Result<HttpResponse, HttpError> {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = capped(response, most).await?;
    let mut body = if body.is_empty() { body } else { unpacked(&headers, body, most)? };
    traces.cover(&mut body);
    Ok(HttpResponse { status: status.as_u16(), headers: told(&headers, traces), body })
}

/// The beginning of an answer, covered; nothing of what can't be read.
pub(super) async fn beginning(mut response: Response, traces: &Traces) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < BEGINNING_BYTES
        && let Ok(Some(piece)) = response.chunk().await
    {
        body.extend_from_slice(&piece);
    }
    body.truncate(BEGINNING_BYTES);
    traces.cover(&mut body);
    body
}

/// The headers as a plugin sees them. What a secret stands in the name of is left out.
fn told(headers: &HeaderMap, traces: &Traces) -> Vec<(String, String)> {
    let packed = headers.contains_key(CONTENT_ENCODING);
    headers
        .iter()
        .filter(|(name, _)| !packed || (*name != CONTENT_ENCODING && *name != CONTENT_LENGTH))
        .filter(|(name, _)| traces.covered(name.as_str()) == name.as_str())
        .map(|(name, value)| {
            (name.as_str().to_owned(), traces.covered(&String::from_utf8_lossy(value.as_bytes())))
        })
        .collect()
}

/// The body, as far as it may be read.
async fn capped(mut response: Response, most: u64) -> Result<Vec<u8>, HttpError> {
    if response.content_length().is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    let mut body = Vec::new();
    // The backend has answered already, so it has seen the request whatever breaks now.
    while let Some(piece) = response.chunk().await.map_err(|error| failure::meaning(error, true))? {
        if body.len() as u64 + piece.len() as u64 > most {
            return Err(too_large(most));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

fn too_large(most: u64) -> HttpError {
    HttpError::TooLarge(format!("the answer has more than {most} bytes, which are the most"))
}

/// None was asked for, and some backends pack all the same. What is packed can't be searched for a secret.
fn unpacked(headers: &HeaderMap, body: Vec<u8>, most: u64) -> Result<Vec<u8>, HttpError> {
    let mut body = body;
    let written = headers.get_all(CONTENT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let names: Vec<String> =
        written.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect();
    // What was put on last comes off first.
    for name in names.iter().rev() {
        let opened = match name.as_str() {
            "" | "identity" => continue,
            "gzip" | "x-gzip" => opened(MultiGzDecoder::new(body.as_slice()), most),
            "deflate" => opened(ZlibDecoder::new(body.as_slice()), most),
            other => {
                let other = other.escape_debug();
                return Err(HttpError::Protocol(format!(
                    "the answer is packed as `{other}`, though none was asked for"
                )));
            }
        };
        body =
            opened.map_err(|error| HttpError::Protocol(format!("the answer can't be unpacked: {error}")))?;
        if body.len() as u64 > most {
            return Err(too_large(most));
        }
    }
    Ok(body)
}

fn opened(from: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    from.take(most.saturating_add(1)).read_to_end(&mut body)?;
    Ok(body)
}
