//! Reading what a request says. axum's own rejections are plain text; here they are problems like any other.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, Request, rejection::BytesRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// A JSON body. An absent one is read as an empty object.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| too_large(&rejection))?;
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        // A list would be read as the values of the members in their order, which nobody means.
        if text.trim_ascii_start().first() != Some(&b'{') {
            return Err(Problem::bad_input(&"failed to read the request's body: it is no JSON object"));
        }
        serde_json::from_slice(text)
            .map(Self)
            .map_err(|error| Problem::bad_input(&format!("failed to read the request's body: {error}")))
    }
}

fn too_large(rejection: &BytesRejection) -> Problem {
    let problem = Problem::bad_input(&format!("failed to read the request's body: {rejection}"));
    let status = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE.as_u16(),
        _ => problem.status,
    };
    Problem { status, ..problem }
}

/// What stands behind the question mark.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(Problem::bad_input(&format!("failed to read the question: {rejection}"))),
        }
    }
}

/// What a handler answers: JSON, or a problem.
pub(crate) type Answer<T> = Result<Json<T>, Problem>;
