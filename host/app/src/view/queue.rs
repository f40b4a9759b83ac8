//! `stint queue list` and `show` for people: what waits and for what, what failed and why, and what to do about it.

use stint_domain::delivery::PlainState;

use super::Paper;
use crate::{
    api::{AttemptView, DeliveryList, DeliveryView, HistoryView, ItemView},
    text::{Page, Row, Table, Tone, fit, safe_lines},
    time::{ago, day_and_clock, when},
};

/// The deliveries, the newest first.
pub(crate) fn queue(list: &DeliveryList, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    if list.items.is_empty() {
        page.say(0, Tone::Plain, "no deliveries");
        return page.finish();
    }
    let mut table = Table::new(&["ITEM", "TARGET", "STATE", "WHAT", "ATTEMPTS", "RECORDED"]);
    for delivery in &list.items {
        table.push(Row { cells: cells(delivery, paper), notes: notes(delivery) });
    }
    table.write(&mut page);
    if list.more {
        page.blank();
        page.say(0, Tone::Plain, &more(list.items.len()));
    }
    page.finish()
}

/// How to see more than so many.
fn more(shown: usize) -> String {
    match shown.saturating_mul(10) {
        limit @ ..=10_000 => format!("there is more: --limit {limit}"),
        _ => "there is more: narrow it down with --state or --target".to_owned(),
    }
}

fn cells(delivery: &DeliveryView, paper: &Paper) -> Vec<String> {
    vec![
        format!("#{}", delivery.number),
        delivery.target.clone(),
        word(delivery.state).to_owned(),
        what(delivery),
        delivery.attempts.to_string(),
        when(delivery.created_at.0, paper.now, &paper.zone),
    ]
}

fn word(state: PlainState) -> &'static str {
    match state {
        PlainState::Pending => "pending",
        PlainState::Sent => "sent",
        PlainState::Failed => "failed",
        PlainState::Dropped => "dropped",
    }
}

fn what(delivery: &DeliveryView) -> String {
    let kind = delivery.kind.word();
    delivery.event.as_ref().map_or_else(|| kind.to_owned(), |event| format!("{kind} {event}"))
}

/// Why it stands where it does. Of what was delivered nothing needs to be said.
fn notes(delivery: &DeliveryView) -> Vec<(Tone, String)> {
    let mut notes = Vec::new();
    if delivery.detail != "delivered" {
        notes.push((Tone::Faint, delivery.detail.clone()));
    }
    if delivery.state == PlainState::Sent {
        return notes;
    }
    notes.extend(failure(delivery).map(|failure| (Tone::Alarm, failure)));
    notes.extend(delivery.hint.as_ref().map(|hint| (Tone::Plain, format!("hint: {hint}"))));
    notes
}

fn failure(delivery: &DeliveryView) -> Option<String> {
    match (delivery.cause, &delivery.error) {
        (Some(cause), Some(error)) if !error.ends_with(&format!("({cause})")) => {
            Some(format!("{cause}: {error}"))
        }
        (Some(cause), None) => Some(cause.to_string()),
        (_, Some(error)) => Some(error.clone()),
        (None, None) => None,
    }
}

/// One item, with what happened to it at each target, and what it says.
pub(crate) fn item(item: &ItemView, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    page.say(0, Tone::Heading, &format!("item #{}", item.number));
    page.field(2, "id", &item.id.to_string());
    if let Some(HistoryView { delivery, .. }) = item.deliveries.first() {
        page.field(2, "what", &what(delivery));
        if let Some(entry) = delivery.entry_id {
            page.field(2, "entry", &entry.to_string());
        }
        page.field(2, "recorded", &day_and_clock(delivery.created_at.0, &paper.zone));
    }
    for history in &item.deliveries {
        at_target(history, paper, &mut page);
    }
    if let Some(HistoryView { delivery, .. }) = item.deliveries.first() {
        page.heading("payload");
        let payload = serde_json::to_string_pretty(&delivery.payload).unwrap_or_default();
        for line in safe_lines(&payload) {
            let text = line.trim_start_matches(' ');
            page.say(2 + line.len() - text.len(), Tone::Plain, text);
        }
    }
    page.finish()
}

fn at_target(HistoryView { delivery, attempts_made }: &HistoryView, paper: &Paper, page: &mut Page) {
    page.heading(&format!("at {}: {}", fit(&delivery.target, 40), word(delivery.state)));
    page.field(2, "detail", &delivery.detail);
    if let Some(at) = delivery.next_attempt_at {
        page.field(2, "next", &ago(at.0, paper.now));
    }
    page.field(2, "attempts", &delivery.attempts.to_string());
    let said = [
        ("failure", failure(delivery)),
        ("hint", delivery.hint.clone()),
        ("key", Some(delivery.idempotency_key.clone())),
        ("remote id", delivery.remote_id.clone()),
    ];
    for (name, value) in said {
        if let Some(value) = value {
            page.field(2, name, &value);
        }
    }
    for attempt in attempts_made {
        attempted(attempt, paper, page);
    }
}

/// One attempt: when, what came of it, by which plugin, and what was said.
fn attempted(attempt: &AttemptView, paper: &Paper, page: &mut Page) {
    let status = attempt.http_status.map(|status| format!("HTTP {status}"));
    let why = attempt.cause.map(|cause| cause.to_string());
    let parts: Vec<String> = [status, why, attempt.message.clone()].into_iter().flatten().collect();
    let at = day_and_clock(attempt.at.0, &paper.zone);
    let why = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    page.say(2, Tone::Plain, &format!("{at}  {}{why}", attempt.led_to));
    let sha256 = attempt.plugin_sha256.get(..12).unwrap_or(&attempt.plugin_sha256);
    let plugin = format!("by {} {}, sha256 {sha256}", attempt.plugin, attempt.plugin_version);
    page.say(4, Tone::Faint, &plugin);
    for line in attempt.excerpt.iter().flat_map(|excerpt| safe_lines(excerpt)) {
        page.say(4, Tone::Plain, &line);
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
