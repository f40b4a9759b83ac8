//! `/api/v1/queue`: what waits, what failed and why, what was delivered.

use axum::{
    Json,
    extract::{Path, State},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stint_domain::{
    delivery::{DeliveryState, PlainState},
    failure::{Cause, table::meaning},
    id::{EntryId, ItemId},
    item::Kind,
    time::Millis,
};
use stint_engine::{Desk, When};
use stint_store::{
    Connection, Error, Serial, TargetId,
    queue::{self, Attempt, listing::Listed},
    target,
};

use super::{
    body::{Answer, Asked},
    problem::Problem,
};

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Question {
    state: Option<PlainState>,
    target: Option<String>,
    limit: Option<usize>,
    /// The `next` of the page before.
    after: Option<String>,
}

const LIMIT: usize = 100;
const LIMIT_MAX: usize = 10_000;

/// One delivery as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct DeliveryView {
    pub(crate) id: ItemId,
    /// The item's number on this machine: easier to type than its id.
    pub(crate) number: i64,
    pub(crate) kind: Kind,
    /// What happened to the entry, for an item about one.
    pub(crate) event: Option<String>,
    pub(crate) entry_id: Option<EntryId>,
    pub(crate) target: String,
    /// `pending`, `failed`, `sent` or `dropped`.
    pub(crate) state: PlainState,
    /// Where it stands exactly, in words.
    pub(crate) detail: String,
    pub(crate) attempts: u32,
    pub(crate) created_at: When,
    pub(crate) next_attempt_at: Option<When>,
    pub(crate) cause: Option<Cause>,
    pub(crate) error: Option<String>,
    pub(crate) hint: Option<String>,
    pub(crate) idempotency_key: String,
    pub(crate) remote_id: Option<String>,
    pub(crate) payload: Value,
}

/// Deliveries, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct DeliveryList {
    pub(crate) version: u32,
    pub(crate) items: Vec<DeliveryView>,
    /// Whether there are more than were asked for.
    pub(crate) more: bool,
    /// Where the next page begins, where there is one.
    pub(crate) next: Option<String>,
}

/// An item with all its deliveries, and what happened to each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ItemView {
    pub(crate) version: u32,
    pub(crate) id: ItemId,
    pub(crate) number: i64,
    pub(crate) deliveries: Vec<HistoryView>,
}

/// A delivery with its attempts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct HistoryView {
    #[serde(flatten)]
    pub(crate) delivery: DeliveryView,
    pub(crate) attempts_made: Vec<AttemptView>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct AttemptView {
    pub(crate) at: When,
    pub(crate) led_to: String,
    pub(crate) cause: Option<Cause>,
    pub(crate) message: Option<String>,
    pub(crate) http_status: Option<u16>,
    /// What was said between host and target, without secrets.
    pub(crate) excerpt: Option<String>,
    pub(crate) plugin: String,
    pub(crate) plugin_version: String,
    pub(crate) plugin_sha256: String,
}

pub(super) async fn list(State(desk): State<Desk>, Asked(question): Asked<Question>) -> Answer<DeliveryList> {
    let limit = question.limit.unwrap_or(LIMIT).min(LIMIT_MAX);
    let after = question.after.as_deref().map(place).transpose()?;
    let now = desk.now();
    let page = desk.read(|tx| {
        let target = question.target.as_deref().map(|name| target::find(tx, name)).transpose()?;
        queue::list(tx, &queue::listing::Query { state: question.state, target, after, limit })
    })?;
    let items = page.deliveries.into_iter().map(|listed| DeliveryView::of(listed, now)).collect();
    let next = page.next.map(|place| place.to_string());
    Ok(Json(DeliveryList { version: 1, items, more: next.is_some(), next }))
}

fn place(text: &str) -> Result<queue::listing::Place, Problem> {
    text.parse()
        .map_err(|()| Problem::bad_input(&format!("failed to read {text:?}: it is no `next` of a page")))
}

/// An item is named by its id, or by its number with or without a `#`.
pub(super) async fn show(State(desk): State<Desk>, Path(name): Path<String>) -> Answer<ItemView> {
    let found = desk.read(|tx| {
        let Some(serial) = serial(tx, &name)? else { return Ok(None) };
        let mut deliveries = Vec::new();
        for target in queue::targets_of(tx, serial)? {
            deliveries.extend(queue::show(tx, serial, target)?.map(|listed| (target, listed)));
        }
        history(tx, serial, deliveries, &desk).map(Some)
    })?;
    match found {
        Some(item) if !item.deliveries.is_empty() => Ok(Json(item)),
        _ => Err(no_item(&name)),
    }
}

pub(super) fn no_item(name: &str) -> Problem {
    Problem::not_found(&format!("failed to find item {name:?}: `stint queue list` shows what is there"))
}

pub(super) fn serial(connection: &Connection, name: &str) -> Result<Option<Serial>, Error> {
    if let Ok(number) = name.trim_start_matches('#').parse() {
        return Ok(Some(Serial(number)));
    }
    match name.parse() {
        Ok(id) => queue::serial_of(connection, id),
        Err(_) => Ok(None),
    }
}

fn history(
    connection: &Connection,
    serial: Serial,
    deliveries: Vec<(TargetId, Listed)>,
    desk: &Desk,
) -> Result<ItemView, Error> {
    let (now, mut id) = (desk.now(), None);
    let mut views = Vec::new();
    for (target, listed) in deliveries {
        id = Some(listed.id);
        let attempts = queue::attempts(connection, serial, target)?;
        views.push(HistoryView {
            delivery: DeliveryView::of(listed, now),
            attempts_made: attempts.into_iter().map(AttemptView::from).collect(),
        });
    }
    let id = id.unwrap_or(ItemId::from_bytes([0; 16]));
    Ok(ItemView { version: 1, id, number: serial.0, deliveries: views })
}

impl DeliveryView {
    fn of(listed: Listed, now: stint_domain::time::UnixMs) -> Self {
        // A payload is JSON that this program wrote; what can't be read is shown as text rather than hidden.
        let payload = serde_json::from_slice(&listed.payload)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&listed.payload).into_owned()));
        Self {
            id: listed.id,
            number: listed.serial.0,
            kind: listed.kind,
            event: payload.get("event").and_then(Value::as_str).map(str::to_owned),
            entry_id: listed.entry,
            detail: detail(&listed, listed.due.map(|due| due.since(now))),
            target: listed.target_name,
            state: listed.state.plain(),
            attempts: listed.attempts,
            created_at: When(listed.created_at),
            next_attempt_at: listed.due.filter(|_| listed.state == DeliveryState::Delayed).map(When),
            hint: listed.cause.map(|cause| meaning(cause).hint.to_owned()),
            cause: listed.cause,
            error: listed.error,
            idempotency_key: listed.key.to_string(),
            remote_id: listed.remote_id,
            payload,
        }
    }
}

/// Where a delivery stands, in words.
fn detail(listed: &Listed, wait: Option<Millis>) -> String {
    match listed.state {
        DeliveryState::Ready => "ready to be sent".to_owned(),
        DeliveryState::Waiting => match listed.behind {
            Some(head) => format!("waiting behind #{head}"),
            None => "waiting for its turn".to_owned(),
        },
        DeliveryState::Delayed => {
            format!("tried again in {} s", wait.unwrap_or_default().0.div_ceil(1_000))
        }
        DeliveryState::Leased => "being sent".to_owned(),
        DeliveryState::Unknown => "sent, and it is not known whether it arrived".to_owned(),
        DeliveryState::Sent => "delivered".to_owned(),
        DeliveryState::Superseded => "a newer one was delivered instead".to_owned(),
        DeliveryState::Failed => "failed for good".to_owned(),
        DeliveryState::Dropped => "given up".to_owned(),
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            at: When(attempt.at),
            led_to: attempt.led_to.word().to_owned(),
            cause: attempt.cause,
            message: attempt.message,
            http_status: attempt.http_status,
            excerpt: attempt.excerpt,
            plugin: attempt.plugin.name,
            plugin_version: attempt.plugin.version,
            plugin_sha256: stint_store::hex(&attempt.plugin.sha256),
        }
    }
}
