//! What the whole process knows of its screenshots.

use std::{collections::BTreeMap, sync::Arc};

use stint_capture::Likeness;
use stint_domain::time::UnixMs;
use tokio::sync::{Mutex, MutexGuard, watch};

/// What each screen looked like when it was kept last.
pub(super) type Kept = BTreeMap<String, Likeness>;

/// What the whole process knows of its screenshots. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Shots {
    /// Whoever has it takes a shot: nobody else does at that time.
    kept: Arc<Mutex<Kept>>,
    news: watch::Sender<News>,
}

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// When a screenshot was kept last.
    pub(crate) last_at: Option<UnixMs>,
    /// Why none could be taken the last time.
    pub(crate) error: Option<String>,
}

impl Shots {
    /// Waits for whoever takes a shot, and takes their place.
    pub(super) async fn camera(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().await
    }

    /// How it went.
    pub(crate) fn news(&self) -> News {
        self.news.borrow().clone()
    }

    /// One was kept.
    pub(super) fn kept(&self, at: UnixMs) {
        self.news.send_modify(|news| news.last_at = news.last_at.max(Some(at)));
    }

    /// It went well, or not. An error is logged when it is new: one that stays would fill the log.
    pub(super) fn went(&self, error: Option<String>) {
        if let Some(error) = error.as_ref().filter(|error| self.news.borrow().error.as_ref() != Some(error)) {
            tracing::warn!(target: "stint::capture", "{error}");
        }
        self.news.send_modify(|news| news.error = error);
    }
}
