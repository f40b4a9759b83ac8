//! Asking the API without a network between: the page sees what every other client sees.

use axum::{Router, http::StatusCode};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{api::Problem, client::Call};

/// The API, asked from inside.
#[derive(Clone, Debug)]
pub(super) struct Inside {
    api: Router,
}

impl Inside {
    pub(super) fn new(api: Router) -> Self {
        Self { api }
    }

    /// Asks, and reads the answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, Problem> {
        let (status, body) = self.send(call).await?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| strange(&error));
        }
        Err(serde_json::from_slice(&body).unwrap_or_else(|error| strange(&error)))
    }

    /// The same where the answer is only told.
    pub(super) async fn tell(&self, call: Call) -> Result<Value, Problem> {
        self.ask(call).await
    }

    async fn send(&self, call: Call) -> Result<(StatusCode, Vec<u8>), Problem> {
        let request = call.request().map_err(|error| Problem::bad_input(&error))?;
        // Neither the router nor a body in memory can fail.
        let response = match self.api.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Ok((head.status, bytes.to_vec()))
    }
}

fn strange(error: &serde_json::Error) -> Problem {
    Problem::internal(&format!("failed to read the API's own answer: {error}"))
}
