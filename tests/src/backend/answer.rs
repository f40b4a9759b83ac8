//! The answers that faults give.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::BodyExt as _;
use serde_json::json;

use super::fault::Fault;
use super::wire::End;

/// A large body's bytes come in pieces of this size.
const PIECE: usize = 64 * 1024;
static SPACES: [u8; PIECE] = [b' '; PIECE];

/// The answer that a fault gives to a request for `uri`, made of the `real` one where it spoils that.
pub(super) async fn spoilt(fault: &Fault, uri: &Uri, real: Response) -> Response {
    match fault {
        Fault::Delay { .. } | Fault::Hold => real,
        Fault::Status { status, retry_after, body } => {
            plain(*status, retry_after.as_deref(), body.as_deref())
        }
        Fault::Cut => severed(End::Cut),
        Fault::Reset => severed(End::Reset),
        Fault::Truncate => truncated(real).await,
        Fault::SlowBody { bytes, every_ms } => trickled(real, *bytes, *every_ms).await,
        Fault::WrongJson => axum::Json(json!([{ "this": "is not the shape" }, 7])).into_response(),
        Fault::Html => (
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            "<!doctype html><title>Sign in to the network</title><h1>Welcome</h1>",
        )
            .into_response(),
        Fault::ErrorBody { body } => axum::Json(body).into_response(),
        Fault::Redirect { to, status } => redirect(*status, to),
        Fault::RedirectLoop => redirect(307, &uri.to_string()),
        Fault::HugeBody { bytes } => sized(*bytes),
        Fault::EndlessBody => {
            let pieces = stream::repeat_with(|| Ok::<_, io::Error>(Bytes::from_static(&SPACES)));
            with_type(Body::from_stream(pieces))
        }
    }
}

fn plain(status: u16, retry_after: Option<&str>, body: Option<&str>) -> Response {
    let mut response = Response::new(Body::from(body.unwrap_or_default().to_owned()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(Ok(value)) = retry_after.map(HeaderValue::from_str) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

fn redirect(status: u16, to: &str) -> Response {
    let mut response = plain(status, None, None);
    if let Ok(location) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// No answer: the connection's task ends the connection when it sees the mark.
fn severed(end: End) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(end);
    response
}

async fn truncated(real: Response) -> Response {
    let (parts, bytes) = whole(real).await;
    let half = Bytes::copy_from_slice(&bytes[..bytes.len() / 2]);
    let ended = io::Error::new(io::ErrorKind::ConnectionAborted, "the other half is left out");
    // Between the two the connection is flushed; otherwise not even the status would arrive.
    let ended = async {
        tokio::task::yield_now().await;
        Err(ended)
    };
    let pieces = stream::once(async { Ok(half) }).chain(stream::once(ended));
    let mut response = Response::from_parts(parts, Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    response
}

async fn trickled(real: Response, bytes_at_a_time: usize, every_ms: u64) -> Response {
    let (parts, bytes) = whole(real).await;
    let pieces: Vec<Bytes> = bytes.chunks(bytes_at_a_time.max(1)).map(Bytes::copy_from_slice).collect();
    let pieces = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(Duration::from_millis(every_ms)).await;
        Ok::<_, io::Error>(piece)
    });
    let mut response = Response::from_parts(parts, Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    response
}

fn sized(bytes: u64) -> Response {
    let pieces = stream::unfold(bytes, |left| async move {
        let piece = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
        let bytes = Bytes::from_static(&SPACES).slice(..piece);
        (left > 0).then_some((Ok::<_, io::Error>(bytes), left - piece as u64))
    });
    let mut response = with_type(Body::from_stream(pieces));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    response
}

fn with_type(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// An answer of ours, which is small and in memory.
async fn whole(real: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = real.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    (parts, bytes)
}
