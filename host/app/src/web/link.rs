//! `POST /api/v1/dashboard/link`: a one-time link for a browser. Whoever may ask for it has a key already.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::time::Millis;

use crate::api::{Answer, Api, Body, Problem};

/// A link that lets one browser in, once.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) url: String,
    pub(crate) lasts: Millis,
}

/// The same as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct LinkView {
    pub(crate) version: u32,
    /// It works once.
    pub(crate) url: String,
    /// For how long it works.
    pub(crate) lasts_ms: u64,
}

/// Nothing needs to be said.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LinkCall {}

pub(crate) async fn make(State(api): State<Api>, Body(_): Body<LinkCall>) -> Answer<LinkView> {
    let Some(door) = api.door() else {
        return Err(Problem::no_host().hint("the page is the host's: start it with `stint run`"));
    };
    let link = door.link().map_err(|error| Problem::internal(&format!("failed to draw a link: {error}")))?;
    let Some(Link { url, lasts }) = link else {
        let detail = "failed to make a link: the host runs, and its page isn't served";
        return Err(Problem::unavailable(&detail).hint(
            "`stint status` says why; mostly another program has the port, and [control] listen names one",
        ));
    };
    Ok(Json(LinkView { version: 1, url, lasts_ms: lasts.0 }))
}
