//! What became of an item, told: a line in the log, an event for whoever listens, a count.

use stint_domain::{failure::ItemFate, time::Millis};
use stint_store::queue::{Claimed, Outcome};

use super::station::Station;
use crate::ledger::{Event, Which};

/// Tells what became of an item.
pub(super) fn tell(station: &Station, item: &Claimed, outcome: &Outcome, took: Millis) {
    if let Some(event) = event(station, item, outcome, took) {
        log(&event);
        station.desk.ledger().tell(station.now(), event);
    }
}

fn event(station: &Station, claimed: &Claimed, outcome: &Outcome, took: Millis) -> Option<Event> {
    let target = station.name.to_string();
    let item = Which { number: claimed.serial.0, id: claimed.id, kind: claimed.kind };
    Some(match outcome {
        Outcome::Delivered { remote_id } => {
            Event::Delivered { target, item, took_ms: took, remote_id: remote_id.clone() }
        }
        Outcome::Outdated => {
            Event::Withheld { target, item, reason: "the target has a newer one".to_owned() }
        }
        Outcome::Withheld { reason } => Event::Withheld { target, item, reason: reason.clone() },
        Outcome::Failed { failure, ruling, .. } if ruling.item == ItemFate::Fail => {
            Event::Failed { target, item, cause: failure.cause, message: failure.to_string() }
        }
        Outcome::Failed { failure, ruling, due } => Event::Later {
            target,
            item,
            cause: failure.cause,
            message: failure.to_string(),
            charged: ruling.charged,
            may_have_arrived: ruling.item == ItemFate::Unknown,
            in_ms: due.since(station.now()),
        },
        // It is sent now, or was never begun.
        Outcome::Absent { .. } | Outcome::Released => return None,
    })
}

fn log(event: &Event) {
    match event {
        Event::Delivered { target, item, took_ms, remote_id } => {
            tracing::info!(target: "stint::deliver", to = target, item = item.number, kind = item.kind.word(),
                took_ms = took_ms.0, remote_id = remote_id.as_deref(), "delivered");
        }
        Event::Withheld { target, item, reason } => {
            tracing::info!(target: "stint::deliver", to = target, item = item.number, "withheld: {reason}");
        }
        Event::Failed { target, item, cause, message } => {
            tracing::error!(target: "stint::deliver", to = target, item = item.number, cause = cause.word(),
                "failed for good: {message}");
        }
        Event::Later { target, item, cause, message, charged, may_have_arrived, in_ms } => {
            let then = if *may_have_arrived { "it may have arrived" } else { "to be tried again" };
            tracing::warn!(target: "stint::deliver", to = target, item = item.number, cause = cause.word(),
                charged, in_ms = in_ms.0, "{then}: {message}");
        }
        Event::Timer { .. } | Event::Passed { .. } | Event::Changed { .. } | Event::Idle { .. } => {}
    }
}
