//! What came back for a request.

use axum::{
    body::Bytes,
    http::{StatusCode, response::Parts},
};

use crate::api::alerts_in;

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Bytes,
    /// How many alerts stand where it was answered.
    pub(super) alerts: usize,
}

impl Reply {
    pub(super) fn new(head: &Parts, body: Bytes) -> Self {
        Self { status: head.status, body, alerts: alerts_in(&head.headers) }
    }
}
