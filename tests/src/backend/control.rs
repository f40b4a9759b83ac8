//! The switches and the books over HTTP, under `/_/`: for a backend that was started by hand.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::desk::Desk;
use super::fault::Rule;
use super::ledger::Ledger;
use super::seen::{Counts, Seen};

pub(super) fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/_/ledger", get(ledger))
        .route("/_/counts", get(counts))
        .route("/_/requests", get(requests))
        .route("/_/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_/release", post(release))
        .route("/_/tokens", post(tokens))
}

async fn ledger(State(desk): State<Arc<Desk>>) -> Json<Ledger> {
    Json(desk.read(|books| books.ledger.clone()))
}

async fn counts(State(desk): State<Arc<Desk>>) -> Json<Counts> {
    Json(desk.read(|books| books.counts.clone()))
}

async fn requests(State(desk): State<Arc<Desk>>) -> Json<Vec<Seen>> {
    Json(desk.read(|books| books.recent.all()))
}

async fn faults(State(desk): State<Arc<Desk>>) -> Json<Vec<Rule>> {
    Json(desk.read(|books| books.rules.all().to_vec()))
}

async fn add_fault(State(desk): State<Arc<Desk>>, Json(rule): Json<Rule>) -> Json<Vec<Rule>> {
    desk.change(|books| books.rules.add(rule));
    faults(State(desk)).await
}

async fn clear_faults(State(desk): State<Arc<Desk>>) -> Json<Vec<Rule>> {
    desk.change(|books| books.rules.clear());
    desk.release();
    faults(State(desk)).await
}

async fn release(State(desk): State<Arc<Desk>>) -> Json<Value> {
    desk.release();
    Json(json!({}))
}

/// What to do with tokens. All of it is optional.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct TokenOrder {
    /// Access tokens expire now.
    expire: bool,
    /// All tokens are void.
    revoke: bool,
    /// New access tokens are good for so many requests; 0 is for ever.
    uses: Option<u64>,
}

async fn tokens(State(desk): State<Arc<Desk>>, Json(order): Json<TokenOrder>) -> Json<Value> {
    desk.change(|books| {
        if order.expire {
            books.sessions.expire();
        }
        if order.revoke {
            books.sessions.revoke();
        }
        if let Some(uses) = order.uses {
            books.sessions.uses = (uses > 0).then_some(uses);
        }
    });
    Json(json!({}))
}
