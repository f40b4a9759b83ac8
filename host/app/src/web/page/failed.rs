//! What failed for good: why, what helps, what was sent and what was said.

use serde::Serialize;
use stint_domain::time::UnixMs;

use super::{
    button::Button,
    words::{block, line},
};
use crate::{
    api::{AttemptView, HistoryView},
    time::{Zone, ago, when},
};

/// So many characters of what was sent, and of what was said, are shown.
const PAYLOAD: usize = 900;
const EXCERPT: usize = 700;

/// A delivery that failed.
#[derive(Serialize)]
pub(super) struct FailedItem {
    pub(super) number: i64,
    pub(super) target: String,
    pub(super) what: String,
    pub(super) recorded: String,
    pub(super) attempts: u32,
    pub(super) cause: String,
    pub(super) error: Option<String>,
    pub(super) fix: Option<String>,
    pub(super) key: String,
    pub(super) payload: String,
    pub(super) last: Option<LastAttempt>,
    pub(super) retry: Button,
    pub(super) drop: Button,
}

/// The last attempt.
#[derive(Serialize)]
pub(super) struct LastAttempt {
    pub(super) text: String,
    pub(super) plugin: String,
    pub(super) excerpt: Option<String>,
}

impl FailedItem {
    pub(super) fn of(
        HistoryView { delivery, attempts_made }: &HistoryView,
        now: UnixMs,
        zone: &Zone,
    ) -> Self {
        let kind = delivery.kind.word();
        let payload = serde_json::to_string_pretty(&delivery.payload).unwrap_or_default();
        let (number, target) = (delivery.number, line(&delivery.target));
        let button = |does, label: &str| {
            Button::new(does, label, format!("{label}: #{number} at {target}"))
                .with("item", number.to_string())
                .with("target", delivery.target.clone())
        };
        Self {
            number,
            what: delivery
                .event
                .as_ref()
                .map_or_else(|| kind.to_owned(), |event| format!("{kind} {}", line(event))),
            recorded: when(delivery.created_at.0, now, zone),
            attempts: delivery.attempts,
            cause: delivery.cause.map(|cause| cause.to_string()).unwrap_or_default(),
            error: delivery.error.as_deref().map(|error| block(error, 400)),
            fix: delivery.hint.clone(),
            key: delivery.idempotency_key.clone(),
            payload: block(&payload, PAYLOAD),
            last: attempts_made.last().map(|attempt| LastAttempt::of(attempt, now)),
            retry: button("retry", "Retry"),
            drop: button("drop", "Give it up for good"),
            target,
        }
    }
}

impl LastAttempt {
    fn of(attempt: &AttemptView, now: UnixMs) -> Self {
        let status = attempt.http_status.map(|status| format!(", HTTP {status}")).unwrap_or_default();
        let sha256 = attempt.plugin_sha256.get(..12).unwrap_or(&attempt.plugin_sha256);
        Self {
            text: format!("{}: {}{status}", ago(attempt.at.0, now), attempt.led_to),
            plugin: format!("{} {}, sha256 {sha256}", line(&attempt.plugin), line(&attempt.plugin_version)),
            excerpt: attempt.excerpt.as_deref().map(|excerpt| block(excerpt, EXCERPT)),
        }
    }
}
