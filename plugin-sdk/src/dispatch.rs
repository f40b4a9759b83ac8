//! One call of the host, from the settings text to the answer. The wasm exports and the fake host of `testing`
//! both go through here, so a unit test takes the same way as a call in the sandbox.

use crate::policy::{Answer, Decision, Policy, Snapshot};
use crate::settings::{self, Settings};
use crate::target::{Finding, Outcome, Target, Undelivered};
use crate::transform::{Transform, Verdict};
use crate::types::{Failure, Item, Problem};
use crate::{imports, log};

pub(crate) fn check<S: Settings>(json: &str, check: fn(&S) -> Vec<Problem>) -> Vec<Problem> {
    match settings::read::<S>(json) {
        Ok(plugin) => check(&plugin),
        Err(problem) => vec![problem],
    }
}

pub(crate) fn probe<T: Target>() -> Result<(), Failure> {
    current::<T>()?.probe()
}

pub(crate) fn upload<T: Target>(items: &[Item]) -> Vec<Outcome> {
    match (current::<T>(), items) {
        (Ok(target), [item]) => vec![target.upload(item)],
        (Ok(target), items) => target.upload_batch(items),
        (Err(failure), items) => items.iter().map(|_| Err(Undelivered::Retry(failure.clone()))).collect(),
    }
}

pub(crate) fn lookup<T: Target>(item: &Item) -> Result<Finding, Failure> {
    current::<T>()?.lookup(item)
}

/// A transform that can't read its settings must not let the item through unchanged, and may not drop it: the call
/// ends in a panic, which holds the item back and shows the message.
#[expect(clippy::panic, reason = "the contract's `apply` has no way to answer with a failure")]
pub(crate) fn apply<T: Transform>(item: Item) -> Verdict {
    match current::<T>() {
        Ok(transform) => transform.apply(item),
        Err(failure) => panic!("{}", failure.message),
    }
}

pub(crate) fn plan<P: Policy>(snapshot: &Snapshot) -> Decision {
    match current::<P>() {
        Ok(policy) => policy.plan(snapshot),
        Err(failure) => {
            log::error(&failure.message);
            Decision::Sync(crate::policy::Sync::default())
        }
    }
}

pub(crate) fn on_failure<P: Policy>(attempt: u32, failure: &Failure) -> Answer {
    match current::<P>() {
        Ok(policy) => policy.on_failure(attempt, failure),
        Err(unread) => {
            log::error(&unread.message);
            Answer::Default
        }
    }
}

/// The plugin as this user's settings make it.
fn current<S: Settings>() -> Result<S, Failure> {
    settings::read(&imports::settings_json()).map_err(|problem| {
        let place = if problem.path.is_empty() { "the settings" } else { &problem.path };
        Failure::misconfigured(format!("the settings don't fit: {} (at {place})", problem.message))
    })
}
