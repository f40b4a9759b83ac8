//! A thousand swaps of a plugin while calls run: every call is answered once, by the version it began with; the old
//! version goes when its last call has ended; and nothing is left behind.
//!
//! A binary of its own with a single test, because what a process holds is measured.
#![cfg(test)]

mod rig;

use std::sync::Arc;

use rig::{Rig, serving};
use stint_engine::wiring::Lines;
use stint_plugin_runtime::contract::{Custom, Outcome};
use stint_plugin_runtime::services::{Broker, HttpError, HttpRequest, HttpResponse, Later};
use stint_plugin_runtime::{Item, Payload, PoolUse, Surroundings};
use tokio::sync::{Semaphore, watch};

const SWAPS: usize = 1_000;
const CALLERS: usize = 2;
const CALLS_EACH: usize = 4;
const GROWTH_KIB_MAX: u64 = 8 * 1024;

/// A backend that keeps whoever asks waiting until it is told otherwise.
struct Waiting {
    asked: Semaphore,
    go_on: Semaphore,
}

impl Broker for Waiting {
    fn send(&self, _request: HttpRequest) -> Later<'_, Result<HttpResponse, HttpError>> {
        Box::pin(async {
            self.asked.add_permits(1);
            let _gone_on = self.go_on.acquire().await;
            Err(HttpError::Offline("it was only to wait".to_owned()))
        })
    }
}

fn item(id: &str) -> Item {
    Item {
        id: id.into(),
        key: id.into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 0,
        attempt: 1,
        priority: 0,
        labels: Vec::new(),
        payload: Payload::Custom(Custom { kind: "note".into(), data: "{}".into() }),
    }
}

/// Delivers one item along the line of this moment.
async fn deliver(lines: &watch::Receiver<Lines>, id: &str) {
    let line = Arc::clone(&lines.borrow()["work"]);
    let bound = line.uploader.as_ref().unwrap();
    let answered = bound.plugin.upload(bound.for_call().0, vec![item(id)]).await.unwrap();
    let [Outcome::Delivered(Some(remote))] = answered.answer.as_slice() else { panic!("not delivered") };
    assert_eq!(*remote, format!("remote-{id}"));
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_swaps_lose_nothing_double_nothing_and_leave_nothing_behind() {
    let mut rig = Rig::new(|trial| trial).await;
    rig.swap(0).await;

    // A call that began with the first version, and waits for its backend through all the swaps.
    let waiting = Arc::new(Waiting { asked: Semaphore::new(0), go_on: Semaphore::new(0) });
    let first = Arc::clone(&rig.lines.borrow()["work"]);
    let broker: Arc<dyn Broker> = Arc::clone(&waiting) as _;
    let long = tokio::spawn(async move {
        let bound = first.uploader.as_ref().unwrap();
        let around = Surroundings { broker, grants: everything(&bound.plugin), ..bound.for_call().0 };
        let answered = bound.plugin.upload(around, vec![item("long")]).await.unwrap();
        (answered.answer.len(), bound.plugin.manifest().version.to_string())
    });
    waiting.asked.acquire().await.unwrap().forget();

    // Each swap has calls of its own, which run while it does.
    let (turns, answered) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let (lines, turns, answered) = (rig.lines.clone(), Arc::clone(&turns), Arc::clone(&answered));
            tokio::spawn(async move {
                let mut sent = 0;
                while let Ok(turn) = turns.acquire().await {
                    turn.forget();
                    deliver(&lines, &format!("{caller}-{sent}")).await;
                    answered.add_permits(1);
                    sent += 1;
                }
                sent
            })
        })
        .collect();
    let mut before = 0;
    for nth in 1..=SWAPS {
        if nth == SWAPS / 5 {
            before = resident_kib();
        }
        turns.add_permits(CALLS_EACH);
        rig.swap(nth).await;
    }
    let all = u32::try_from(SWAPS * CALLS_EACH).unwrap();
    answered.acquire_many(all).await.unwrap().forget();
    let grown = resident_kib().saturating_sub(before);
    turns.close();
    let mut sent = 0;
    for caller in callers {
        sent += caller.await.unwrap();
    }
    assert_eq!((sent, answered.available_permits()), (SWAPS * CALLS_EACH, 0));
    assert!(grown <= GROWTH_KIB_MAX, "{grown} KiB more");

    // The one call that is left holds the version it began with, and is answered by it.
    assert_eq!(rig.engine.in_use().places, 1);
    assert_eq!(serving(&rig.lines.borrow()).as_deref(), Some("1.0.0"));
    rig.swap(SWAPS + 1).await;
    waiting.go_on.add_permits(1);
    assert_eq!(long.await.unwrap(), (1, "1.0.0".to_owned()));
    assert_eq!(rig.engine.in_use(), PoolUse::default(), "everything is drained");
    rig.close();
}

/// The grants that the waiting call needs to get as far as its backend.
fn everything(plugin: &stint_plugin_runtime::Plugin) -> Arc<stint_plugin_runtime::grants::Grants> {
    use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
    let allowed =
        Allowed { hosts: vec![HostRule::parse("https://backend.test").unwrap()], ..Allowed::default() };
    Arc::new(Grants::new(plugin.manifest(), &serde_json::Value::Null, allowed))
}
