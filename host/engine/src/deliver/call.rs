//! One call of a target's plugin, from the items in hand to an answer for each: what is sent is made durable, with
//! the fact that it is being sent, and only then handed over.

use std::sync::Arc;

use stint_domain::{
    failure::{Cause, Failure},
    item::Kind,
    time::Millis,
};
use stint_plugin_runtime::{
    Answered, CallFailed, Item, LogLevel, LogLine, Report,
    contract::{Finding, Outcome},
    services::FilesHeld,
};
use stint_store::{
    Error, Hash,
    plugin_state::Write,
    queue::{self, Plugin, Prepared},
};

use super::{
    hand::Held,
    judge::{Answer, Said},
    prepare::{self, Keep, PrepareError, Ready},
    snapshot,
    station::Station,
};
use crate::wiring::{Bound, Line};

/// What a call works with. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) station: Station,
    pub(super) line: Arc<Line>,
    pub(super) bound: Bound,
    pub(super) transforms: Arc<[Bound]>,
    /// What the transforms are told by, so that it isn't found out for each item.
    pub(super) chain: Hash,
}

/// How a call ended.
#[derive(Default)]
pub(super) struct Ended {
    /// The items with their answers. One without has been settled by somebody else.
    pub(super) items: Vec<(Held, Option<Answer>)>,
    /// How many items were handed to the plugin together.
    pub(super) together: usize,
    /// Whether the backend may have acted on a request.
    pub(super) sent: bool,
    /// Whether the plugin gave no answer at all.
    pub(super) unanswered: bool,
    /// What it wants remembered.
    pub(super) writes: Vec<Write>,
    /// The files it wrote, closed to other calls until they are settled.
    pub(super) files: Option<FilesHeld>,
    /// What was said between host and backend.
    pub(super) excerpt: Option<String>,
    /// How long it took.
    pub(super) took: Millis,
}

/// Delivers a group of items.
pub(super) async fn deliver(desk: Desk, group: Vec<Held>) -> Ended {
    let began = desk.station.sample().monotonic;
    let ended = match group.as_slice() {
        [one] if one.claimed.looking_up => look_up(&desk, one.clone()).await,
        _ => upload(&desk, group).await,
    };
    Ended { took: desk.station.sample().monotonic.since(began), ..ended }
}

async fn upload(desk: &Desk, group: Vec<Held>) -> Ended {
    let mut items: Vec<(Held, Option<Answer>)> = Vec::with_capacity(group.len());
    let mut ready: Vec<(usize, Item, Keep)> = Vec::with_capacity(group.len());
    for held in group {
        if snapshot::is_replaced(desk, &held).await {
            items.push((held, None));
            continue;
        }
        let prepared = prepare::prepare(desk, &held.claimed).await;
        let answer = match prepared {
            Ok(Ready::Send(item, keep)) => {
                ready.push((items.len(), *item, keep));
                None
            }
            Ok(Ready::Withheld(reason)) => Some(Answer::Withheld(reason)),
            Err(error) => Some(unprepared(&error)),
        };
        items.push((held, answer));
    }
    if ready.is_empty() {
        return Ended { items, ..Ended::default() };
    }
    match begin(desk, &items, &ready).await {
        Ok(()) => send(desk, items, ready).await,
        // Somebody else has them in hand now, and settles them.
        Err(Error::Fenced { .. }) => Ended { items, ..Ended::default() },
        Err(error) => {
            for (place, ..) in ready {
                items[place].1 = Some(Answer::HostFailed(error.to_string()));
            }
            Ended { items, ..Ended::default() }
        }
    }
}

/// Makes durable what is about to be sent, and that it is.
async fn begin(
    desk: &Desk,
    items: &[(Held, Option<Answer>)],
    ready: &[(usize, Item, Keep)],
) -> Result<(), Error> {
    let Some((first, _)) = items.first() else { return Ok(()) };
    let (lease, now) = (first.lease, desk.station.now());
    let serials: Vec<_> = ready.iter().map(|(place, ..)| items[*place].0.claimed.serial).collect();
    let kept: Vec<_> = ready
        .iter()
        .zip(&serials)
        .filter_map(|((_, _, keep), serial)| match keep {
            Keep::AsItIs => None,
            Keep::Nothing => Some((*serial, None)),
            Keep::Made(made, _) => Some((*serial, Some(made.clone()))),
        })
        .collect();
    let kept: Arc<[(_, Option<Prepared>)]> = kept.into();
    let blobs: Vec<_> = ready
        .iter()
        .filter_map(|(_, _, keep)| match keep {
            Keep::Made(_, Some(blob)) => Some(Arc::clone(blob)),
            _ => None,
        })
        .collect();
    let store = desk.station.desk.store();
    store
        .write(move |transaction| {
            for blob in &blobs {
                blob.insert(transaction)?;
            }
            for (serial, made) in kept.iter() {
                queue::prepare(transaction, &lease, *serial, made.as_ref())?;
            }
            queue::begin(transaction, &lease, &serials, now)
        })
        .await
}

async fn send(desk: &Desk, mut items: Vec<(Held, Option<Answer>)>, ready: Vec<(usize, Item, Keep)>) -> Ended {
    let (places, batch): (Vec<usize>, Vec<Item>) =
        ready.into_iter().map(|(place, item, _)| (place, item)).unzip();
    let together = batch.len();
    let (around, said) = desk.bound.for_call();
    let began = desk.station.sample().monotonic;
    let called = desk.bound.plugin.upload(around, batch).await;
    tell(desk, &called, began);
    let ended = match called {
        Ok(Answered { answer, state, files, report }) => {
            for (place, outcome) in places.iter().zip(answer) {
                items[*place].1 = Some(answered(outcome));
            }
            let writes = state.into_iter().map(|write| Write { key: write.key, value: write.value });
            Ended {
                sent: report.may_have_arrived > 0,
                writes: writes.collect(),
                files: Some(files),
                ..Ended::default()
            }
        }
        Err(failed) => {
            for place in places {
                items[place].1 = Some(broken(&failed));
            }
            let sent = failed.report.may_have_arrived > 0;
            Ended { sent, unanswered: failed.error.is_plugins_fault(), ..Ended::default() }
        }
    };
    Ended { items, together, excerpt: said.excerpt(), ..ended }
}

/// Asks the backend about an item that may have arrived.
async fn look_up(desk: &Desk, held: Held) -> Ended {
    let prepared = prepare::prepare(desk, &held.claimed).await;
    let item = match prepared {
        Ok(Ready::Send(item, _)) => *item,
        Ok(Ready::Withheld(reason)) => {
            return Ended { items: vec![(held, Some(Answer::Withheld(reason)))], ..Ended::default() };
        }
        Err(error) => {
            return Ended { items: vec![(held, Some(unprepared(&error)))], ..Ended::default() };
        }
    };
    let (around, said) = desk.bound.for_call();
    let began = desk.station.sample().monotonic;
    let called = desk.bound.plugin.lookup(around, item).await;
    tell(desk, &called, began);
    let (answer, unanswered) = match called {
        Ok(Answered { answer: Ok(Finding::Absent), .. }) => (Answer::Absent(None), false),
        Ok(Answered { answer: Ok(Finding::Found(found)), .. }) if found.current => {
            (Answer::Delivered(Some(found.remote_id)), false)
        }
        Ok(Answered { answer: Ok(Finding::Found(found)), .. }) => {
            (Answer::Absent(Some(found.remote_id)), false)
        }
        Ok(Answered { answer: Err(failure), .. }) => (Answer::Failed(failure.into(), Said::Later), false),
        Err(failed) => (broken(&failed), failed.error.is_plugins_fault()),
    };
    let items = vec![(held, Some(answer))];
    Ended { items, together: 1, unanswered, excerpt: said.excerpt(), ..Ended::default() }
}

/// An outcome of the contract as an answer.
fn answered(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Delivered(remote_id) => Answer::Delivered(remote_id),
        Outcome::Superseded => Answer::Outdated,
        Outcome::Retry(failure) => Answer::Failed(failure.into(), Said::Later),
        Outcome::Reject(failure) => Answer::Failed(failure.into(), Said::Never),
        Outcome::Unknown(failure) => Answer::Failed(failure.into(), Said::CantTell),
    }
}

/// A call that ended without an answer.
fn broken(failed: &CallFailed) -> Answer {
    match failed.error.failure() {
        Some(failure) => Answer::Failed(failure, Said::Later),
        None => Answer::HostFailed(failed.to_string()),
    }
}

fn unprepared(error: &PrepareError) -> Answer {
    match error {
        PrepareError::Spoilt(spoilt) => Answer::Failed(spoilt.failure(), Said::Never),
        PrepareError::Call(failed) => match failed.error.failure() {
            // The sentence names the transform: whoever reads it would look for the fault in the target's plugin.
            Some(failure) => {
                let failure = Failure { message: failed.to_string(), ..failure };
                Answer::Failed(failure, Said::Later)
            }
            None => Answer::HostFailed(failed.to_string()),
        },
        PrepareError::Keep(_) => Answer::HostFailed(error.to_string()),
    }
}

/// The answer for items whose call was cut off because the host ends.
pub(super) fn cut_off() -> Answer {
    let message = "the host was stopped while the call ran".to_owned();
    let failure = Failure { cause: Cause::Timeout, message, retry_after: None, http_status: None };
    Answer::Failed(failure, Said::CantTell)
}

fn tell<T>(desk: &Desk, called: &Result<Answered<T>, CallFailed>, began: Millis) {
    let report: &Report = match called {
        Ok(answered) => &answered.report,
        Err(failed) => &failed.report,
    };
    let (plugin, took) = (&desk.bound.plugin.manifest().name, desk.station.sample().monotonic.since(began));
    desk.station.desk.ledger().called(plugin, report, took, called.is_err());
    tell_log(&desk.station.name, plugin, &report.log);
}

/// What a plugin wrote to the log goes to ours, with its name and its target's.
pub(super) fn tell_log(target: &str, plugin: &str, lines: &[LogLine]) {
    for line in lines {
        let fields =
            line.fields.iter().fold(String::new(), |all, (key, value)| format!("{all} {key}={value}"));
        let text = format!("{}{fields}", line.message);
        match line.level {
            LogLevel::Error => tracing::error!(target: "stint::plugin", plugin, to = target, "{text}"),
            LogLevel::Warn => tracing::warn!(target: "stint::plugin", plugin, to = target, "{text}"),
            LogLevel::Info => tracing::info!(target: "stint::plugin", plugin, to = target, "{text}"),
            LogLevel::Debug => tracing::debug!(target: "stint::plugin", plugin, to = target, "{text}"),
            LogLevel::Trace => tracing::trace!(target: "stint::plugin", plugin, to = target, "{text}"),
        }
    }
}

/// The plugin as the history names it.
pub(super) fn named(bound: &Bound) -> Plugin {
    let manifest = bound.plugin.manifest();
    Plugin {
        name: manifest.name.clone(),
        version: manifest.version.to_string(),
        sha256: bytes(bound.plugin.sha256()),
    }
}

/// Hexadecimal digits as bytes. They are the runtime's own, so there is nothing to refuse.
fn bytes(hexadecimal: &str) -> Hash {
    let mut hash = Hash::default();
    for (byte, place) in hash.iter_mut().zip(0..) {
        let digits = hexadecimal.get(place * 2..place * 2 + 2).unwrap_or("00");
        *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
    }
    hash
}

/// Whether an item is one of those of which only the newest needs to be sent.
pub(super) fn is_snapshot(desk: &Desk, held: &Held) -> bool {
    let newest_alone = desk.bound.plugin.manifest().target.as_ref().is_some_and(|traits| traits.snapshots);
    newest_alone
        && held.claimed.kind == Kind::TimeEntry
        && held.claimed.attempted_at.is_none()
        && !held.claimed.looking_up
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_its_digits() {
        let text = "00ff10".to_owned() + &"ab".repeat(29);
        let hash = bytes(&text);
        assert_eq!((hash[0], hash[1], hash[2], hash[31]), (0, 255, 16, 0xab));
    }
}
