//! `/api/v1/entries`: what was worked on. An entry is named by its id, or by the end of it where no other ends so.

use axum::{
    Json,
    extract::{Path, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use stint_domain::{
    entry::{Details, Entry, Snapshot},
    id::{CommandId, EntryId},
    time::{Span, UnixMs},
    timer::{Edit, State as TimerState},
};
use stint_engine::{Desk, When, timer::Ask};
use stint_store::timeline;

use super::{
    body::{Answer, Asked, Body},
    gaps::GapView,
    problem::Problem,
    timer::{Answered, Undo, ask},
};

/// From when to when.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Stretch {
    from: Option<When>,
    to: Option<When>,
}

impl Stretch {
    pub(super) fn span(self) -> Span {
        let from = self.from.map_or(UnixMs(i64::MIN), |from| from.0);
        Span::new(from, self.to.map_or(UnixMs(i64::MAX), |to| to.0))
    }
}

/// An entry as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct EntryView {
    pub(crate) id: EntryId,
    #[serde(flatten)]
    pub(crate) details: Details,
    pub(crate) started_at: When,
    pub(crate) ended_at: Option<When>,
    pub(crate) worked_ms: u64,
    /// `running`, `paused` or `finished`.
    pub(crate) state: String,
    pub(crate) segments: Vec<SegmentView>,
    pub(crate) gaps: Vec<GapView>,
    pub(crate) zone: String,
}

/// A stretch of work as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct SegmentView {
    pub(crate) start: When,
    pub(crate) end: When,
    pub(crate) worked_ms: u64,
    /// `measured`, `unattended` or `claimed`.
    pub(crate) basis: stint_domain::entry::Basis,
    pub(crate) recovered: bool,
}

/// Entries, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct EntryList {
    pub(crate) version: u32,
    pub(crate) entries: Vec<EntryView>,
}

/// A finished entry, added by hand.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) command_id: Option<CommandId>,
    pub(crate) start: When,
    pub(crate) end: When,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) task: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) billable: bool,
}

/// A change to an entry: what is absent stays, and `null` takes out.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::option_option, reason = "absent, `null` and a text are three different wishes")]
pub(crate) struct EditEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) command_id: Option<CommandId>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    #[schemars(with = "Option<String>")]
    pub(crate) project: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    #[schemars(with = "Option<String>")]
    pub(crate) task: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    #[schemars(with = "Option<String>")]
    pub(crate) note: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) billable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<When>,
}

/// A value that is there, be it `null`.
#[expect(clippy::option_option, reason = "as in the type that it is for")]
fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

pub(super) async fn list(State(desk): State<Desk>, Asked(stretch): Asked<Stretch>) -> Answer<EntryList> {
    let (entries, timer) =
        desk.read(|tx| Ok((timeline::entries_between(tx, stretch.span())?, timeline::load(tx)?.timer)))?;
    let current = timer.snapshot(&desk.clock().sample());
    let shown = |entry: Entry| match &current {
        Some(current) if current.id == entry.id => EntryView::of(current.clone(), timer.state()),
        _ => EntryView::of(entry, TimerState::Idle),
    };
    Ok(Json(EntryList { version: 1, entries: entries.into_iter().map(shown).collect() }))
}

pub(super) async fn show(State(desk): State<Desk>, Path(name): Path<String>) -> Answer<EntryView> {
    let id = named(&desk, &name)?;
    let (entry, timer) = desk.read(|tx| Ok((timeline::entry(tx, id)?, timeline::load(tx)?.timer)))?;
    let current = timer.snapshot(&desk.clock().sample()).filter(|current| current.id == id);
    match (current, entry) {
        (Some(current), _) => Ok(Json(EntryView::of(current, timer.state()))),
        (None, Some(entry)) => Ok(Json(EntryView::of(entry, TimerState::Idle))),
        (None, None) => Err(no_entry(&name)),
    }
}

pub(super) async fn add(State(desk): State<Desk>, Body(entry): Body<AddEntry>) -> Answer<Answered> {
    let AddEntry { command_id, start, end, project, task, note, tags, billable } = entry;
    let details = Details { project, task, note, tags, billable };
    ask(&desk, command_id, Ask::Add { details, start: start.0, end: end.0 }).await
}

pub(super) async fn edit(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Body(change): Body<EditEntry>,
) -> Answer<Answered> {
    let edit = Edit {
        project: change.project,
        task: change.task,
        note: change.note,
        tags: change.tags,
        billable: change.billable,
        start: change.start.map(|at| at.0),
        end: change.end.map(|at| at.0),
    };
    ask(&desk, change.command_id, Ask::Edit { entry: named(&desk, &name)?, edit }).await
}

pub(super) async fn delete(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    Body(call): Body<Undo>,
) -> Answer<Answered> {
    // A deletion that is sent again names an entry that is gone; its first answer is still known by the command's id.
    let entry = match name.parse() {
        Ok(id) => id,
        Err(_) => named(&desk, &name).or_else(|problem| gone(&desk, &name)?.ok_or(problem))?,
    };
    ask(&desk, call.command_id, Ask::Delete { entry }).await
}

/// The entry that a person means.
fn named(desk: &Desk, name: &str) -> Result<EntryId, Problem> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let found = desk.read(|tx| timeline::entries_ending_in(tx, name))?;
    match found.as_slice() {
        [] => Err(no_entry(name)),
        [id] => Ok(*id),
        several => Err(ambiguous("entry", name, several)),
    }
}

/// The one deleted entry that a person may mean, where no other is there.
fn gone(desk: &Desk, name: &str) -> Result<Option<EntryId>, Problem> {
    let there = desk.read(|tx| timeline::entries_ending_in(tx, name))?;
    let gone = desk.read(|tx| timeline::deleted_ending_in(tx, name))?;
    Ok(gone.first().copied().filter(|_| there.is_empty() && gone.len() == 1))
}

fn no_entry(name: &str) -> Problem {
    Problem::not_found(&format!("failed to find entry {name:?}: `stint log` shows what is there"))
}

/// Several things have an id that ends so.
pub(super) fn ambiguous<I: std::fmt::Display>(what: &str, name: &str, ids: &[I]) -> Problem {
    let some: Vec<String> = ids.iter().take(5).map(ToString::to_string).collect();
    Problem::bad_input(&format!("failed to tell which {what} is meant: several ids end in {name:?}"))
        .hint(format!("write more of the id: {}", some.join(", ")))
}

impl EntryView {
    fn of(entry: Entry, timer: TimerState) -> Self {
        let Snapshot { entry, worked } = entry.into();
        let state = match (entry.ended_at, timer) {
            (Some(_), _) | (None, TimerState::Idle) => "finished",
            (None, TimerState::Running) => "running",
            (None, TimerState::Paused) => "paused",
        };
        Self {
            id: entry.id,
            details: entry.details,
            started_at: When(entry.started_at),
            ended_at: entry.ended_at.map(When),
            worked_ms: worked.0,
            state: state.to_owned(),
            segments: entry.segments.into_iter().map(SegmentView::from).collect(),
            gaps: entry.gaps.iter().map(|gap| GapView::of(entry.id, gap)).collect(),
            zone: entry.zone,
        }
    }
}

impl From<stint_domain::entry::Segment> for SegmentView {
    fn from(segment: stint_domain::entry::Segment) -> Self {
        Self {
            start: When(segment.span.start),
            end: When(segment.span.end),
            worked_ms: segment.worked.0,
            basis: segment.basis,
            recovered: segment.recovered,
        }
    }
}
