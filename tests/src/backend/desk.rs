//! What the server's tasks and the test share. Whoever waits for a change is woken by it, so nobody sleeps.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::books::Books;
use super::config::Config;

/// What the server's tasks and the test share.
pub(super) struct Desk {
    pub(super) config: Config,
    books: Mutex<Books>,
    /// Wakes tasks that wait for a change.
    changes: watch::Sender<u64>,
    /// Wakes threads that wait for one.
    changed: Condvar,
    /// Wakes requests that are held.
    pub(super) releases: watch::Sender<u64>,
}

impl Desk {
    pub(super) fn new(config: Config) -> Self {
        let mut books = Books::default();
        books.sessions.uses = config.token_uses;
        Self {
            config,
            books: Mutex::new(books),
            changes: watch::Sender::new(0),
            changed: Condvar::new(),
            releases: watch::Sender::new(0),
        }
    }

    /// Reads without waking anybody.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Books) -> T) -> T {
        read(&self.lock())
    }

    /// Changes, and wakes whoever waits for that.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Books) -> T) -> T {
        let answer = change(&mut self.lock());
        self.changes.send_modify(|number| *number += 1);
        self.changed.notify_all();
        answer
    }

    pub(super) fn release(&self) {
        self.releases.send_modify(|number| *number += 1);
    }

    pub(super) async fn until(&self, mut holds: impl FnMut(&Books) -> bool) {
        // Subscribed before the first look, so that no change falls between the two.
        let mut changes = self.changes.subscribe();
        while !self.read(&mut holds) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    pub(super) fn until_blocking(&self, mut holds: impl FnMut(&Books) -> bool) {
        let waited = self.changed.wait_while(self.lock(), |books| !holds(books));
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// A panic of a test that holds the lock says nothing about the books.
    fn lock(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
