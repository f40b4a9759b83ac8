//! The clock that ends endless loops: a thread that advances the engine's epoch every ten milliseconds.
//!
//! Invariant: the epoch moves while any call is in flight, and the thread sleeps while none is, so an idle host
//! uses no processor time. It holds the engine weakly, so it never keeps one alive.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

/// The time from one epoch to the next.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// The owner of the thread, which ends with it.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
}

/// What the thread and the calls have in common.
#[derive(Default)]
struct Shared {
    ticks: AtomicU64,
    in_flight: AtomicUsize,
    stopped: AtomicBool,
    asleep: Mutex<bool>,
    wake: Condvar,
}

/// Keeps the epoch moving while it lives, and tells how far it has come.
pub(crate) struct InFlight {
    shared: Arc<Shared>,
}

impl Ticker {
    /// Starts the thread, which sleeps at first.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (theirs, engine) = (Arc::clone(&shared), engine.weak());
        std::thread::Builder::new().name("stint-epochs".to_owned()).spawn(move || theirs.run(&engine))?;
        Ok(Self { shared })
    }

    /// Says that a call begins. It ends when the answer is dropped.
    pub(crate) fn begin(&self) -> InFlight {
        if self.shared.in_flight.fetch_add(1, Ordering::SeqCst) == 0 {
            self.shared.rouse();
        }
        InFlight { shared: Arc::clone(&self.shared) }
    }

    /// Whether the thread sleeps because no call is in flight.
    pub(crate) fn is_asleep(&self) -> bool {
        *self.shared.asleep.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.rouse();
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.shared.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl InFlight {
    /// How many ticks there have been.
    pub(crate) fn ticks(&self) -> u64 {
        self.shared.ticks.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn run(&self, engine: &EngineWeak) {
        while !self.stopped.load(Ordering::SeqCst) {
            let mut asleep = self.asleep.lock().unwrap_or_else(PoisonError::into_inner);
            if self.in_flight.load(Ordering::SeqCst) == 0 {
                *asleep = true;
                let idle = |_: &mut bool| {
                    self.in_flight.load(Ordering::SeqCst) == 0 && !self.stopped.load(Ordering::SeqCst)
                };
                asleep = self.wake.wait_while(asleep, idle).unwrap_or_else(PoisonError::into_inner);
                *asleep = false;
            }
            drop(asleep);
            std::thread::sleep(TICK);
            let Some(engine) = engine.upgrade() else { return };
            self.ticks.fetch_add(1, Ordering::Relaxed);
            engine.increment_epoch();
        }
    }

    /// Wakes the thread if it sleeps. The lock is taken so that it can't fall asleep between looking and sleeping.
    fn rouse(&self) {
        if *self.asleep.lock().unwrap_or_else(PoisonError::into_inner) {
            self.wake.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        let mut config = wasmtime::Config::new();
        config.epoch_interruption(true);
        Engine::new(&config).unwrap()
    }

    /// Lets the other threads go on until something has become true.
    fn until(what: impl Fn() -> bool) {
        while !what() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn it_ticks_while_a_call_is_in_flight_and_sleeps_otherwise() {
        let engine = engine();
        let ticker = Ticker::start(&engine).unwrap();
        until(|| ticker.is_asleep());
        for _ in 0..3 {
            let (one, two) = (ticker.begin(), ticker.begin());
            let before = one.ticks();
            until(|| one.ticks() > before + 1);
            drop(one);
            let before = two.ticks();
            until(|| two.ticks() > before + 1);
            drop(two);
            until(|| ticker.is_asleep());
        }
    }

    #[test]
    fn the_thread_ends_with_its_owner_and_never_keeps_the_engine() {
        let engine = engine();
        let weak = engine.weak();
        let ticker = Ticker::start(&engine).unwrap();
        let theirs = Arc::downgrade(&ticker.shared);
        let call = ticker.begin();
        drop(engine);
        until(|| weak.upgrade().is_none());
        drop((call, ticker));
        until(|| theirs.strong_count() == 0);
    }
}
