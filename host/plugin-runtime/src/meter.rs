//! Measures a call's time on the processor.
//!
//! Only the plugin's own turns are counted: not the time the host works for it or waits for the network, and not
//! the time other tasks have the thread after the plugin was made to yield. So a slow server never uses up a
//! plugin's processor time, and a plugin in a loop can't hide behind many short calls of the host.
//!
//! A turn is measured by the processor time of its thread, which it never leaves: whatever suspends a plugin ends its
//! turn. So a busy machine, on which a turn takes long, costs a plugin nothing. Where the host's clock doesn't know
//! that time, ticks of the epoch stand in for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use wasmtime::UpdateDeadline;

use crate::services::Clock;
use crate::ticker::{InFlight, TICK};

/// The meter of one call. It keeps the ticker awake while it lives.
pub(crate) struct Meter {
    source: Arc<Source>,
    used_ns: u64,
    budget_ns: u64,
}

/// Where the meter reads.
struct Source {
    in_flight: InFlight,
    clock: Arc<dyn Clock>,
    /// The reading when the plugin's present turn began.
    turn_began_ns: AtomicU64,
}

/// The plugin has used up its time on the processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("its time on the processor is used up")]
pub(crate) struct OutOfTime;

impl Meter {
    pub(crate) fn new(in_flight: InFlight, clock: Arc<dyn Clock>, budget: Duration) -> Self {
        let source = Source { in_flight, clock, turn_began_ns: AtomicU64::new(0) };
        source.begin_turn();
        // One tick more than the budget holds, because the first may come at once.
        Self { source: Arc::new(source), used_ns: 0, budget_ns: nanoseconds(budget.saturating_add(TICK)) }
    }

    /// The plugin's turn ends: the host works for it, or it yields.
    pub(crate) fn pause(&mut self) {
        let turn = self.source.now_ns().saturating_sub(self.source.turn_began_ns.load(Ordering::Relaxed));
        self.used_ns = self.used_ns.saturating_add(turn);
    }

    /// How much was used in all turns that have ended.
    pub(crate) fn used(&self) -> Duration {
        Duration::from_nanos(self.used_ns)
    }

    /// The plugin's turn begins again.
    pub(crate) fn resume(&self) {
        self.source.begin_turn();
    }

    /// A tick has passed while the plugin ran. It yields, so that other plugins on this thread go on, or ends.
    pub(crate) fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.pause();
        if self.used_ns >= self.budget_ns {
            return Err(OutOfTime.into());
        }
        let source = Arc::clone(&self.source);
        let yielded = async move {
            tokio::task::yield_now().await;
            source.begin_turn();
        };
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(yielded)))
    }
}

impl Source {
    fn begin_turn(&self) {
        self.turn_began_ns.store(self.now_ns(), Ordering::Relaxed);
    }

    fn now_ns(&self) -> u64 {
        let ticks = || self.in_flight.ticks().saturating_mul(nanoseconds(TICK));
        self.clock.thread_cpu_ns().unwrap_or_else(ticks)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
