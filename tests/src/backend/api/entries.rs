//! Time entries, and activities beside them.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{carry_out, fingerprint, json_of, refusal, respond};
use crate::backend::desk::Desk;
use crate::backend::ledger::{Answered, Entry, Ledger, Step};

/// `POST /time-entries/start`
pub(super) async fn start(
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content = match json_of(&body) {
        Ok(content) => content,
        Err(refusal) => return respond(refusal),
    };
    carry_out(&desk, &headers, fingerprint(&uri, &body), |ledger, key| {
        let id = ledger.new_id("entry");
        ledger.entries.insert(id.clone(), Entry::default());
        (201, step(ledger, &id, "start", "running", key, content).1)
    })
}

/// `PUT /time-entries/{id}/pause`, `resume` or `stop`
pub(super) async fn operate(
    State(desk): State<Arc<Desk>>,
    Path((id, operation)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let status = match operation.as_str() {
        "pause" => "paused",
        "resume" => "running",
        "stop" => "stopped",
        _ => return respond(refusal(404, "an entry can be paused, resumed or stopped")),
    };
    let content = match json_of(&body) {
        Ok(content) => content,
        Err(refusal) => return respond(refusal),
    };
    carry_out(&desk, &headers, fingerprint(&uri, &body), |ledger, key| {
        step(ledger, &id, &operation, status, key, content)
    })
}

/// `PUT /time-entries/{key}`: the whole entry under the client's own key, again and again. The same content again is
/// no effect.
pub(super) async fn put(
    State(desk): State<Arc<Desk>>,
    Path(own): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content = match json_of(&body) {
        Ok(content) => content,
        Err(refusal) => return respond(refusal),
    };
    let is_there = |ledger: &Ledger| {
        ledger.entries.get(&own).and_then(|entry| entry.order.last()).is_some_and(|step| step.body == content)
    };
    if desk.read(|books| is_there(&books.ledger)) {
        desk.change(|books| books.counts.replays += 1);
        return respond((200, json!({ "id": own, "status": "put" })));
    }
    carry_out(&desk, &headers, fingerprint(&uri, &body), |ledger, key| {
        ledger.entries.entry(own.clone()).or_default();
        step(ledger, &own, "put", "put", key, content.clone())
    })
}

/// `GET /time-entries/{id}`
pub(super) async fn show(State(desk): State<Arc<Desk>>, Path(id): Path<String>) -> Response {
    respond(desk.read(|books| match books.ledger.entries.get(&id) {
        Some(entry) => (200, described(&id, entry)),
        None => refusal(404, "there is no such entry"),
    }))
}

/// What to look for.
#[derive(Deserialize)]
pub(super) struct Sought {
    pub(super) key: String,
}

/// `GET /time-entries?key=…`: the entry that an idempotency key was used on, as a list of one or none.
pub(super) async fn find(State(desk): State<Arc<Desk>>, Query(sought): Query<Sought>) -> Response {
    respond(desk.read(|books| {
        let found = books.ledger.entry_of(&sought.key).map(|(id, entry)| described(id, entry));
        (200, found.into_iter().collect::<Value>())
    }))
}

/// `POST /activities`
pub(super) async fn store_activity(
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let content = match json_of(&body) {
        Ok(content) => content,
        Err(refusal) => return respond(refusal),
    };
    carry_out(&desk, &headers, fingerprint(&uri, &body), |ledger, _| {
        ledger.activities.push(content);
        (201, json!({ "id": ledger.new_id("activity") }))
    })
}

/// Does something to an entry.
pub(super) fn step(
    ledger: &mut Ledger,
    id: &str,
    operation: &str,
    status: &str,
    key: Option<&str>,
    body: Value,
) -> Answered {
    let Some(entry) = ledger.entries.get_mut(id) else { return refusal(404, "there is no such entry") };
    status.clone_into(&mut entry.status);
    entry.order.push(Step { operation: operation.to_owned(), key: key.map(str::to_owned), body });
    (200, described(id, entry))
}

fn described(id: &str, entry: &Entry) -> Value {
    json!({ "id": id, "status": entry.status })
}
