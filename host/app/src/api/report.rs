//! `GET /api/v1/report`: work by day, project, task or tag.

use axum::{Json, extract::State};
use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    entry::Entry,
    report::{Edge, Facet, Groups, Label, Range, Report, Scope, Tally},
    time::UnixMs,
};
use stint_engine::Desk;
use stint_store::timeline;

use super::{
    body::{Answer, Asked},
    problem::Problem,
};

/// What is asked for. An edge is a day of the zone, such as `2026-03-02`, or an instant in RFC 3339; `to` is the first
/// one that isn't in the report.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Question {
    from: Option<String>,
    to: Option<String>,
    by: Option<By>,
    zone: Option<String>,
}

/// What the lines of a report have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum By {
    #[default]
    Day,
    Project,
    Task,
    Tag,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ReportView {
    pub(crate) version: u32,
    pub(crate) by: String,
    pub(crate) zone: String,
    pub(crate) total: TallyView,
    pub(crate) groups: Vec<GroupView>,
    /// Whether some work is in several groups, so that they don't add up to the total.
    pub(crate) overlapping: bool,
}

/// A line of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct GroupView {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) day: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) task: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tag: Option<String>,
    #[serde(flatten)]
    pub(crate) tally: TallyView,
}

/// How much was worked, and how that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct TallyView {
    pub(crate) worked_ms: u64,
    pub(crate) measured_ms: u64,
    pub(crate) unattended_ms: u64,
    pub(crate) claimed_ms: u64,
    pub(crate) billable_ms: u64,
    pub(crate) entries: u64,
}

pub(super) async fn show(State(desk): State<Desk>, Asked(question): Asked<Question>) -> Answer<ReportView> {
    let range = Range { from: edge("from", question.from)?, to: edge("to", question.to)? };
    let name = question.zone.unwrap_or_else(|| desk.place().zone.clone());
    let zone = stint_clock::zone(&name)
        .ok_or_else(|| Problem::bad_input(&format!("failed to find the time zone {name:?}")).hint(ZONES))?;
    let entries = with_current(&desk, range)?;
    let (scope, by) = (Scope { zone: &zone, range }, question.by.unwrap_or_default());
    Ok(Json(ReportView::of(&scope, by, name, &entries)))
}

const ZONES: &str = "write a name of the IANA database, such as Europe/Vienna";

fn edge(which: &str, text: Option<String>) -> Result<Option<Edge>, Problem> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(Some(Edge::At(UnixMs(at.as_millisecond()))));
    }
    match text.parse::<Date>() {
        Ok(day) => Ok(Some(Edge::Day(day))),
        Err(_) => Err(Problem::bad_input(&format!("failed to read {which}={text:?} as a day or an instant"))
            .hint("write a day such as 2026-03-02 or an instant such as 2026-03-02T09:00:00Z")),
    }
}

/// The entries that may have work in the range, the current one as of now.
fn with_current(desk: &Desk, range: Range) -> Result<Vec<Entry>, Problem> {
    let (mut entries, timer) =
        desk.read(|tx| Ok((timeline::entries_between(tx, range.cover())?, timeline::load(tx)?.timer)))?;
    if let Some(current) = timer.snapshot(&desk.clock().sample()) {
        match entries.iter_mut().find(|entry| entry.id == current.id) {
            Some(entry) => *entry = current,
            None => entries.push(current),
        }
    }
    Ok(entries)
}

impl ReportView {
    fn of(scope: &Scope<'_>, by: By, zone: String, entries: &[Entry]) -> Self {
        let (total, groups, overlapping) = match by {
            By::Day => lines(scope.by_day(entries), |day| GroupView { day: Some(day.to_string()), ..none() }),
            By::Project => lines(scope.by_label(Facet::Project, entries), labelled),
            By::Task => lines(scope.by_label(Facet::Task, entries), labelled),
            By::Tag => lines(scope.by_label(Facet::Tag, entries), labelled),
        };
        let by = match by {
            By::Day => "day",
            By::Project => "project",
            By::Task => "task",
            By::Tag => "tag",
        };
        Self { version: 1, by: by.to_owned(), zone, total, groups, overlapping }
    }
}

fn lines<K>(report: Report<K>, view: impl Fn(K) -> GroupView) -> (TallyView, Vec<GroupView>, bool) {
    let (groups, overlapping) = match report.groups {
        Groups::Apart(groups) => (groups, false),
        Groups::Overlapping(groups) => (groups, true),
    };
    let line =
        |group: stint_domain::report::Group<K>| GroupView { tally: group.tally.into(), ..view(group.key) };
    (report.total.into(), groups.into_iter().map(line).collect(), overlapping)
}

fn none() -> GroupView {
    GroupView { day: None, project: None, task: None, tag: None, tally: TallyView::default() }
}

fn labelled(label: Label) -> GroupView {
    match label {
        Label::Project(project) => GroupView { project, ..none() },
        Label::Task { project, task } => GroupView { project, task, ..none() },
        Label::Tag(tag) => GroupView { tag, ..none() },
    }
}

impl From<Tally> for TallyView {
    fn from(tally: Tally) -> Self {
        Self {
            worked_ms: tally.worked().0,
            measured_ms: tally.measured.0,
            unattended_ms: tally.unattended.0,
            claimed_ms: tally.claimed.0,
            billable_ms: tally.billable.0,
            entries: tally.entries,
        }
    }
}
