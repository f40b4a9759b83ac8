//! From a configuration and a folder to lines that deliver.

use std::os::unix::fs::PermissionsExt as _;

use stint_engine::wiring::Unready;
use stint_plugin_runtime::contract::{Custom, Decision, Outcome};
use stint_plugin_runtime::{Item, Payload, Verdict};

use crate::stage::{Stage, built};

const THREE: &str = "[targets.archive]\nplugin = \"archive\"\naccepts = [\"time-entry\", \"screenshot\"]\n\
    files = \"kept/archive\"\ntransforms = [\"private\"]\npolicy = \"office\"\n\
    [transforms.private]\nplugin = \"redact\"\n[transforms.private.settings]\n\
    drop = [{ reason = \"secret\", pattern = \"classified\" }]\n\
    [policies.office]\nplugin = \"work-hours\"\n[policies.office.settings]\nhours = [\"00:00-24:00\"]\n";

pub(crate) fn item(data: &str) -> Item {
    Item {
        id: "0190b3a4-7c00-7000-8000-000000000001".into(),
        key: "5f9c8a52-0d3c-5b0e-9a53-9df0a1f4f2d1".into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 1_772_452_800_000,
        attempt: 1,
        priority: 0,
        labels: Vec::new(),
        payload: Payload::Custom(Custom { kind: "note".into(), data: data.into() }),
    }
}

fn snapshot() -> stint_plugin_runtime::contract::Snapshot {
    use stint_plugin_runtime::contract::{Link, Power, Snapshot, Timer};
    Snapshot {
        now: 1_772_452_800_000,
        utc_offset: 0,
        counts: Vec::new(),
        oldest_pending_ms: None,
        last_pass: None,
        link: Link::Up,
        metered: None,
        power: Power::Mains,
        timer: Timer::Idle,
        items_per_minute: 0.0,
        extra: "{}".into(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_configuration_becomes_lines_that_deliver() {
    let stage = Stage::new(THREE);
    for name in ["archive", "redact", "work-hours"] {
        stage.put(&format!("{name}.wasm"), &built(name));
    }
    let running = stage.host().await;
    let line = running.line("archive", |line| line.uploader.is_ok()).await;
    assert_eq!((line.target.as_str(), line.max_in_flight), ("archive", 1), "the plugin wants no more");

    let transform = &line.transforms.as_ref().unwrap()[0];
    let kept = transform.plugin.apply(transform.for_call().0, item("\"open\"")).await.unwrap();
    assert!(matches!(kept.answer, Verdict::Keep(_)));
    let secret = transform.plugin.apply(transform.for_call().0, item("\"classified\"")).await.unwrap();
    assert!(matches!(secret.answer, Verdict::Drop(reason) if reason == "secret"));

    let policy = line.policy.as_ref().unwrap().as_ref().unwrap();
    let planned = policy.plugin.plan(policy.for_call().0, snapshot()).await.unwrap();
    assert!(matches!(planned.answer, Decision::Sync(_)));

    let target = line.uploader.as_ref().unwrap();
    let sent = target.plugin.upload(target.for_call().0, vec![item("1"), item("2")]).await.unwrap();
    assert!(matches!(&sent.answer[..], [Outcome::Delivered(None), Outcome::Delivered(None)]));
    assert!(!sent.state.is_empty(), "it remembers how long its file is");
    sent.files.settle();
    let archive = stage.path("kept/archive");
    assert_eq!(std::fs::metadata(&archive).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(std::fs::read_to_string(archive.join("2026-03-02.jsonl")).unwrap().lines().count(), 2);
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_holds_its_own_target_alone() {
    let stage = Stage::new(&format!("{THREE}[targets.other]\nplugin = \"archve\"\n"));
    stage.put("archive.wasm", &built("archive"));
    stage.put("redact.wasm", &built("redact"));
    let running = stage.host().await;
    let line = running.line("other", |_| true).await;
    let why = line.uploader.as_ref().unwrap_err().to_string();
    let folder = stage.path("plugins").display().to_string();
    assert_eq!(
        why,
        format!(
            "plugin `archve` is missing: no file in {folder} has this name; put archve.wasm there, or write plugin = \
             \"archive\""
        )
    );
    let line = running.line("archive", |line| line.uploader.is_ok()).await;
    assert!(line.transforms.is_ok());
    let policy = line.policy.as_ref().unwrap().as_ref().unwrap_err();
    assert!(matches!(policy, Unready::Missing(why) if why.contains("work-hours")), "{policy}");
    // It comes later, and nothing has to be said or done.
    stage.put("work-hours.wasm", &built("work-hours"));
    running.line("archive", |line| matches!(line.policy, Some(Ok(_)))).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_looks_at_settings_with_the_memory_it_is_given() {
    let one = "[targets.archive]\nplugin = \"archive\"\naccepts = [\"time-entry\"]\nfiles = \"kept\"\n";
    let stage = Stage::new(&format!("{one}[limits.plugin.archive]\nmemory = \"1MiB\"\n"));
    std::fs::create_dir(stage.path("kept")).unwrap();
    stage.put("archive.wasm", &built("archive"));
    let running = stage.host().await;
    let line = running.line("archive", |line| line.uploader.is_err()).await;
    let why = line.uploader.as_ref().unwrap_err().to_string();
    assert_eq!(
        why,
        "the plugin `archive` failed: it wanted more than 1048576 bytes of memory; raise `memory` in [limits.plugin.NAME] \
         if it needs that; that happened when it was shown its settings"
    );

    stage.configure(&format!("{one}[limits.plugin.archive]\nmemory = \"64MiB\"\n"));
    running.reload().await;
    running.line("archive", |line| line.uploader.is_ok()).await;
    running.end().await;
}
