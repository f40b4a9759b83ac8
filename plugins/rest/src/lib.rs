//! A target for any JSON API: the settings say which request each kind of item and each event becomes, and how the
//! answer is read. A new backend is a table in a file, not a plugin.
//!
//! Invariant: an item becomes at most one request, the same one in every attempt, under the same idempotency key.

mod answer;
mod check;
mod check_template;
mod fields;
mod fill;
mod format;
mod nearest;
mod pointer;
mod read;
mod request;
mod settings;
mod table;
mod template;

use serde_json::Value;
use stint_plugin_sdk::{Cause, Delivered, Failure, Finding, Item, Problem, Target, Undelivered, register};

use crate::fields::Fields;
use crate::fill::Filler;
use crate::settings::OnMissingRoute;

pub use crate::settings::Rest;

impl Target for Rest {
    fn check(&self) -> Vec<Problem> {
        if self.mistakes.is_empty() { check::problems(self) } else { self.mistakes.clone() }
    }

    fn probe(&self) -> Result<(), Failure> {
        self.is_sound()?;
        if let Some(probe) = &self.probe {
            self.question(&probe.path, None)?.send()?.success()?;
        }
        Ok(())
    }

    fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {
        self.is_sound()?;
        let Some((place, route)) = self.routes.of(item) else { return self.without_route(item) };
        let filler = Filler { fields: Fields::of(item), place };
        let response = self.request(route, &filler)?.send()?;
        self.read(route, &response)
    }

    /// Asks where the route says how. Where it doesn't, the backend goes by the key or overwrites what is there, so
    /// that the host may send the same request again: for it, that is what "absent" means.
    fn lookup(&self, item: &Item) -> Result<Finding, Failure> {
        self.is_sound()?;
        let Some((place, route)) = self.routes.of(item) else { return Ok(Finding::Absent) };
        let Some(lookup) = &route.lookup else { return Ok(Finding::Absent) };
        let filler = Filler { fields: Fields::of(item), place };
        let answer = self.question(&filler.path(&lookup.path)?, Some(&filler))?.send()?.found()?;
        let Some(answer) = answer else { return Ok(Finding::Absent) };
        let body: Value = serde_json::from_slice(&answer.body).map_err(|_| Failure {
            http_status: Some(answer.status),
            ..Failure::new(
                Cause::Server,
                format!("HTTP {}, but the answer to the lookup is no JSON", answer.status),
            )
        })?;
        Ok(match pointer::id_at(&body, &lookup.found) {
            // Only a time entry's own id names the entry: a screenshot's would take its place.
            Some(id) if item.time_entry().is_none() => {
                Finding::Found { remote_id: item.entry_remote_id.clone().unwrap_or(id), current: true }
            }
            Some(remote_id) => Finding::Found { remote_id, current: true },
            None => Finding::Absent,
        })
    }
}

impl Rest {
    /// Settings that were not read as a whole are not acted on in part.
    fn is_sound(&self) -> Result<(), Failure> {
        let Some(mistake) = self.mistakes.first() else { return Ok(()) };
        let place = if mistake.path.is_empty() { "the settings" } else { &mistake.path };
        Err(Failure::misconfigured(format!("the settings don't fit: {} (at {place})", mistake.message)))
    }

    fn without_route(&self, item: &Item) -> Result<Delivered, Undelivered> {
        if self.on_missing_route == OnMissingRoute::Skip {
            return Ok(Delivered::Superseded);
        }
        let kind = item.payload.kind();
        let what = item.time_entry().map_or(kind.to_owned(), |it| format!("{kind}.{}", it.event.as_str()));
        let message =
            format!("the settings have no route for {what}; add one, or on_missing_route = \"skip\"");
        Err(Undelivered::Reject(Failure::invalid(message)))
    }
}

register!(target: Rest);

#[cfg(test)]
mod tests;
