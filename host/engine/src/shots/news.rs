//! What the whole process knows of its screenshots.

use std::{collections::BTreeMap, sync::Arc};

use stint_capture::Likeness;
use stint_domain::time::UnixMs;
use tokio::sync::{Mutex, MutexGuard, watch};

use super::remedy::Trouble;

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
    pub(crate) trouble: Option<Trouble>,
    /// The screens that were there the last time somebody looked.
    pub(crate) screens: Vec<String>,
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

    /// These screens are there.
    pub(super) fn found(&self, screens: Vec<String>) {
        self.news.send_modify(|news| news.screens = screens);
    }

    /// It went well, or not. An error is logged when it is new: one that stays would fill the log.
    pub(super) fn went(&self, trouble: Option<Trouble>) {
        let known = self.news.borrow().trouble.clone();
        if let Some(new) = trouble.as_ref().filter(|trouble| known.as_ref() != Some(trouble)) {
            tracing::warn!(target: "stint::capture", "{}", new.error);
        }
        self.news.send_modify(|news| news.trouble = trouble);
    }
}
