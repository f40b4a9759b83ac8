//! `POST /api/v1/sync`: a person doesn't want to wait. The answer says what was delivered, and where nothing was, why.

use std::{collections::BTreeMap, time::Duration};

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_engine::{
    Desk, Presence,
    deliver::Passed,
    status::{Status, TargetStatus},
};

use super::{
    body::{Answer, Body},
    problem::Problem,
};

/// How long one request is kept waiting at most: whoever wants to wait longer asks again.
const WAIT_MAX_MS: u64 = 30_000;

/// What is wished for.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct SyncCall {
    /// One target alone; all where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<String>,
    /// How long the answer may wait for the passes.
    pub(crate) wait_ms: u64,
    /// Wishes that were made before: they are waited for, and no new ones are made.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) wishes: BTreeMap<String, u64>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct SyncView {
    pub(crate) version: u32,
    /// How many items were delivered in all.
    pub(crate) delivered: u64,
    /// Whether every target is done with it.
    pub(crate) done: bool,
    pub(crate) targets: Vec<SyncedView>,
}

/// One target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct SyncedView {
    pub(crate) name: String,
    /// The number of the wish, to go on waiting for it.
    pub(crate) wish: u64,
    /// Whether a pass was made for it, or it was found out why none can be.
    pub(crate) done: bool,
    pub(crate) delivered: u64,
    pub(crate) failed: u64,
    /// How many are left.
    pub(crate) pending: u64,
    /// What happened, or why nothing was sent.
    pub(crate) result: Option<String>,
}

pub(super) async fn sync(State(desk): State<Desk>, Body(call): Body<SyncCall>) -> Answer<SyncView> {
    if !matches!(desk.presence(), Presence::Host { .. }) {
        return Err(Problem::no_host());
    }
    let names = names(&desk.status()?, call.target.as_deref())?;
    let wishes: BTreeMap<String, u64> = if call.wishes.is_empty() {
        names.into_iter().map(|name| (name.clone(), desk.bell().hurry(&name))).collect()
    } else {
        call.wishes
    };
    let mut passes = desk.passes().watch();
    let granted = passes.wait_for(|passes| {
        let is_granted = |name: &str, wish| passes.get(name).is_some_and(|passed| passed.wish >= wish);
        wishes.iter().all(|(name, wish)| is_granted(name, *wish) || !is_there(&desk, name))
    });
    let wait = Duration::from_millis(call.wait_ms.min(WAIT_MAX_MS));
    // Who waited in vain is told how far it came. What was waited for is let go at once: as long as it is held, no loop
    // can tell of a pass, and whoever reads the passes again waits for that loop.
    drop(tokio::time::timeout(wait, granted).await);
    let passes = desk.passes().watch().borrow().clone();
    let status = desk.status()?;
    let targets: Vec<SyncedView> =
        wishes.iter().map(|(name, wish)| synced(name, *wish, &passes, &status)).collect();
    let delivered = targets.iter().map(|target| target.delivered).sum();
    Ok(Json(SyncView { version: 1, delivered, done: targets.iter().all(|target| target.done), targets }))
}

/// The targets that are meant. Those that left the configuration are not delivered to.
fn names(status: &Status, target: Option<&str>) -> Result<Vec<String>, Problem> {
    let all: Vec<&TargetStatus> = status.targets.iter().filter(|target| !target.retired).collect();
    let Some(target) = target else { return Ok(all.into_iter().map(|target| target.name.clone()).collect()) };
    if all.iter().any(|known| known.name == target) {
        return Ok(vec![target.to_owned()]);
    }
    Err(super::targets::unknown(target, &all))
}

/// Whether the configuration has the target. One that left it meanwhile grants no wish any more.
fn is_there(desk: &Desk, name: &str) -> bool {
    desk.current()
        .loaded
        .config
        .targets
        .iter()
        .any(|(known, target)| known.as_str() == name && target.enabled)
}

fn synced(name: &str, wish: u64, passes: &BTreeMap<String, Passed>, status: &Status) -> SyncedView {
    let passed = passes.get(name).filter(|passed| passed.wish >= wish);
    let target = status.targets.iter().find(|target| target.name == name);
    let is_gone = target.is_none_or(|target| target.retired);
    let left =
        || is_gone.then(|| "it is no longer in the configuration, or is switched off there".to_owned());
    SyncedView {
        name: name.to_owned(),
        wish,
        done: passed.is_some() || is_gone,
        delivered: passed.map_or(0, |passed| passed.delivered),
        failed: passed.map_or(0, |passed| passed.failed),
        pending: target.map_or(0, |target| target.pending),
        result: passed.map(|passed| passed.result.clone()).or_else(left),
    }
}
