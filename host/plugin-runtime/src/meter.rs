//! Measures a call's time on the processor, in ticks of the epoch.
//!
//! Only the plugin's own turns are counted: not the time the host works for it or waits for the network, and not
//! the time other tasks have the thread after the plugin was made to yield. So a slow server never uses up a
//! plugin's processor time, and a plugin in a loop can't hide behind many short calls of the host.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use wasmtime::UpdateDeadline;

use crate::ticker::{InFlight, TICK};

/// The meter of one call. It keeps the ticker awake while it lives.
pub(crate) struct Meter {
    in_flight: Arc<InFlight>,
    /// The tick at which the plugin's present turn began.
    turn_began: Arc<AtomicU64>,
    used: u64,
    budget: u64,
}

/// The plugin has used up its time on the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its time on the processor is used up")]
pub(crate) struct OutOfTime;

impl Meter {
    pub(crate) fn new(in_flight: InFlight, budget: std::time::Duration) -> Self {
        let turn_began = Arc::new(AtomicU64::new(in_flight.ticks()));
        // One more than the budget holds, because the first tick may come at once.
        let budget =
            u64::try_from(budget.as_millis() / TICK.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        Self { in_flight: Arc::new(in_flight), turn_began, used: 0, budget }
    }

    /// The plugin's turn ends: the host works for it, or it yields.
    pub(crate) fn pause(&mut self) {
        let now = self.in_flight.ticks();
        self.used += now.saturating_sub(self.turn_began.swap(now, Ordering::Relaxed));
    }

    /// The plugin's turn begins again.
    pub(crate) fn resume(&self) {
        self.turn_began.store(self.in_flight.ticks(), Ordering::Relaxed);
    }

    /// A tick has passed while the plugin ran. It yields, so that other plugins on this thread go on, or ends.
    pub(crate) fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.pause();
        if self.used >= self.budget {
            return Err(OutOfTime.into());
        }
        let (in_flight, turn_began) = (Arc::clone(&self.in_flight), Arc::clone(&self.turn_began));
        let yielded = async move {
            tokio::task::yield_now().await;
            turn_began.store(in_flight.ticks(), Ordering::Relaxed);
        };
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(yielded)))
    }
}
