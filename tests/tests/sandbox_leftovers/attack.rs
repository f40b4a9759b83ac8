//! One way to misbehave, carried out beside a plugin that does nothing of the kind.

use std::sync::Arc;

use serde_json::json;
use stint_plugin_runtime::contract::{Cause, Failure, Link, Power, Snapshot, Timer};
use stint_plugin_runtime::manifest::Kind;
use stint_plugin_runtime::services::Folder;
use stint_plugin_runtime::{Answered, CallFailed, Item, Limits, Plugin, Surroundings, Verdict};
use tempfile::TempDir;

use crate::corpus::{Attack, Call};
use crate::services::Willing;
use crate::stage::{Stage, around, everything, granted, item, lines, screenshot};

/// What all attacks are made with.
pub(crate) struct Arena {
    stage: Stage,
    sound: Plugin,
    item: Item,
    folder: TempDir,
}

impl Arena {
    pub(crate) async fn new(stage: Stage) -> Self {
        let sound = stage.another().await;
        Self { stage, sound, item: screenshot(20, 20), folder: tempfile::tempdir().unwrap() }
    }

    /// Makes the attack, and looks at what became of it, of the host's bounds, of another plugin and of the pool.
    pub(crate) async fn withstands(&self, attack: &Attack) {
        let mode = attack.mode;
        let around = (attack.given)(self.around(attack));
        let Limits { cpu, call, .. } = *around.limits;
        let began = stint_clock::thread_cpu();
        // Both run on this one thread, so the other plugin goes on at the first place where the hostile one is held up.
        let both = async { tokio::join!(self.end(attack, around), self.sound_delivers()) };
        // The clock is tokio's, which stands still while anything computes: what passes on it was waited for.
        let waited = tokio::time::timeout(call.saturating_mul(2), both).await;
        let computed = stint_clock::thread_cpu().saturating_sub(began);
        let (end, ()) = waited.unwrap_or_else(|_| panic!("{mode}: no answer within {call:?}"));
        assert!(end.contains(attack.end), "{mode}: {end}");
        assert!(computed <= cpu * ROOM, "{mode}: {computed:?} on the processor, where {cpu:?} are the bound");
        self.stage.is_clean();
    }

    fn around(&self, attack: &Attack) -> Surroundings {
        let settings =
            json!({ "mode": attack.mode, "n": attack.number, "url": "https://backend.test/", "sought": "x" });
        Surroundings {
            settings: settings.to_string().into(),
            grants: Arc::new(granted(&settings, everything())),
            limits: Arc::new(Limits {
                cpu: Limits::default().cpu,
                file_bytes: 5 << 20,
                http_bytes: 16 << 20,
                handles: 50,
                pixels_touched: 100 * 20 * 20,
                ..crate::stage::limits()
            }),
            broker: Arc::new(Willing),
            credentials: Arc::new(Willing),
            folder: Some(Arc::new(Folder::open(self.folder.path()).unwrap())),
            ..around(attack.mode, 0)
        }
    }

    /// What is told about a call's end.
    async fn end(&self, attack: &Attack, around: Surroundings) -> String {
        let (plugin, item) = (&self.stage.plugin, self.item.clone());
        match attack.call {
            Call::Check => {
                let settings = around.settings.to_string();
                told(plugin.check(Kind::Target, around, settings).await, |problems| {
                    format!("{} problems, {:?}", problems.len(), problems.first())
                })
            }
            Call::Probe => told(plugin.probe(around).await, |answer| format!("{answer:?}")),
            Call::Upload => told(plugin.upload(around, vec![item]).await, |outcomes| format!("{outcomes:?}")),
            Call::Apply => told(plugin.apply(around, item).await, |verdict| match verdict {
                Verdict::Keep(_) => "kept".to_owned(),
                Verdict::Drop(reason) => format!("dropped: {reason}"),
            }),
            Call::Plan => told(plugin.plan(around, snapshot()).await, |decision| format!("{decision:?}")),
            Call::OnFailure => {
                told(plugin.on_failure(around, 1, failure()).await, |advice| format!("{advice:?}"))
            }
        }
    }

    async fn sound_delivers(&self) {
        let answered = self.sound.upload(around("honest", 0), vec![item()]).await;
        assert!(answered.is_ok(), "the other plugin delivers");
    }
}

/// A bound on computing is looked at when a tick of the clock is noticed, and the host has work with a call as well;
/// this is far more than both.
const ROOM: u32 = 10;

fn told<T>(called: Result<Answered<T>, CallFailed>, shown: impl Fn(&T) -> String) -> String {
    match called {
        Ok(answered) => format!("answered {}, said {:?}", shown(&answered.answer), lines(&answered.report)),
        Err(failed) => failed.error.to_string(),
    }
}

fn snapshot() -> Snapshot {
    Snapshot {
        now: 1_700_000_000_000,
        utc_offset: 0,
        counts: Vec::new(),
        oldest_pending_ms: None,
        last_pass: None,
        link: Link::Up,
        metered: None,
        power: Power::Mains,
        timer: Timer::Idle,
        items_per_minute: 0.0,
        extra: "{}".to_owned(),
    }
}

fn failure() -> Failure {
    Failure { cause: Cause::Offline, message: "away".to_owned(), retry_after_ms: None, http_status: None }
}
