//! What every request passes: it is counted, meets its faults, and shows its token.
//!
//! Invariant: a fault before the commit keeps the request from having any effect; one after it never does.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::answer::spoilt;
use super::desk::Desk;
use super::fault::Fault;
use super::rules::Met;
use super::seen::{Route, Seen};
use super::wire::End;

/// The header of the idempotency key.
const KEY: &str = "idempotency-key";

/// The idempotency key of a request.
pub(super) fn key_of(headers: &HeaderMap) -> Option<&str> {
    headers.get(KEY)?.to_str().ok().filter(|key| !key.is_empty())
}

/// Lets a request through to its handler, or doesn't.
pub(super) async fn pass(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let route = Route::of(request.method().as_str(), request.uri().path());
    let (arrival, met) = arrive(&desk, route, &request);
    let uri = request.uri().clone();
    let mut response = match wait(&desk, &met.before).await {
        Some(fault) => spoilt(fault, &uri, Response::default()).await,
        None if !admitted(&desk, route, request.headers()) => unauthorized(),
        None => {
            let real = next.run(request).await;
            match wait(&desk, &met.after).await {
                Some(fault) => spoilt(fault, &uri, real).await,
                None => real,
            }
        }
    };
    arrival.answered(&mut response);
    response
}

/// A request on its way. If its connection goes before there is an answer, it is no longer in flight either.
struct Arrival {
    desk: Arc<Desk>,
    number: u64,
}

impl Arrival {
    fn answered(&self, response: &mut Response) {
        if response.extensions().get::<End>().is_none() {
            let status = response.status().as_u16();
            self.desk.change(|books| books.recent.answered(self.number, status));
        }
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.desk.change(|books| books.counts.in_flight -= 1);
    }
}

/// Counts a request, and takes the faults that it meets.
fn arrive(desk: &Arc<Desk>, route: Route, request: &Request) -> (Arrival, Met) {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let mut seen = Seen {
        method: request.method().to_string(),
        path: request.uri().to_string(),
        headers: headers.collect(),
        status: None,
        number: 0,
    };
    desk.change(|books| {
        let counts = &mut books.counts;
        seen.number = counts.requests;
        counts.requests += 1;
        counts.in_flight += 1;
        counts.in_flight_max = counts.in_flight_max.max(counts.in_flight);
        *counts.by_route.entry(route).or_default() += 1;
        let met = books.rules.meet(route, key_of(request.headers()));
        counts.faults += u64::from(!met.before.is_empty() || !met.after.is_empty());
        let number = seen.number;
        books.recent.push(seen);
        (Arrival { desk: Arc::clone(desk), number }, met)
    })
}

/// Waits as the faults say, and answers with the one that doesn't let the request go on.
async fn wait<'a>(desk: &Desk, faults: &'a [Fault]) -> Option<&'a Fault> {
    for fault in faults {
        match fault {
            Fault::Delay { ms } => tokio::time::sleep(Duration::from_millis(*ms)).await,
            Fault::Hold => {
                let mut releases = desk.releases.subscribe();
                let held = Held::new(desk);
                let _ = releases.changed().await;
                drop(held);
            }
            _ => {}
        }
    }
    faults.iter().find(|fault| !fault.only_waits())
}

/// A request that is held, as long as somebody waits for it.
struct Held<'a>(&'a Desk);

impl<'a> Held<'a> {
    fn new(desk: &'a Desk) -> Self {
        desk.change(|books| books.counts.held += 1);
        Self(desk)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.change(|books| books.counts.held -= 1);
    }
}

/// Whether a request may go on: logging in and renewing need no access token, everything else needs a good one.
fn admitted(desk: &Desk, route: Route, headers: &HeaderMap) -> bool {
    if !desk.config.auth || matches!(route, Route::Login | Route::Refresh) {
        return true;
    }
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    desk.change(|books| {
        let good = token.is_some_and(|token| books.sessions.admit(token, &desk.config));
        books.counts.unauthorized += u64::from(!good);
        good
    })
}

fn unauthorized() -> Response {
    let body = axum::Json(json!({ "error": "the access token is missing, unknown or expired" }));
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], body).into_response()
}
