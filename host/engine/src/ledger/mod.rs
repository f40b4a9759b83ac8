//! What happens, as it happens: told once, to whoever listens, and counted.
//!
//! Invariant: events have numbers without a gap, so a listener that was away knows whether it missed one. Telling
//! waits for nobody: a listener that is too slow loses the oldest and is told so.

mod changes;
mod event;
mod metrics;
mod tallies;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use stint_domain::time::{Millis, UnixMs};
use stint_plugin_runtime::Report;
use tokio::sync::broadcast;

pub(crate) use changes::tell_changes;
pub use event::{Event, Part, Told, Which};
pub use metrics::metrics;
use tallies::Tallies;

/// So many events are kept for those who come back.
const KEPT: usize = 1_000;

/// The ledger. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Ledger {
    inner: Arc<Mutex<Inner>>,
    told: broadcast::Sender<Arc<Told>>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    recent: VecDeque<Arc<Told>>,
    tallies: Tallies,
}

/// What a listener gets first, and then.
#[derive(Debug)]
pub struct Listening {
    /// What was told since the event that it knows.
    pub missed: Vec<Arc<Told>>,
    /// Whether there was more than is kept.
    pub is_incomplete: bool,
    /// What is told from now on.
    pub next: broadcast::Receiver<Arc<Told>>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { inner: Arc::default(), told: broadcast::Sender::new(KEPT) }
    }
}

impl Ledger {
    /// Tells an event.
    pub fn tell(&self, at: UnixMs, event: Event) {
        let mut inner = self.lock();
        inner.tallies.event(&event);
        inner.last += 1;
        let told = Arc::new(Told { number: inner.last, at: at.into(), event });
        if inner.recent.len() == KEPT {
            inner.recent.pop_front();
        }
        inner.recent.push_back(Arc::clone(&told));
        // Under the lock, so that nobody hears two events in another order than their numbers'. Nobody may listen.
        let _heard = self.told.send(told);
    }

    /// Listens from here on, or from behind an event that is known.
    pub fn listen(&self, known: Option<u64>) -> Listening {
        let inner = self.lock();
        let next = self.told.subscribe();
        let Some(known) = known else {
            return Listening { missed: Vec::new(), is_incomplete: false, next };
        };
        let missed: Vec<_> = inner.recent.iter().filter(|told| told.number > known).cloned().collect();
        let first = missed.first().map_or(inner.last + 1, |told| told.number);
        // A number from before a restart may be higher than any there is.
        let is_incomplete = first > known + 1 || known > inner.last;
        Listening { missed, is_incomplete, next }
    }

    /// So many items were claimed at once.
    pub(crate) fn claimed(&self, target: &str, items: usize) {
        self.lock().tallies.claimed(target, items);
    }

    /// So many calls run now.
    pub(crate) fn in_flight(&self, target: &str, calls: usize) {
        self.lock().tallies.in_flight(target, calls);
    }

    /// A plugin was called.
    pub(crate) fn called(&self, plugin: &str, report: &Report, took: Millis, failed: bool) {
        self.lock().tallies.called(plugin, report, took, failed);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Counting can't be left half done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tell(ledger: &Ledger, times: usize) {
        for _ in 0..times {
            ledger.tell(UnixMs(5), Event::Idle { target: "work".into(), why: "nothing is pending".into() });
        }
    }

    fn numbers(missed: &[Arc<Told>]) -> Vec<u64> {
        missed.iter().map(|told| told.number).collect()
    }

    #[tokio::test]
    async fn a_listener_hears_what_it_missed_and_what_comes() {
        let ledger = Ledger::default();
        tell(&ledger, 3);
        let mut listening = ledger.listen(Some(1));
        assert_eq!((numbers(&listening.missed), listening.is_incomplete), (vec![2, 3], false));
        tell(&ledger, 1);
        assert_eq!(listening.next.recv().await.unwrap().number, 4);
        assert!(ledger.listen(None).missed.is_empty());
        assert!(!ledger.listen(Some(4)).is_incomplete);
    }

    #[test]
    fn one_who_was_away_too_long_or_before_a_restart_is_told_so() {
        let ledger = Ledger::default();
        tell(&ledger, KEPT + 5);
        let listening = ledger.listen(Some(2));
        assert!(listening.is_incomplete);
        assert_eq!((listening.missed.len(), listening.missed[0].number), (KEPT, 6));
        assert!(!ledger.listen(Some(5)).is_incomplete);
        assert!(ledger.listen(Some(1_000_000)).is_incomplete);
    }
}
