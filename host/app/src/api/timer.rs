//! `POST /api/v1/timer/…`: the timer's verbs, and taking back the last change.

use axum::{
    Json,
    extract::{Path, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    entry::Details,
    id::{CommandId, EntryId},
    timer::{self, Answer as TimerAnswer, Command, Verb},
};
use stint_engine::{Desk, When, command_id, timer::Ask};

use super::{
    body::{Answer, Body},
    problem::Problem,
};

/// A verb with what is said beside it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct VerbCall {
    /// Sent again, the same id gets the first answer again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command_id: Option<CommandId>,
    /// When it is meant to have happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) task: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) billable: bool,
}

/// Nothing but the command's id.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Undo {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command_id: Option<CommandId>,
}

/// What came of it. Every verb of the timer answers like this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Answered {
    pub(crate) version: u32,
    pub(crate) changed: bool,
    pub(crate) state: timer::State,
    pub(crate) entry_id: Option<EntryId>,
    pub(crate) message: String,
}

impl From<TimerAnswer> for Answered {
    fn from(answer: TimerAnswer) -> Self {
        let TimerAnswer { changed, state, entry_id, message } = answer;
        Self { version: 1, changed, state, entry_id, message }
    }
}

pub(super) async fn verb(
    State(desk): State<Desk>,
    Path(word): Path<String>,
    Body(call): Body<VerbCall>,
) -> Answer<Answered> {
    let known = Verb::ALL.into_iter().find(|verb| verb.word() == word);
    let verb =
        known.ok_or_else(|| Problem::not_found(&format!("failed to find the verb {word:?} of the timer")))?;
    let VerbCall { command_id, at, project, task, note, tags, billable } = call;
    let details = Details { project, task, note, tags, billable };
    let command = Command { verb, at: at.map(|at| at.0), details };
    ask(&desk, command_id, Ask::Verb(command)).await
}

pub(super) async fn undo(State(desk): State<Desk>, Body(call): Body<Undo>) -> Answer<Answered> {
    ask(&desk, call.command_id, Ask::Undo).await
}

/// Does what is asked. Who gives no id doesn't send it again.
pub(super) async fn ask(desk: &Desk, id: Option<CommandId>, ask: Ask) -> Answer<Answered> {
    Problem::unless_writable(desk)?;
    let id = match id {
        Some(id) => id,
        None => command_id(desk.now())
            .map_err(|error| Problem::internal(&format!("failed to draw an id: {error}")))?,
    };
    Ok(Json(desk.timer().ask(id, ask).await?.into()))
}
