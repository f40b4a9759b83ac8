//! One request, as it can be sent several times.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde::Serialize;

/// A host that doesn't answer for so long is stuck. What it does for a verb takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same for work that grows with what is sent.
const LONG_PATIENCE: Duration = Duration::from_mins(1);

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    patience: Duration,
    method: Method,
    path: String,
    question: Vec<(String, String)>,
    body: Option<String>,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), question: Vec::new(), body: None, patience: PATIENCE }
    }

    pub(crate) fn post(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self::with_body(Method::POST, path, body)
    }

    pub(crate) fn patch(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self::with_body(Method::PATCH, path, body)
    }

    pub(crate) fn delete(path: impl Into<String>, body: &impl Serialize) -> Self {
        Self::with_body(Method::DELETE, path, body)
    }

    fn with_body(method: Method, path: impl Into<String>, body: &impl Serialize) -> Self {
        // What is sent has text keys and finite numbers, so it has a JSON.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { method, path: path.into(), question: Vec::new(), body: Some(body), patience: PATIENCE }
    }

    /// The same, where the answer may take a while.
    pub(crate) fn patiently(self) -> Self {
        Self { patience: LONG_PATIENCE, ..self }
    }

    /// How long the answer may take.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// What is asked, without what people wrote.
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether its answer shows alerts by itself.
    pub(super) fn shows_alerts(&self) -> bool {
        self.path == "/api/v1/status"
    }

    /// Whether it is about the targets that the configuration names.
    pub(super) fn needs_targets(&self) -> bool {
        self.path == "/api/v1/import"
    }

    /// Asks with one more word behind the question mark, if there is one.
    pub(crate) fn asking(mut self, key: &str, value: Option<impl ToString>) -> Self {
        self.question.extend(value.map(|value| (key.to_owned(), value.to_string())));
        self
    }

    /// The request. A body that could be malformed is refused by whoever answers.
    pub(crate) fn request(&self) -> Result<Request<Body>, axum::http::Error> {
        let mut uri = self.path.clone();
        for (place, (key, value)) in self.question.iter().enumerate() {
            uri.push(if place == 0 { '?' } else { '&' });
            uri.push_str(key);
            uri.push('=');
            uri.push_str(&escaped(value));
        }
        let builder =
            Request::builder().method(self.method.clone()).uri(uri).header(header::HOST, "localhost");
        match &self.body {
            Some(body) => {
                builder.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.clone()))
            }
            None => builder.body(Body::empty()),
        }
    }
}

/// A word that may stand in a path: whatever a person typed is one segment of it.
pub(crate) fn segment(text: &str) -> String {
    escaped(text)
}

fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a text can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_stays_one_word() {
        let call = Call::get(format!("/api/v1/entries/{}", segment("../a b?c#d")))
            .asking("from", Some("2026-03-02T09:00:00+01:00"))
            .asking("to", None::<String>)
            .asking("target", Some("ä&b"));
        assert_eq!(
            call.request().unwrap().uri().to_string(),
            "/api/v1/entries/..%2Fa%20b%3Fc%23d?from=2026-03-02T09:00:00%2B01:00&target=%C3%A4%26b"
        );
    }
}
