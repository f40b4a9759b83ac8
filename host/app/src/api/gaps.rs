//! `/api/v1/gaps`: stretches of which a person says whether they were work.

use axum::{
    Json,
    extract::{Path, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    gap::{Gap, GapKind},
    id::{CommandId, EntryId, GapId},
};
use stint_engine::{Desk, When, timer::Ask};
use stint_store::timeline;

use super::{
    body::{Answer, Asked, Body},
    entries::{Stretch, ambiguous},
    problem::Problem,
    timer::{Answered, ask},
};

/// A gap as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct GapView {
    pub(crate) id: GapId,
    pub(crate) entry_id: EntryId,
    pub(crate) kind: GapKind,
    pub(crate) start: When,
    pub(crate) end: When,
    pub(crate) length_ms: u64,
    /// Whether it counts as work.
    pub(crate) kept: bool,
}

/// Gaps, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct GapList {
    pub(crate) version: u32,
    pub(crate) gaps: Vec<GapView>,
}

/// Whether a gap is to count.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetGap {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) command_id: Option<CommandId>,
    pub(crate) kept: bool,
}

pub(super) async fn list(State(desk): State<Desk>, Asked(stretch): Asked<Stretch>) -> Answer<GapList> {
    let gaps = desk.read(|tx| timeline::gaps_between(tx, stretch.span()))?;
    let gaps = gaps.iter().map(|found| GapView::of(found.entry, &found.gap)).collect();
    Ok(Json(GapList { version: 1, gaps }))
}

pub(super) async fn set(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Body(change): Body<SetGap>,
) -> Answer<Answered> {
    let gap = named(&desk, &name)?;
    ask(&desk, change.command_id, Ask::SetGap { gap, kept: change.kept }).await
}

fn named(desk: &Desk, name: &str) -> Result<GapId, Problem> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let found = desk.read(|tx| timeline::gaps_ending_in(tx, name))?;
    match found.as_slice() {
        [] => Err(Problem::not_found(&format!(
            "failed to find gap {name:?}: `stint gap list` shows what is there"
        ))),
        [id] => Ok(*id),
        several => Err(ambiguous("gap", name, several)),
    }
}

impl GapView {
    pub(super) fn of(entry_id: EntryId, gap: &Gap) -> Self {
        Self {
            id: gap.id,
            entry_id,
            kind: gap.kind,
            start: When(gap.span.start),
            end: When(gap.span.end),
            length_ms: gap.span.length().0,
            kept: gap.kept,
        }
    }
}
