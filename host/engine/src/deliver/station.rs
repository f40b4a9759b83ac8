//! What the parts of one target's loop share, and what the loop tells others of its passes.

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};
use stint_domain::{clock::ClockSample, pace::Jitter, time::UnixMs};
use stint_store::{Epoch, TargetId};
use tokio::sync::watch;

use super::{Bell, DeliverError};
use crate::{chance, desk::Desk};

/// One target and all that its loop works with. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Station {
    pub(super) desk: Desk,
    pub(super) bell: Bell,
    pub(super) passes: Passes,
    pub(super) name: Arc<str>,
    pub(super) id: TargetId,
    pub(super) epoch: Epoch,
}

/// How a pass ended, or why there was none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// The wish that it granted, counted by target; 0 while there was none.
    pub wish: u64,
    /// When it ended.
    pub at: UnixMs,
    /// In one line, for people.
    pub result: String,
    /// How many items were delivered.
    pub delivered: u64,
    /// How many failed for good.
    pub failed: u64,
    /// How many are tried again later.
    pub later: u64,
    /// The last failure of an item, if there was one.
    pub error: Option<String>,
    /// Why the built-in rules count in place of the target's policy, where they do.
    pub policy_error: Option<String>,
}

/// The last pass over each target, and when it changes. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Passes(watch::Sender<BTreeMap<String, Passed>>);

impl Passes {
    /// The last pass over each target.
    pub fn watch(&self) -> watch::Receiver<BTreeMap<String, Passed>> {
        self.0.subscribe()
    }

    /// A target's last pass. A wish that was granted once stays granted.
    pub(super) fn tell(&self, target: &str, mut passed: Passed) {
        self.0.send_modify(|all| {
            if let Some(last) = all.get(target) {
                passed.wish = passed.wish.max(last.wish);
                passed.policy_error.clone_from(&last.policy_error);
            }
            all.insert(target.to_owned(), passed);
        });
    }

    /// A wish came to what the last pass came to already.
    pub(super) fn grant(&self, target: &str, wish: u64) {
        self.0.send_if_modified(|all| match all.get_mut(target) {
            Some(last) if last.wish < wish => {
                last.wish = wish;
                true
            }
            _ => false,
        });
    }

    /// Whether the target's policy is followed.
    pub(super) fn tell_policy(&self, target: &str, error: Option<&str>) {
        self.0.send_if_modified(|all| match all.get_mut(target) {
            Some(last) if last.policy_error.as_deref() != error => {
                last.policy_error = error.map(str::to_owned);
                true
            }
            _ => false,
        });
    }

    /// The youngest wish that was granted.
    pub(super) fn granted(&self, target: &str) -> u64 {
        self.0.borrow().get(target).map_or(0, |last| last.wish)
    }

    /// A target is no longer there.
    pub(super) fn forget(&self, target: &str) {
        self.0.send_modify(|all| drop(all.remove(target)));
    }
}

impl Station {
    pub(super) fn sample(&self) -> ClockSample {
        self.desk.clock().sample()
    }

    pub(super) fn now(&self) -> UnixMs {
        self.sample().wall
    }
}

/// A draw of chance.
pub(super) fn jitter() -> Result<Jitter, DeliverError> {
    let entropy = chance::entropy()?;
    Ok(Jitter(entropy.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))))
}
