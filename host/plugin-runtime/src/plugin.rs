//! A loaded plugin and the calls it can be given, one method for each function of its kinds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Semaphore;
use wasmtime::component::InstancePre;

use crate::answers::{self, Identity};
use crate::bindings::exports::stint::plugin::planner::{self, Decision, Snapshot};
use crate::bindings::exports::stint::plugin::transformer;
use crate::bindings::exports::stint::plugin::uploader::{self, Finding, Outcome};
use crate::bindings::stint::plugin::types::{Failure, Problem};
use crate::call::{self, Answered, CallFailed, Work};
use crate::call_error::CallError;
use crate::engine::Engine;
use crate::item::Item;
use crate::manifest::{Kind, Manifest};
use crate::sandbox::{Sandbox, Surroundings};

/// A plugin, compiled and checked. Cheap to clone.
#[derive(Clone)]
pub struct Plugin {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) file: PathBuf,
    pub(crate) manifest: Manifest,
    pub(crate) sha256: String,
    pub(crate) component: InstancePre<Sandbox>,
    pub(crate) exports: Arc<Exports>,
    pub(crate) places: Arc<Semaphore>,
}

/// Where a component has the interfaces of its kinds.
#[derive(Default)]
pub(crate) struct Exports {
    pub(crate) uploader: Option<uploader::GuestIndices>,
    pub(crate) transformer: Option<transformer::GuestIndices>,
    pub(crate) planner: Option<planner::GuestIndices>,
}

/// What a transform made of an item.
pub enum Verdict {
    /// Go on with this.
    Keep(Box<Item>),
    /// Don't deliver it, for this reason.
    Drop(String),
}

/// What a policy says about a failed attempt.
pub type Advice = planner::Verdict;

type Called<T> = Result<Answered<T>, CallFailed>;

impl Plugin {
    /// What it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.inner.manifest
    }

    /// The SHA-256 of its file, in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.inner.sha256
    }

    /// Where it was loaded from.
    pub fn file(&self) -> &Path {
        &self.inner.file
    }

    /// Has it look at settings.
    pub async fn check(&self, kind: Kind, around: Surroundings, settings: String) -> Called<Vec<Problem>> {
        let inner = Arc::clone(&self.inner);
        let work: Work<Vec<Problem>> = Box::new(move |store, instance| {
            Box::pin(async move {
                match kind {
                    Kind::Target => {
                        let guest = of(inner.exports.uploader.as_ref())?.load(&mut *store, instance)?;
                        guest.call_check(store, &settings).await
                    }
                    Kind::Transform => {
                        let guest = of(inner.exports.transformer.as_ref())?.load(&mut *store, instance)?;
                        guest.call_check(store, &settings).await
                    }
                    Kind::Policy => {
                        let guest = of(inner.exports.planner.as_ref())?.load(&mut *store, instance)?;
                        guest.call_check(store, &settings).await
                    }
                }
            })
        });
        self.call(kind, around, work, |problems, _| Ok(answers::problems(problems))).await
    }

    /// Has a target ask its backend whether it is there.
    pub async fn probe(&self, around: Surroundings) -> Called<Result<(), Failure>> {
        let inner = Arc::clone(&self.inner);
        let work: Work<Result<(), Failure>> = Box::new(move |store, instance| {
            Box::pin(async move {
                let guest = of(inner.exports.uploader.as_ref())?.load(&mut *store, instance)?;
                guest.call_probe(store).await
            })
        });
        self.call(Kind::Target, around, work, |answer, _| Ok(answer.map_err(answers::failure))).await
    }

    /// Has a target deliver items.
    pub async fn upload(&self, around: Surroundings, batch: Vec<Item>) -> Called<Vec<Outcome>> {
        let inner = Arc::clone(&self.inner);
        let count = batch.len();
        let work: Work<Vec<Outcome>> = Box::new(move |store, instance| {
            Box::pin(async move {
                let table = &mut store.data_mut().table;
                let batch: Vec<_> =
                    batch.into_iter().map(|item| item.enter(table)).collect::<Result<_, _>>()?;
                let guest = of(inner.exports.uploader.as_ref())?.load(&mut *store, instance)?;
                guest.call_upload(store, &batch).await
            })
        });
        self.call(Kind::Target, around, work, move |outcomes, _| answers::outcomes(outcomes, count)).await
    }

    /// Has a target ask its backend about an item.
    pub async fn lookup(&self, around: Surroundings, item: Item) -> Called<Result<Finding, Failure>> {
        let inner = Arc::clone(&self.inner);
        let work: Work<Result<Finding, Failure>> = Box::new(move |store, instance| {
            Box::pin(async move {
                let item = item.enter(&mut store.data_mut().table)?;
                let guest = of(inner.exports.uploader.as_ref())?.load(&mut *store, instance)?;
                guest.call_lookup(store, &item).await
            })
        });
        self.call(Kind::Target, around, work, |found, _| answers::finding(found)).await
    }

    /// Has a transform change an item.
    pub async fn apply(&self, around: Surroundings, item: Item) -> Called<Verdict> {
        let inner = Arc::clone(&self.inner);
        let identity = Identity::of(&item);
        let work: Work<transformer::Verdict> = Box::new(move |store, instance| {
            Box::pin(async move {
                let item = item.enter(&mut store.data_mut().table)?;
                let guest = of(inner.exports.transformer.as_ref())?.load(&mut *store, instance)?;
                guest.call_apply(store, &item).await
            })
        });
        let judge = move |verdict, sandbox: &mut Sandbox| match verdict {
            transformer::Verdict::Drop(reason) => Ok(Verdict::Drop(answers::reason(&reason))),
            transformer::Verdict::Keep(item) => {
                let item = Item::leave(item, &mut sandbox.table)
                    .map_err(|error| CallError::WrongAnswer { reason: error.to_string() })?;
                Ok(Verdict::Keep(Box::new(answers::kept(&identity, item)?)))
            }
        };
        self.call(Kind::Transform, around, work, judge).await
    }

    /// Has a policy decide what to do now.
    pub async fn plan(&self, around: Surroundings, snapshot: Snapshot) -> Called<Decision> {
        let inner = Arc::clone(&self.inner);
        let work: Work<Decision> = Box::new(move |store, instance| {
            Box::pin(async move {
                let guest = of(inner.exports.planner.as_ref())?.load(&mut *store, instance)?;
                guest.call_plan(store, &snapshot).await
            })
        });
        self.call(Kind::Policy, around, work, |decision, _| Ok(decision)).await
    }

    /// Asks a policy what to do after a failed attempt.
    pub async fn on_failure(&self, around: Surroundings, attempt: u32, failure: Failure) -> Called<Advice> {
        let inner = Arc::clone(&self.inner);
        let work: Work<Advice> = Box::new(move |store, instance| {
            Box::pin(async move {
                let guest = of(inner.exports.planner.as_ref())?.load(&mut *store, instance)?;
                guest.call_on_failure(store, attempt, &failure).await
            })
        });
        self.call(Kind::Policy, around, work, |advice, _| Ok(advice)).await
    }

    async fn call<A: Send, T>(
        &self,
        kind: Kind,
        around: Surroundings,
        work: Work<A>,
        judge: impl FnOnce(A, &mut Sandbox) -> Result<T, CallError>,
    ) -> Called<T> {
        let failed = |error, report| CallFailed { plugin: self.inner.manifest.name.clone(), error, report };
        if !self.inner.exports.has(kind) {
            return Err(failed(CallError::NotThisKind { kind }, call::Report::default()));
        }
        let engine = &self.inner.engine.inner;
        let _places = call::take_places(&self.inner.places, engine).await.map_err(|error| {
            failed(CallError::Host { reason: error.to_string() }, call::Report::default())
        })?;
        let (answer, mut sandbox) = call::run(engine, &self.inner.component, kind, around, work).await;
        let answer = answer.and_then(|answer| judge(answer, &mut sandbox));
        let report = sandbox.report();
        match answer {
            Ok(answer) => {
                Ok(Answered { answer, state: sandbox.state.into_writes(), files: sandbox.files, report })
            }
            Err(error) => Err(failed(error, report)),
        }
    }
}

impl std::fmt::Debug for Plugin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Manifest { name, version, .. } = self.manifest();
        f.debug_struct("Plugin").field("name", name).field("version", version).finish_non_exhaustive()
    }
}

impl Exports {
    pub(crate) fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Target => self.uploader.is_some(),
            Kind::Transform => self.transformer.is_some(),
            Kind::Policy => self.planner.is_some(),
        }
    }
}

/// The indices of a kind that was found to be there before the call began.
fn of<T>(indices: Option<&T>) -> wasmtime::Result<&T> {
    indices.ok_or_else(|| wasmtime::format_err!("the plugin has no such export"))
}
