//! From what a plugin answered to what becomes of the item and its target: the domain's table, asked with what is
//! known around the answer. Nothing is decided here that the table decides.

use stint_domain::{
    clock::ClockSample,
    delivery::{Idempotency, Remedy},
    failure::{Cause, Evidence, Failure, ItemFate, Ruling, rule, table::Consequence},
    pace::{Jitter, backoff, due},
    time::{Millis, UnixMs},
};
use stint_store::queue::{Claimed, Outcome};

use super::memory::Memory;

/// What a call brought for one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The target has it, and may have a name for its entry.
    Delivered(Option<String>),
    /// The target has something newer.
    Outdated,
    /// It failed, and this is what was said of trying again.
    Failed(Failure, Said),
    /// The target was asked and doesn't have it, or not in this form.
    Absent(Option<String>),
    /// A transform keeps it back, and says why.
    Withheld(String),
    /// The host could not do its part, which counts against nobody.
    HostFailed(String),
}

/// What a plugin says about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It may work later.
    Later,
    /// It never will as it is.
    Never,
    /// It may have worked.
    CantTell,
}

/// What is known around an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// Whether the backend may have acted on a request of the call.
    pub(super) sent: bool,
    /// Whether the item was alone in its call.
    pub(super) alone: bool,
    /// Whether an item of its kind succeeded since the target last changed.
    pub(super) proven: bool,
    /// How many charged attempts an item has.
    pub(super) attempts_max: u32,
    /// How the plugin's backend tells a repeated request.
    pub(super) class: Idempotency,
    /// Now.
    pub(super) now: ClockSample,
    /// A draw of chance.
    pub(super) jitter: Jitter,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    /// For the item.
    pub(super) outcome: Outcome,
    /// For the target.
    pub(super) target: Consequence,
}

/// What follows from an answer.
pub(super) fn judge(item: &Claimed, answer: Answer, around: &Around, memory: &mut Memory) -> Judged {
    let fine = |outcome| Judged { outcome, target: Consequence::GoOn };
    match answer {
        Answer::Delivered(remote_id) => fine(Outcome::Delivered { remote_id }),
        Answer::Outdated => fine(Outcome::Outdated),
        Answer::Absent(remote_id) => fine(Outcome::Absent { remote_id }),
        Answer::Withheld(reason) => fine(Outcome::Withheld { reason }),
        Answer::Failed(failure, said) => failed(item, failure, said, around, memory),
        Answer::HostFailed(message) => host_failed(message, around),
    }
}

fn failed(item: &Claimed, failure: Failure, said: Said, around: &Around, memory: &mut Memory) -> Judged {
    let others_pass = failure.cause == Cause::Server && memory.server_error(item.serial);
    let evidence = Evidence {
        // A question changes nothing at the backend, whatever became of it.
        sent: around.sent && !item.looking_up,
        said_unknown: said == Said::CantTell,
        said_final: said == Said::Never,
        others_pass,
        proven: around.proven,
        alone: around.alone,
        attempts: item.attempts,
        crashes: item.crashes,
        attempts_max: around.attempts_max,
    };
    let ruling = rule(failure.cause, &evidence);
    let due = due(item, &failure, ruling, around);
    Judged { target: ruling.target, outcome: Outcome::Failed { failure, ruling, due } }
}

fn host_failed(message: String, around: &Around) -> Judged {
    let item = if around.sent { ItemFate::Unknown } else { ItemFate::Again };
    let target = Consequence::BackOff;
    let ruling = Ruling { item, target, charged: false, crashed: false, uncertain: around.sent };
    let failure = Failure { cause: Cause::Other, message, retry_after: None, http_status: None };
    let due = doubt_due(around);
    Judged { outcome: Outcome::Failed { failure, ruling, due }, target }
}

/// When the item may be looked at again.
fn due(item: &Claimed, failure: &Failure, ruling: Ruling, around: &Around) -> UnixMs {
    let nth = item.attempts + u32::from(ruling.charged);
    let wait = || backoff::delay(backoff::ITEM_BASE, nth, around.jitter, failure.retry_after);
    match ruling.item {
        ItemFate::Later => around.now.wall + wait(),
        ItemFate::Unknown if ruling.charged && around.class.remedy() != Remedy::AskPerson => {
            around.now.wall + wait()
        }
        ItemFate::Unknown => doubt_due(around),
        ItemFate::Again | ItemFate::Fail => around.now.wall,
    }
}

/// What may have arrived is found out about as soon as the target may be asked. Where only a person can tell, it is
/// not looked at again by itself.
fn doubt_due(around: &Around) -> UnixMs {
    let wait = if around.class.remedy() == Remedy::AskPerson { due::LONGEST_WAIT } else { Millis::ZERO };
    around.now.wall + wait
}

/// What a policy says about a failed attempt, where it is asked: never sooner than the backend wants, never later
/// than any wait may be.
pub(super) fn advised(judged: Judged, advice: Advice, now: UnixMs) -> Judged {
    let Judged { outcome: Outcome::Failed { failure, ruling, due: _ }, target } = judged else {
        return judged;
    };
    let (ruling, due) = match advice {
        Advice::GiveUp => (Ruling { item: ItemFate::Fail, ..ruling }, now),
        Advice::Retry(wait) => {
            let asked = failure.retry_after.unwrap_or_default().min(backoff::LONGEST_ASK);
            (ruling, now + wait.clamp(LEAST_RETRY, backoff::LONGEST_ASK).max(asked))
        }
    };
    Judged { outcome: Outcome::Failed { failure, ruling, due }, target }
}

/// A policy that wants to try again at once is given a second, or it could keep a machine busy.
const LEAST_RETRY: Millis = Millis::from_secs(1);

/// What a policy wants other than the host would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Advice {
    /// Try again after so long.
    Retry(Millis),
    /// Let it fail.
    GiveUp,
}

/// Whether a policy is asked about what follows: for what is charged to the item and tried again.
pub(super) fn is_open_to_advice(judged: &Judged) -> bool {
    matches!(
        &judged.outcome,
        Outcome::Failed { ruling, .. } if ruling.charged && ruling.item == ItemFate::Later
    )
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
