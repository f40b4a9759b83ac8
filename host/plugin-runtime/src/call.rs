//! One call: a fresh store with its three bounds, the call itself, and what is left when it is over.
//!
//! Invariant: nothing survives a call but its answer and its report. A store in which something trapped, or whose
//! call was cut off, is never entered again.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{AcquireError, OwnedSemaphorePermit};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use crate::call_error::CallError;
use crate::engine::Inner;
use crate::logbook::LogLine;
use crate::manifest::Kind;
use crate::meter::Meter;
use crate::sandbox::{Sandbox, Surroundings};
use crate::services::{FilesHeld, Later, StateWrite};

/// What a plugin answered, and what the call left behind.
#[must_use = "the report holds the state to commit and the files to settle"]
pub struct Answered<T> {
    /// The answer.
    pub answer: T,
    /// State to commit together with the answer's consequences.
    pub state: Vec<StateWrite>,
    /// Files it wrote, closed to others until this is settled or dropped.
    pub files: FilesHeld,
    /// What happened on the way.
    pub report: Report,
}

/// What happened during a call, however it ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What the plugin logged.
    pub log: Vec<LogLine>,
    /// Requests it sent.
    pub requests: u32,
    /// Of these, the ones that the backend may have acted on.
    pub may_have_arrived: u32,
    /// The most memory its sandbox had.
    pub memory_bytes: usize,
    /// Its time on the processor, without what the host did for it.
    pub cpu: Duration,
}

/// A call that ended without an answer. Its state is discarded and its files are open to others again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plugin `{plugin}` failed: {error}")]
pub struct CallFailed {
    /// The plugin's name.
    pub plugin: String,
    /// Why.
    pub error: CallError,
    /// What happened on the way.
    pub report: Report,
}

/// What is done inside the store.
pub(crate) type Work<T> =
    Box<dyn for<'a> FnOnce(&'a mut Store<Sandbox>, &'a Instance) -> Later<'a, wasmtime::Result<T>> + Send>;

/// The places a call takes: one of the plugin's own, then one of all. In this order a plugin's queue never holds
/// places that others wait for.
pub(crate) async fn take_places(
    own: &Arc<tokio::sync::Semaphore>,
    engine: &Inner,
) -> Result<[OwnedSemaphorePermit; 2], AcquireError> {
    let own = Arc::clone(own).acquire_owned().await?;
    let all = Arc::clone(&engine.gate).acquire_owned().await?;
    Ok([own, all])
}

/// Runs a call in a fresh store.
pub(crate) async fn run<T: Send>(
    engine: &Inner,
    component: &InstancePre<Sandbox>,
    kind: Kind,
    around: Surroundings,
    work: Work<T>,
) -> (Result<T, CallError>, Sandbox) {
    let limits = Arc::clone(&around.limits);
    let meter = Meter::new(engine.ticker.begin(), Arc::clone(&around.clock), limits.cpu);
    let mut store = Store::new(&engine.wasmtime, Sandbox::new(kind, around, meter));
    store.limiter(|sandbox| &mut sandbox.memory);
    store.set_hostcall_fuel(limits.transfer_bytes);
    // A handle that is lent counts twice meanwhile.
    store.set_max_component_handles(limits.handles.saturating_mul(2));
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut context| context.data_mut().meter.tick());
    let within = async {
        let instance = component.instantiate_async(&mut store).await?;
        work(&mut store, &instance).await
    };
    let ended = tokio::time::timeout(limits.call, within).await;
    let mut sandbox = store.into_data();
    // The last turn ended with the call, on this very thread.
    sandbox.meter.pause();
    let answer = match ended {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(CallError::from_wasmtime(&error, &sandbox)),
        Err(_elapsed) => Err(CallError::OutOfTime { limit: limits.call }),
    };
    (answer, sandbox)
}

impl Sandbox {
    /// What happened in it.
    pub(crate) fn report(&mut self) -> Report {
        Report {
            log: std::mem::take(&mut self.log).into_lines(),
            requests: self.http.requests,
            may_have_arrived: self.http.may_have_arrived,
            memory_bytes: self.memory.used_bytes(),
            cpu: self.meter.used(),
        }
    }
}
