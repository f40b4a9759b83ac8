//! Settling: what a call brought is made durable, in one transaction with what its plugin wants remembered. The disk
//! may be full for a while: it is tried again, for what happened at the backend must not be forgotten.

use std::{sync::Arc, time::Duration};

use stint_domain::time::{Millis, UnixMs};
use stint_plugin_runtime::services::FilesHeld;
use stint_store::{
    Store,
    plugin_state::Write,
    queue::{self, Lease, Plugin, Report, Settled},
    target::{Hold, Pace},
};

use super::DeliverError;

/// How long it is tried. The lease lapses later, and then the items are found out about.
const TRIES: [Millis; 6] = [
    Millis(100),
    Millis(500),
    Millis::from_secs(2),
    Millis::from_secs(8),
    Millis::from_secs(20),
    Millis::from_secs(30),
];

/// Everything that one call leaves behind.
pub(super) struct Settlement {
    pub(super) lease: Lease,
    pub(super) now: UnixMs,
    pub(super) items: Vec<Settled>,
    pub(super) plugin: Plugin,
    pub(super) writes: Vec<Write>,
    pub(super) files: Option<FilesHeld>,
    pub(super) pace: Option<Pace>,
    pub(super) hold: Option<Hold>,
}

/// A settlement that is durable.
pub(super) struct Done {
    pub(super) report: Report,
    /// Whether calls wait for what it wrote.
    pub(super) was_awaited: bool,
}

impl Settlement {
    /// Whether the next call has to see what it writes.
    pub(super) fn is_awaited(&self) -> bool {
        !self.writes.is_empty() || self.files.as_ref().is_some_and(|files| files.count() > 0)
    }

    /// Makes it durable.
    pub(super) async fn settle(mut self, store: Arc<Store>) -> Result<Done, DeliverError> {
        let was_awaited = self.is_awaited();
        let files = self.files.take();
        let settlement = Arc::new(self);
        let mut tries = TRIES.into_iter();
        loop {
            let settlement = Arc::clone(&settlement);
            match store.write(move |transaction| queue::settle(transaction, &settlement.as_stored())).await {
                Ok(report) => {
                    if let Some(files) = files {
                        files.settle();
                    }
                    return Ok(Done { report, was_awaited });
                }
                Err(error) => {
                    let Some(wait) = tries.next() else { return Err(error.into()) };
                    tracing::error!(target: "stint::deliver", again_in_ms = wait.0,
                        "what was delivered can't be noted yet: {error}");
                    tokio::time::sleep(Duration::from_millis(wait.0)).await;
                }
            }
        }
    }

    fn as_stored(&self) -> queue::Settlement<'_> {
        queue::Settlement {
            lease: self.lease,
            now: self.now,
            items: &self.items,
            plugin: &self.plugin,
            writes: &self.writes,
            files: &[],
            pace: self.pace,
            hold: self.hold.as_ref(),
        }
    }
}
