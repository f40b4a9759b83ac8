//! The least that any deliverer has to do: claim, commit that an item is being sent, send it, read the answer, commit
//! that it arrived. The statements, the writer's thread and the number of requests at once are the engine's; there is
//! no plugin, no sandbox, no broker, no judgement and no telling.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};
use stint_domain::{
    item::{Kind, Payload, Priority},
    time::UnixMs,
};
use stint_store::{
    Epoch, Options, Store, TargetId,
    queue::{self, Claimed, Lease, Outcome, Plugin, Settled, Settlement, Wanted},
    target::{self, Pass, Spec},
};
use stint_tests::ratio::{Failure, Stopwatch};
use tempfile::TempDir;
use tokio::{runtime::Runtime, task::JoinSet};

use super::{house::IN_FLIGHT, letters};
use crate::queue::folder;

const TARGET: TargetId = TargetId(1);
const NOW: UnixMs = UnixMs(1_780_000_000_000);
/// What the engine claims at once while all goes well.
const CLAIM: usize = 100;

/// The loop and what it works with.
pub(crate) struct Bare {
    runtime: Runtime,
    post: Post,
    store: Arc<Store>,
    recorded: u64,
    _folder: TempDir,
}

/// Where it goes. Cheap to clone.
#[derive(Clone)]
struct Post {
    client: reqwest::Client,
    url: Arc<str>,
}

impl Bare {
    pub(crate) fn new(url: &str) -> Result<Self, Failure> {
        let folder = folder()?;
        let store = Store::open(Options::new(folder.path().join("data"), |_| ()), NOW)?.store;
        let spec = || Spec { name: "work".into(), accepts: Kind::ALL.to_vec() };
        store.write_blocking(move |transaction| target::sync(transaction, &[spec()], NOW))?;
        // A provider that is there already is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let post = Post { client, url: url.into() };
        Ok(Self { runtime, post, store: Arc::new(store), recorded: 0, _folder: folder })
    }

    /// Records so many items, then times how long it takes to send them all.
    pub(crate) fn drain(&mut self, items: u64, watch: &mut Stopwatch) -> Result<(), Failure> {
        letters::record(&self.store, self.recorded, items)?;
        self.recorded += items;
        watch.time(|| self.runtime.block_on(send_all(&self.store, &self.post)))?;
        let counts = self.store.read(|reader| target::status(reader, TARGET))?.counts;
        if counts.sent == self.recorded { Ok(()) } else { Err(format!("{} were sent", counts.sent).into()) }
    }
}

async fn send_all(store: &Arc<Store>, post: &Post) -> Result<(), Failure> {
    let pass = store.write(|transaction| target::open_pass(transaction, TARGET, Epoch(1), NOW)).await?;
    let pass = pass.ok_or("another pass has the target in hand")?;
    let mut hand: VecDeque<(Lease, Claimed)> = VecDeque::new();
    let (mut calls, mut settling) = (JoinSet::new(), JoinSet::new());
    let mut exhausted = false;
    loop {
        while hand.len() < IN_FLIGHT && !exhausted {
            exhausted = !claim(store, pass, &mut hand).await?;
        }
        while calls.len() < IN_FLIGHT
            && let Some((lease, item)) = hand.pop_front()
        {
            calls.spawn(send(Arc::clone(store), post.clone(), lease, item));
        }
        if calls.is_empty() && settling.is_empty() {
            break;
        }
        tokio::select! {
            Some(sent) = calls.join_next() => {
                let (lease, settled) = sent?.map_err(|error| error.to_string())?;
                settling.spawn(settle(Arc::clone(store), lease, settled));
            }
            Some(done) = settling.join_next() => done??,
        }
    }
    Ok(store.write(move |transaction| target::close_pass(transaction, &pass)).await?)
}

/// Whether there was anything to claim.
async fn claim(store: &Store, pass: Pass, hand: &mut VecDeque<(Lease, Claimed)>) -> Result<bool, Failure> {
    let wanted = Wanted { limit: CLAIM, priority_max: Priority::Low, kinds: None, avoid: None };
    let batch = store.write(move |transaction| queue::claim(transaction, &pass, &wanted, NOW)).await?;
    let Some(batch) = batch else { return Ok(false) };
    hand.extend(batch.items.into_iter().map(|item| (batch.lease, item)));
    Ok(true)
}

/// A failure that can be handed from task to task.
type Lost = Box<dyn std::error::Error + Send + Sync>;

async fn send(store: Arc<Store>, post: Post, lease: Lease, item: Claimed) -> Result<(Lease, Settled), Lost> {
    let serial = item.serial;
    store.write(move |transaction| queue::begin(transaction, &lease, &[serial], NOW)).await?;
    let Payload::TimeEntry { entry, .. } = serde_json::from_slice(&item.payload)? else {
        return Err("the payload is no entry".into());
    };
    let details = &entry.entry.details;
    let started = jiff::Timestamp::from_millisecond(entry.entry.started_at.0)?;
    let body = json!({ "project": details.project, "note": details.note, "startedAt": started.to_string() });
    let answer = post
        .client
        .post(&*post.url)
        .header("authorization", "Bearer a key")
        .header("content-type", "application/json")
        .header("idempotency-key", item.key.to_string())
        .body(body.to_string())
        .send()
        .await?
        .error_for_status()?;
    let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
    let remote_id = answer["id"].as_str().map(str::to_owned);
    Ok((lease, Settled { serial, outcome: Outcome::Delivered { remote_id }, excerpt: None }))
}

async fn settle(store: Arc<Store>, lease: Lease, settled: Settled) -> Result<(), stint_store::Error> {
    let job = move |transaction: &stint_store::Transaction<'_>| {
        let plugin = Plugin::default();
        let settlement = Settlement {
            lease,
            now: NOW,
            items: std::slice::from_ref(&settled),
            plugin: &plugin,
            writes: &[],
            files: &[],
            pace: None,
            hold: None,
        };
        queue::settle(transaction, &settlement).map(drop)
    };
    store.write(job).await
}
