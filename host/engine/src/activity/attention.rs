//! Whether somebody is there, as the whole process knows it.

use std::sync::Arc;

use stint_capture::Look;
use stint_domain::time::Millis;
use tokio::sync::{Notify, watch};

/// Whether somebody is there. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attention {
    known: watch::Sender<Known>,
    wanted: Arc<Notify>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Known {
    there: Option<There>,
    /// How often somebody looked, whatever came of it.
    looks: u64,
    /// Whether there is somebody who looks.
    is_watched: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct There {
    idle: Millis,
    locked: bool,
    /// Whether it was locked when the log-in service was asked last.
    locked_by_login: bool,
}

/// Somebody looks as long as this is kept.
pub(crate) struct Watched(Attention);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.known.send_modify(|known| known.is_watched = false);
    }
}

impl Attention {
    /// Nobody has touched the machine for so long, or it is locked. What was seen last stands until something else is
    /// seen: a look that fails unlocks nothing. Somebody is taken to be at a desk that never was seen.
    pub(crate) fn is_away(&self, idle_after: Millis) -> bool {
        self.known.borrow().there.is_some_and(|there| there.locked || there.idle >= idle_after)
    }

    /// Has somebody look anew, and comes back when that is done; at once where nobody does.
    pub(crate) async fn refresh(&self) {
        let mut known = self.known.subscribe();
        let before = *known.borrow_and_update();
        if before.is_watched {
            self.wanted.notify_one();
        }
        let is_done = |now: &Known| !now.is_watched || now.looks > before.looks;
        // It can't be closed: one end of it is here.
        let _ = known.wait_for(is_done).await;
    }

    /// From now on somebody looks.
    pub(super) fn watch(&self) -> Watched {
        self.known.send_modify(|known| known.is_watched = true);
        Watched(self.clone())
    }

    /// Waits until a look is wanted.
    pub(super) async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// What a look came to. Where the log-in service said that the session is locked, nobody else says that it isn't.
    pub(crate) fn seen(&self, look: &Look) {
        self.known.send_modify(|known| {
            let was_locked = known.there.is_some_and(|there| there.locked_by_login);
            let locked_by_login = if look.login_was_asked { look.locked } else { was_locked };
            let locked = look.locked || locked_by_login;
            known.there = Some(There { idle: look.idle, locked, locked_by_login });
        });
    }

    /// Somebody has looked, whatever came of it.
    pub(super) fn looked(&self) {
        self.known.send_modify(|known| known.looks += 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: Millis = Millis(1_000);

    fn look(idle: u64, locked: bool) -> Look {
        Look { idle: Millis(idle), locked, ..Look::default() }
    }

    #[test]
    fn who_is_idle_or_locked_out_is_away() {
        let attention = Attention::default();
        assert!(!attention.is_away(AFTER), "nobody knows");
        for (seen, away) in [
            (look(999, false), false),
            (look(1_000, false), true),
            (look(0, true), true),
            (look(0, false), false),
        ] {
            attention.seen(&seen);
            assert_eq!(attention.is_away(AFTER), away, "{seen:?}");
        }
    }

    #[test]
    fn a_lock_that_the_login_service_told_of_ends_when_it_says_so() {
        let attention = Attention::default();
        let told = |locked| Look { login_was_asked: true, ..look(0, locked) };
        attention.seen(&told(true));
        attention.seen(&look(0, false));
        assert!(attention.is_away(AFTER), "the X server alone, while the bus is away");
        attention.seen(&told(false));
        assert!(!attention.is_away(AFTER));
        attention.seen(&look(0, true));
        attention.seen(&look(0, false));
        assert!(!attention.is_away(AFTER), "it was the X server that said so");
    }

    #[tokio::test]
    async fn a_look_is_waited_for_while_somebody_looks() {
        let attention = Attention::default();
        attention.refresh().await;
        let watched = attention.watch();
        let watcher = attention.clone();
        let looking = tokio::spawn(async move {
            watcher.wanted().await;
            watcher.seen(&look(0, true));
            watcher.looked();
            watched
        });
        attention.refresh().await;
        assert!(attention.is_away(AFTER));
        let watched = looking.await.unwrap();
        let waiting = tokio::spawn({
            let attention = attention.clone();
            async move { attention.refresh().await }
        });
        attention.wanted().await;
        drop(watched);
        waiting.await.unwrap();
    }
}
