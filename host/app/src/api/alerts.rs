//! Every answer says how many alerts stand, in a head of its own: what may be missing concerns whoever asks anything,
//! and the answers' shapes stay as they are.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use stint_engine::Desk;

const NAME: HeaderName = HeaderName::from_static("stint-alerts");

/// Adds the head where an alert stands.
pub(super) async fn count(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let alerts = desk.alerts().len();
    if alerts > 0 {
        response.headers_mut().insert(NAME, HeaderValue::from(alerts));
    }
    response
}

/// How many alerts stand, as an answer says it.
pub(crate) fn alerts_in(heads: &HeaderMap) -> usize {
    heads.get(NAME).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0)
}
