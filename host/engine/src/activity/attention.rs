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
    /// The number of the last look that was begun, and of the last that is over, whatever came of it.
    begun: u64,
    done: u64,
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

    /// Has somebody look anew, and comes back when that is done; at once where nobody does. A look that was begun before
    /// may have seen what is no longer so.
    pub(crate) async fn refresh(&self) {
        let mut known = self.known.subscribe();
        let before = *known.borrow_and_update();
        if before.is_watched {
            self.wanted.notify_one();
        }
        let is_done = |now: &Known| !now.is_watched || now.done > before.begun;
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
            let locked_by_login = look.login_says_locked.unwrap_or(was_locked);
            let locked = look.locked || locked_by_login;
            known.there = Some(There { idle: look.idle, locked, locked_by_login });
        });
    }

    /// Somebody begins to look. There is one look at a time.
    pub(super) fn begin(&self) {
        self.known.send_modify(|known| known.begun += 1);
    }

    /// The look is over, whatever came of it.
    pub(super) fn end(&self) {
        self.known.send_modify(|known| known.done = known.begun);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt as _;

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
        let told = |locked| Look { login_says_locked: Some(locked), ..look(0, locked) };
        attention.seen(&told(true));
        attention.seen(&look(0, false));
        assert!(attention.is_away(AFTER), "the X server alone, while the bus is away");
        attention.seen(&told(false));
        assert!(!attention.is_away(AFTER));
        let saved = Look { locked: true, ..told(false) };
        for saver in [saved, look(0, true)] {
            attention.seen(&saver);
            assert!(attention.is_away(AFTER));
            attention.seen(&look(0, false));
            assert!(!attention.is_away(AFTER), "it was the X server that said so");
        }
    }

    #[tokio::test]
    async fn a_look_is_waited_for_while_somebody_looks() {
        let attention = Attention::default();
        attention.refresh().await;
        let watched = attention.watch();
        let watcher = attention.clone();
        let looking = tokio::spawn(async move {
            watcher.wanted().await;
            watcher.begin();
            watcher.seen(&look(0, true));
            watcher.end();
            watched
        });
        attention.refresh().await;
        assert!(attention.is_away(AFTER));
        let watched = looking.await.unwrap();

        attention.begin();
        let mut waiting = pin!(attention.refresh());
        assert!(waiting.as_mut().now_or_never().is_none());
        attention.end();
        assert!(waiting.as_mut().now_or_never().is_none(), "that look was begun before");
        attention.begin();
        attention.end();
        assert!(waiting.now_or_never().is_some());
        attention.wanted().await;

        let waiting = tokio::spawn({
            let attention = attention.clone();
            async move { attention.refresh().await }
        });
        attention.wanted().await;
        drop(watched);
        waiting.await.unwrap();
    }
}
