//! How far an exchange has come. When it ends without an answer, this decides whether the backend may have acted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How far an exchange has come. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    at: Arc<Mutex<String>>,
    began: Arc<AtomicBool>,
    acted: Arc<AtomicBool>,
}

impl Progress {
    /// A request is about to be made: its method and address as they may be shown.
    pub(super) fn goes_to(&self, at: String) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
        self.began.store(false, Ordering::Release);
    }

    /// A byte of it can have left from now on.
    pub(super) fn begins(&self) {
        self.began.store(true, Ordering::Release);
    }

    /// The backend has taken a request for good, whatever becomes of the next one.
    pub(super) fn acted(&self) {
        self.acted.store(true, Ordering::Release);
    }

    /// The request that is made.
    pub(super) fn at(&self) -> String {
        self.at.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a byte of it can have left.
    pub(super) fn has_begun(&self) -> bool {
        self.began.load(Ordering::Acquire)
    }

    /// Whether an earlier request was taken for good.
    pub(super) fn has_acted(&self) -> bool {
        self.acted.load(Ordering::Acquire)
    }
}
