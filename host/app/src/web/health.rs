//! `GET /healthz` and `/readyz`: for whoever watches over the host. They need no key, so they name no project, no path
//! and no plugin.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_engine::{Desk, Presence};

/// It answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Healthy {
    /// `ok`.
    pub(crate) status: String,
}

/// Whether it can do its work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Ready {
    pub(crate) ready: bool,
    /// Why it can't.
    pub(crate) reasons: Vec<String>,
}

pub(crate) async fn healthy() -> Json<Healthy> {
    Json(Healthy { status: "ok".to_owned() })
}

pub(crate) async fn ready(State(desk): State<Desk>) -> Response {
    let reasons = reasons(&desk);
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Ready { ready: reasons.is_empty(), reasons })).into_response()
}

fn reasons(desk: &Desk) -> Vec<String> {
    let mut reasons = Vec::new();
    if !matches!(desk.presence(), Presence::Host { .. }) {
        reasons.push("no host runs".to_owned());
    }
    if desk.unwritable().is_some() {
        reasons.push("nothing can be recorded: the disk is full or can't be written".to_owned());
    }
    match desk.status() {
        Ok(status) => {
            let fallen = status.host.tasks.iter().filter(|task| task.error.is_some());
            reasons.extend(fallen.map(|task| format!("the task `{}` fell and is started again", task.name)));
        }
        Err(_) => reasons.push("the data can't be read".to_owned()),
    }
    reasons
}
