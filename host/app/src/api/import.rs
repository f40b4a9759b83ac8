//! `POST /api/v1/import`: rows of the old program's queue come in, a batch at a time. A row comes in once, however
//! often it is sent. An empty batch only asks whether there is anybody to import for.

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_engine::{
    Desk,
    import::{ImportRow, import_batch},
    ledger::{Event, Part},
};
use stint_store::queue::Imported;

use super::{
    body::{Answer, Body},
    problem::Problem,
};

/// Room for the largest row that is read, with what its JSON adds.
const BODY_BYTES_MAX: usize = 72 << 20;

/// A batch.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ImportCall {
    /// The target to import for; all that are configured where none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    /// The rows, in the order in which they happened.
    #[schemars(with = "Vec<serde_json::Value>")]
    pub(crate) rows: Vec<ImportRow>,
}

/// What became of each row, in the order in which they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ImportAnswer {
    pub(crate) version: u32,
    pub(crate) outcomes: Vec<Imported>,
}

pub(super) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(BODY_BYTES_MAX)
}

pub(super) async fn import(State(desk): State<Desk>, Body(call): Body<ImportCall>) -> Answer<ImportAnswer> {
    Problem::unless_writable(&desk)?;
    let outcomes = import_batch(&desk, call.rows, call.target).await?;
    if outcomes.contains(&Imported::New) {
        desk.ledger().tell(desk.now(), Event::Changed { what: Part::Queue });
    }
    Ok(Json(ImportAnswer { version: 1, outcomes }))
}
