//! `GET /api/v1/events`: what happens, as it happens, as server-sent events. Who comes back says which one it knows.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::HeaderMap,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use stint_engine::{
    Desk, Presence,
    ledger::{Listening, Told},
};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{body::Asked, problem::Problem};

/// How often a listener to whom nothing happens hears that it is still heard. There is no network between, and the
/// kernel tells at once who has gone, so this is for nobody's patience; each word wakes the host.
const STILL_THERE: Duration = Duration::from_mins(2);

/// What a listener knows already.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Known {
    after: Option<u64>,
}

pub(super) async fn listen(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Asked(known): Asked<Known>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    if !matches!(desk.presence(), Presence::Host { .. }) {
        return Err(Problem::no_host());
    }
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let Listening { missed, is_incomplete, next } = desk.ledger().listen(last.or(known.after));
    let gap = is_incomplete.then(missed_some);
    let missed: Vec<Event> = missed.iter().map(|told| event(told)).collect();
    let before = stream::iter(gap.into_iter().chain(missed));
    let events = before.chain(coming(next)).map(Ok);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(STILL_THERE)))
}

fn coming(next: Receiver<Arc<Told>>) -> impl Stream<Item = Event> {
    stream::unfold(next, |mut next| async {
        let event = match next.recv().await {
            Ok(told) => event(&told),
            Err(RecvError::Lagged(_)) => missed_some(),
            Err(RecvError::Closed) => return None,
        };
        Some((event, next))
    })
}

fn event(told: &Told) -> Event {
    // An event has text keys and whole numbers, so it has a JSON.
    let json = serde_json::to_string(told).unwrap_or_default();
    Event::default().id(told.number.to_string()).event("told").data(json)
}

/// The listener has to look at everything anew.
fn missed_some() -> Event {
    Event::default().event("missed").data("{}")
}
