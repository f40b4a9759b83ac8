//! Answering one's own requests, with the data directory in hand.

use std::sync::Arc;

use axum::Router;
use http_body_util::BodyExt as _;
use stint_clock::Clock;
use stint_engine::{Current, DeskError, Owner, Presence};
use tower::ServiceExt as _;

use super::{Call, reply::Reply};
use crate::{api, place};

/// The data directory in hand, for as long as a verb needs it.
#[derive(Debug)]
pub(super) struct Local {
    router: Router,
    owner: Owner,
}

impl Local {
    /// Takes the data directory.
    pub(super) async fn open(current: Current, clock: Arc<dyn Clock>) -> Result<Self, DeskError> {
        let owner = Owner::open(current, place::here(), clock, Presence::Command).await?;
        Ok(Self { router: api::router(owner.desk.clone()), owner })
    }

    /// Whether what is recorded is for anybody: a target that was known once is told also what a broken configuration
    /// doesn't name.
    pub(super) fn knows_targets(&self) -> bool {
        self.owner.desk.status().is_ok_and(|status| !status.targets.is_empty())
    }

    /// Answers one request.
    pub(super) async fn ask(&self, call: &Call) -> Result<Reply, axum::http::Error> {
        // Neither the router nor a body in memory can fail.
        let response = match self.router.clone().oneshot(call.request()?).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.map(http_body_util::Collected::to_bytes);
        Ok(Reply::new(&head, bytes.unwrap_or_default()))
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        // Before the runtime goes: closing brings the log into the database.
        self.owner.desk.store().close();
    }
}
