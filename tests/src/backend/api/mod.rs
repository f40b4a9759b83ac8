//! The API itself, route by route, and the one way in which a request has an effect.

mod auth;
mod entries;
mod files;
mod screenshots;

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router, middleware};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::desk::Desk;
use super::ledger::{Answered, Ledger};
use super::{control, gate};

/// The largest body that is taken into memory: a screenshot of 50 MiB as base64, and some.
const BODY_BYTES_MAX: usize = 96 << 20;

/// All routes.
pub(super) fn router(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/auth/login", post(auth::login))
        .route("/auth/refresh", post(auth::refresh))
        .route("/time-entries", get(entries::find))
        .route("/time-entries/start", post(entries::start))
        .route("/time-entries/{id}", get(entries::show).put(entries::put))
        .route("/time-entries/{id}/{operation}", put(entries::operate))
        .route("/screenshots", get(screenshots::find).post(screenshots::store))
        .route("/activities", post(entries::store_activity))
        .route("/files/{key}", put(files::store))
        .fallback(|| async { (StatusCode::NOT_FOUND, Json(json!({ "error": "there is no such route" }))) })
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), gate::pass))
        .merge(control::routes())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(desk)
}

/// What tells a request from another with the same key: its address and its bytes.
fn fingerprint(uri: &Uri, body: &[u8]) -> String {
    format!("{uri} {}", hex(&Sha256::digest(body)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A body as JSON; an empty one is null.
fn json_of(body: &[u8]) -> Result<Value, Answered> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| refusal(400, &format!("the body is no JSON: {error}")))
}

fn refusal(status: u16, why: &str) -> Answered {
    (status, json!({ "error": why }))
}

/// Carries a request out: once for each idempotency key, where keys are honoured. A refusal is no effect.
fn carry_out(
    desk: &Desk,
    headers: &HeaderMap,
    fingerprint: String,
    effect: impl FnOnce(&mut Ledger, Option<&str>) -> Answered,
) -> Response {
    let key = gate::key_of(headers);
    let answered = desk.change(|books| {
        if desk.config.honours_keys
            && let Some(answered) = books.ledger.replay(key, &fingerprint)
        {
            books.counts.replays += 1;
            return answered;
        }
        let answered = effect(&mut books.ledger, key);
        if answered.0 < 300 {
            books.ledger.count(key, fingerprint, &answered);
        }
        answered
    });
    respond(answered)
}

fn respond((status, body): Answered) -> Response {
    (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(body)).into_response()
}
