//! With `--verbose` the log says what was asked of the host, and how it was answered. The question behind a path is left
//! out: it holds what people wrote.

use axum::{extract::Request, middleware::Next, response::Response};

/// Logs a request when it is answered.
pub(super) async fn trace(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    tracing::debug!(target: "stint::api", %method, path, status = response.status().as_u16(), "answered");
    response
}
