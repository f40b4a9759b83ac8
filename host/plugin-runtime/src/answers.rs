//! Holds what a plugin answered against the contract. What can be mended without a lie is mended and noted; an
//! answer that leaves it open what became of an item is refused as a whole.

use crate::bindings::exports::stint::plugin::uploader::{Finding, Outcome};
use crate::bindings::stint::plugin::types::{Cause, Failure, Problem};
use crate::call_error::CallError;
use crate::item::{Item, Payload};
use crate::text;

const MESSAGE_BYTES_MAX: usize = 2048;
const WORD_BYTES_MAX: usize = 128;
const REMOTE_ID_BYTES_MAX: usize = 1024;
const PROBLEMS_MAX: usize = 100;
const NO_REASON: &str = "the plugin gave no reason, which is a mistake in the plugin";

/// Outcomes for exactly so many items.
pub(crate) fn outcomes(answered: Vec<Outcome>, items: usize) -> Result<Vec<Outcome>, CallError> {
    if answered.len() != items {
        return Err(CallError::WrongAnswer {
            reason: format!(
                "{} outcomes for {items} items; `upload` answers one for each, in their order",
                answered.len()
            ),
        });
    }
    Ok(answered.into_iter().map(outcome).collect())
}

fn outcome(outcome: Outcome) -> Outcome {
    match outcome {
        // A delivery stays one even if the name the backend gave it can't be kept: to doubt it would double it.
        Outcome::Delivered(remote_id) => Outcome::Delivered(remote_id.filter(|id| is_remote_id(id))),
        Outcome::Superseded => Outcome::Superseded,
        Outcome::Retry(reason) => Outcome::Retry(failure(reason)),
        Outcome::Reject(reason) => Outcome::Reject(failure(reason)),
        Outcome::Unknown(reason) => Outcome::Unknown(failure(reason)),
    }
}

/// A name that a backend could have given, and that the host can keep and hand back unchanged.
fn is_remote_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= REMOTE_ID_BYTES_MAX && !id.chars().any(char::is_control)
}

/// A failure with a reason in it.
pub(crate) fn failure(failure: Failure) -> Failure {
    let message = match text::plain(&failure.message, MESSAGE_BYTES_MAX) {
        message if message.trim().is_empty() => NO_REASON.to_owned(),
        message => message,
    };
    let cause = match failure.cause {
        Cause::Other(word) => Cause::Other(text::plain(&word, WORD_BYTES_MAX)),
        known => known,
    };
    Failure { cause, message, ..failure }
}

/// Problems with words in them, as many as a person reads.
pub(crate) fn problems(answered: Vec<Problem>) -> Vec<Problem> {
    let clean = |problem: Problem| Problem {
        path: text::plain(&problem.path, MESSAGE_BYTES_MAX),
        message: match text::plain(&problem.message, MESSAGE_BYTES_MAX) {
            message if message.trim().is_empty() => NO_REASON.to_owned(),
            message => message,
        },
        hint: problem.hint.map(|hint| text::plain(&hint, MESSAGE_BYTES_MAX)),
    };
    answered.into_iter().take(PROBLEMS_MAX).map(clean).collect()
}

/// What a look-up found. A found item without a name can't be updated, so that is refused.
pub(crate) fn finding(found: Result<Finding, Failure>) -> Result<Result<Finding, Failure>, CallError> {
    match found {
        Ok(Finding::Found(found)) if !is_remote_id(&found.remote_id) => Err(CallError::WrongAnswer {
            reason: "`lookup` found the item and gave no usable remote id".to_owned(),
        }),
        Ok(found) => Ok(Ok(found)),
        Err(reason) => Ok(Err(failure(reason))),
    }
}

/// The item a transform kept: the same one, whatever else it changed.
pub(crate) fn kept(before: &Identity, after: Item) -> Result<Item, CallError> {
    let now = Identity::of(&after);
    for (what, was, is) in [
        ("id", &before.id, &now.id),
        ("key", &before.key, &now.key),
        ("entry-key", &before.entry_key, &now.entry_key),
        ("attempt", &before.attempt, &now.attempt),
        ("kind of payload", &before.kind, &now.kind),
    ] {
        if was != is {
            return Err(CallError::WrongAnswer {
                reason: format!("`apply` changed the item's {what}, which isn't the plugin's to change"),
            });
        }
    }
    Ok(after)
}

/// What makes an item the one it is.
pub(crate) struct Identity {
    id: String,
    key: String,
    entry_key: String,
    attempt: String,
    kind: String,
}

impl Identity {
    pub(crate) fn of(item: &Item) -> Self {
        Self {
            id: item.id.clone(),
            key: item.key.clone(),
            entry_key: item.entry_key.clone().unwrap_or_default(),
            attempt: item.attempt.to_string(),
            // A custom item may go by the name of another kind, and still isn't one.
            kind: match &item.payload {
                Payload::Custom(custom) => format!("custom {}", custom.kind),
                other => other.kind().to_owned(),
            },
        }
    }
}

/// A reason to drop an item, never empty.
pub(crate) fn reason(reason: &str) -> String {
    match text::plain(reason, MESSAGE_BYTES_MAX) {
        reason if reason.trim().is_empty() => NO_REASON.to_owned(),
        reason => reason,
    }
}

#[cfg(test)]
#[path = "answers_tests.rs"]
mod tests;
