//! The calls that a host makes, on the way that the sandbox takes them. Each begins with a fresh plugin, made from
//! the settings, and ends with its state committed.

use std::cell::RefCell;
use std::marker::PhantomData;

use super::world::World;
use crate::dispatch;
use crate::policy::{Answer, Decision, Policy, Snapshot};
use crate::target::{Finding, Outcome, Target};
use crate::transform::{Transform, Verdict};
use crate::types::{Failure, Item, Problem};

/// Runs a call. What an earlier call wrote and never settled is forgotten first, as after a trap.
fn call<R>(world: &RefCell<World>, run: impl FnOnce() -> R) -> R {
    world.borrow_mut().memory.discard();
    let answer = run();
    world.borrow_mut().memory.commit();
    answer
}

fn settings(world: &RefCell<World>) -> String {
    world.borrow().settings.clone()
}

/// The calls that a host makes into a target.
pub struct TargetCalls<'a, T> {
    world: &'a RefCell<World>,
    target: PhantomData<T>,
}

impl<'a, T> TargetCalls<'a, T> {
    pub(super) fn new(world: &'a RefCell<World>) -> Self {
        Self { world, target: PhantomData }
    }
}

impl<T: Target> TargetCalls<'_, T> {
    /// What the target says about the settings.
    pub fn check(&self) -> Vec<Problem> {
        let json = settings(self.world);
        call(self.world, || dispatch::check::<T>(&json, T::check))
    }

    /// Whether the backend is there.
    pub fn probe(&self) -> Result<(), Failure> {
        call(self.world, dispatch::probe::<T>)
    }

    /// Delivers one item.
    pub fn upload(&self, item: Item) -> Outcome {
        call(self.world, || dispatch::upload::<T>(&[item])).remove(0)
    }

    /// Delivers several items in one call.
    pub fn upload_batch(&self, items: &[Item]) -> Vec<Outcome> {
        call(self.world, || dispatch::upload::<T>(items))
    }

    /// Delivers one item and loses the answer, as when the machine loses power before the host settles it: what
    /// was sent is sent, files stay as they are, and the state that the call wrote is forgotten.
    pub fn upload_and_crash(&self, item: Item) {
        self.world.borrow_mut().memory.discard();
        dispatch::upload::<T>(&[item]);
        self.world.borrow_mut().memory.discard();
    }

    /// Asks whether the backend has an item.
    pub fn lookup(&self, item: &Item) -> Result<Finding, Failure> {
        call(self.world, || dispatch::lookup::<T>(item))
    }
}

/// The calls that a host makes into a transform.
pub struct TransformCalls<'a, T> {
    world: &'a RefCell<World>,
    transform: PhantomData<T>,
}

impl<'a, T> TransformCalls<'a, T> {
    pub(super) fn new(world: &'a RefCell<World>) -> Self {
        Self { world, transform: PhantomData }
    }
}

impl<T: Transform> TransformCalls<'_, T> {
    /// What the transform says about the settings.
    pub fn check(&self) -> Vec<Problem> {
        let json = settings(self.world);
        call(self.world, || dispatch::check::<T>(&json, T::check))
    }

    /// Changes or drops one item.
    pub fn apply(&self, item: Item) -> Verdict {
        call(self.world, || dispatch::apply::<T>(item))
    }
}

/// The calls that a host makes into a policy.
pub struct PolicyCalls<'a, P> {
    world: &'a RefCell<World>,
    policy: PhantomData<P>,
}

impl<'a, P> PolicyCalls<'a, P> {
    pub(super) fn new(world: &'a RefCell<World>) -> Self {
        Self { world, policy: PhantomData }
    }
}

impl<P: Policy> PolicyCalls<'_, P> {
    /// What the policy says about the settings.
    pub fn check(&self) -> Vec<Problem> {
        let json = settings(self.world);
        call(self.world, || dispatch::check::<P>(&json, P::check))
    }

    /// What to do now.
    pub fn plan(&self, snapshot: &Snapshot) -> Decision {
        call(self.world, || dispatch::plan::<P>(snapshot))
    }

    /// What to do with an item after a failed attempt.
    pub fn on_failure(&self, attempt: u32, failure: &Failure) -> Answer {
        call(self.world, || dispatch::on_failure::<P>(attempt, failure))
    }
}
