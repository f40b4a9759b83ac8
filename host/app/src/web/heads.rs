//! What every answer over loopback tells a browser: to keep nothing, to guess nothing, to run and load nothing but what
//! our own page says, and to show it in nobody's frame.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// For answers that say nothing else of it: they are no pages.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // With `no-referrer` browsers would call the origin of our own forms `null`.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::CONTENT_SECURITY_POLICY, NOTHING),
];

/// Adds them.
pub(super) async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let heads = response.headers_mut();
    for (name, value) in HEADS {
        if name != header::CONTENT_SECURITY_POLICY || !heads.contains_key(&name) {
            heads.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}
