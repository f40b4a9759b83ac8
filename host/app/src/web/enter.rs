//! `GET /enter?key=…`: a one-time link becomes a session.
//!
//! The answer is a page that goes on to `/` by itself instead of a redirect: a browser that came here from somewhere
//! else wouldn't send a `SameSite=Strict` cookie along a redirect.

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{cookie, door::Door};
use crate::api::Problem;

const WELCOME: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" \
    content=\"0;url=/\"><title>stint</title><p><a href=\"/\">Go on to stint</a></p></html>";

pub(super) async fn enter(State(door): State<Door>, RawQuery(query): RawQuery) -> Response {
    let pairs = url::form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let key = pairs.into_iter().find(|(name, _)| name == "key").map(|(_, key)| key);
    let entered = door.enter(key.as_deref().unwrap_or_default());
    match (entered, door.address()) {
        (Ok(Some(session)), Some(address)) => {
            let cookie = cookie::to_set(address.port(), &session);
            ([(header::SET_COOKIE, cookie)], Html(WELCOME)).into_response()
        }
        (Ok(_), _) => page(StatusCode::FORBIDDEN, "This link was used already, or is too old."),
        (Err(error), _) => Problem::internal(&format!("failed to begin a session: {error}")).into_response(),
    }
}

/// What a browser sees that has no session.
pub(super) fn closed() -> Response {
    page(StatusCode::UNAUTHORIZED, "This page shows what you did all day, so it wants a key first.")
}

fn page(status: StatusCode, text: &str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\"><title>stint</title>\
         <main><h1>stint</h1><p>{text}</p><p>Type this in a terminal, it prints a link that works once:</p>\
         <pre>stint dashboard</pre></main></html>"
    );
    (status, Html(page)).into_response()
}
