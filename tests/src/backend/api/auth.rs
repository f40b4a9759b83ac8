//! Logging in and renewing tokens.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;

use super::{json_of, refusal, respond};
use crate::backend::config::{PASSWORD, USER};
use crate::backend::desk::Desk;
use crate::backend::sessions::Renewal;

/// `POST /auth/login` with `{email, password}`.
pub(super) async fn login(State(desk): State<Arc<Desk>>, body: Bytes) -> Response {
    let body = match json_of(&body) {
        Ok(body) => body,
        Err(refusal) => return respond(refusal),
    };
    if body["email"] != USER || body["password"] != PASSWORD {
        return respond(refusal(401, "no such user, or another password"));
    }
    respond(desk.change(|books| {
        books.counts.logins += 1;
        (200, books.sessions.issue(&desk.config).answer(desk.config.expires_in_s))
    }))
}

/// `POST /auth/refresh` with `{refreshToken}`.
pub(super) async fn refresh(State(desk): State<Arc<Desk>>, body: Bytes) -> Response {
    let body = match json_of(&body) {
        Ok(body) => body,
        Err(refusal) => return respond(refusal),
    };
    let Some(token) = body["refreshToken"].as_str() else {
        return respond(refusal(400, "refreshToken is missing"));
    };
    respond(desk.change(|books| match books.sessions.renew(token, &desk.config) {
        Renewal::Renewed(tokens) => {
            books.counts.refreshes += 1;
            (200, tokens.answer(desk.config.expires_in_s))
        }
        Renewal::Reused => {
            books.counts.refresh_reuses += 1;
            refusal(401, "this refresh token has been used")
        }
        Renewal::Unknown => refusal(401, "no such refresh token"),
    }))
}
