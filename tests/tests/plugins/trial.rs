//! The trial before a plugin serves, and what is told of one that didn't pass.

use serde_json::json;
use stint_engine::wiring::Unready;
use stint_plugin_runtime::manifest::{AskedHost, Manifest};
use stint_plugin_runtime::registry::State;

use crate::stage::{Running, Stage, built, hostile, of_version, version};

fn used(rest: &str) -> String {
    format!("[targets.work]\nplugin = \"hostile\"\naccepts = [\"time-entry\"]\n{rest}")
}

async fn serving(configuration: &str) -> (Stage, Running) {
    let stage = Stage::new(configuration);
    stage.put("hostile.wasm", &version("1.0.0"));
    let running = stage.host().await;
    running.serves("hostile", "1.0.0").await;
    (stage, running)
}

/// What is told of a new version that isn't let in, while the one before goes on.
async fn rejected(running: &Running) -> String {
    let entry = running.plugin("hostile", |entry| entry.state == State::Rejected).await;
    assert!(of_version(&entry, "1.0.0"), "the last good one serves");
    entry.error.unwrap()
}

async fn misconfigured(running: &Running, target: &str) -> String {
    let line = running.line(target, |line| line.uploader.is_err()).await;
    match line.uploader.as_ref().unwrap_err() {
        Unready::Misconfigured(why) => why.clone(),
        Unready::Missing(why) => panic!("{why}"),
    }
}

fn next(change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    hostile(|manifest| {
        manifest.version = "2.0.0".parse().unwrap();
        change(manifest);
    })
}

const TWO: &str = "[targets.good]\nplugin = \"hostile\"\n[targets.good.settings]\nmode = \"honest\"\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_dont_fit_hold_only_whose_they_are() {
    let wrong = used(&format!("[targets.work.settings]\nmode = 7\n{TWO}"));
    let (stage, running) = serving(&wrong).await;
    let told = misconfigured(&running, "work").await;
    assert!(
        told.starts_with("the settings of [targets.work] don't fit the plugin `hostile`\nerror: "),
        "{told}"
    );
    assert!(told.contains("stint.toml:5:8\n5 | mode = 7\n  |        ^"), "{told}");
    let good = running.line("good", |line| line.uploader.is_ok()).await;

    stage.configure(&used(&format!("[targets.work.settings]\nmode = \"honest\"\n{TWO}")));
    running.reload().await;
    running.line("work", |line| line.uploader.is_ok()).await;
    let lines = running.lines(|_| true).await;
    assert!(std::sync::Arc::ptr_eq(&good, &lines["good"]), "nothing of it differs");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plugin_that_cant_look_at_settings_holds_only_whose_they_are() {
    let (_stage, running) =
        serving(&used(&format!("[targets.work.settings]\nmode = \"panic\"\n{TWO}"))).await;
    let told = misconfigured(&running, "work").await;
    assert!(told.starts_with("the plugin `hostile` failed: it panicked"), "{told}");
    running.line("good", |line| line.uploader.is_ok()).await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_doesnt_fit_whom_the_last_one_did_waits_for_the_configuration() {
    let (stage, running) = serving(&used("[targets.work.settings]\nn = 3\n")).await;
    stage.put("hostile.wasm", &next(|manifest| {
        let url = json!({ "type": "object", "required": ["url"], "properties": { "url": { "type": "string" } } });
        manifest.settings_schema = Some(url);
    }));
    let told = rejected(&running).await;
    assert!(told.contains("[targets.work] can't be served by it: "), "{told}");
    assert!(told.contains("stint.toml:4:15: `url` is missing (add url = …)"), "{told}");
    running.line("work", |line| line.uploader.is_ok()).await;

    stage.configure(&used("[targets.work.settings]\nurl = \"x\"\n"));
    running.reload().await;
    running.serves("hostile", "2.0.0").await;
    let fits = |version: &str| version == "2.0.0";
    running
        .line("work", |line| {
            line.uploader.as_ref().is_ok_and(|bound| fits(&bound.plugin.manifest().version.to_string()))
        })
        .await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_asks_for_more_waits_for_the_line_that_grants_it() {
    let (stage, running) = serving(&used("allow = [\"https://backend.test\"]\n")).await;
    stage.put(
        "hostile.wasm",
        &next(|manifest| {
            manifest.asks.hosts.push(AskedHost {
                host: Some("https://other.test".into()),
                setting: None,
                methods: vec!["GET".into()],
                reason: "To ask there too.".into(),
            });
        }),
    );
    let told = rejected(&running).await;
    assert!(
        told.contains(
            "it asks for more than version 1.0.0 did: GET https://other.test (To ask there too.); to grant it, write in \
             [targets.work] of stint.toml: allow = [\"https://backend.test\", \"GET https://other.test\"]"
        ),
        "{told}"
    );
    stage.configure(&used("allow = [\"https://backend.test\", \"GET https://other.test\"]\n"));
    running.reload().await;
    running.serves("hostile", "2.0.0").await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_cant_probe_is_refused_and_one_whose_backend_is_away_is_not() {
    let (stage, running) = serving(&used("[targets.work.settings]\nmode = \"probe-panics\"\n")).await;
    stage.put("hostile.wasm", &version("2.0.0"));
    let told = rejected(&running).await;
    assert!(
        told.contains("[targets.work] could not be probed by it: the plugin `hostile` failed: it panicked"),
        "{told}"
    );
    stage.configure(&used("[targets.work.settings]\nmode = \"probe-offline\"\n"));
    running.reload().await;
    running.serves("hostile", "2.0.0").await;
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_pinned_file_serves() {
    let (stage, running) = serving(&used("")).await;
    let first = running.plugin("hostile", |_| true).await.sha256.unwrap();
    stage.configure(&format!("{}[plugins.pin]\nhostile = \"sha256:{first}\"\n", used("")));
    running.reload().await;
    stage.put("newer.wasm", &version("2.0.0"));
    let told = rejected(&running).await;
    let file = stage.path("plugins/newer.wasm").display().to_string();
    assert!(told.contains(&format!("{file} is not the file that is pinned: its sha256 is ")), "{told}");
    let second = told.split_once("hostile = \"sha256:").unwrap().1.split('"').next().unwrap();
    stage.configure(&format!("{}[plugins.pin]\nhostile = \"sha256:{second}\"\n", used("")));
    running.reload().await;
    let entry = running.plugin("hostile", |entry| of_version(entry, "2.0.0")).await;
    assert_eq!(entry.sha256.as_deref(), Some(second));
    let zero = "0".repeat(64);
    stage.configure(&format!("{}[plugins.pin]\nhostile = \"sha256:{zero}\"\n", used("")));
    running.reload().await;
    let entry = running.plugin("hostile", |entry| entry.plugin.is_none()).await;
    assert_eq!(entry.state, State::Rejected, "what isn't pinned any more doesn't go on");
    running.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cant_go_together_is_told_with_what_to_write() {
    let stage = Stage::new(
        "[targets.kind]\nplugin = \"redact\"\n\
         [targets.kinds]\nplugin = \"hostile\"\naccepts = [\"time-entry\", \"activity\"]\n\
         [targets.folder]\nplugin = \"hostile\"\nfiles = \"stint.toml/below\"\n",
    );
    stage.put("hostile.wasm", &version("1.0.0"));
    stage.put("redact.wasm", &built("redact"));
    let running = stage.host().await;
    assert_eq!(
        misconfigured(&running, "kind").await,
        "the plugin `redact` is a transform, and [targets.kind] needs a target; name another plugin there"
    );
    assert_eq!(
        misconfigured(&running, "kinds").await,
        "[targets.kinds] accepts activity, which the plugin `hostile` doesn't take: it takes time-entry, screenshot; \
         take it out of accepts"
    );
    let told = misconfigured(&running, "folder").await;
    assert!(
        told.starts_with("the folder ") && told.ends_with("make it, or correct files in [targets.folder]"),
        "{told}"
    );
    let status = running.desk.status().unwrap();
    let words: Vec<(&str, &str)> =
        status.plugins.iter().map(|plugin| (plugin.name.as_str(), plugin.state.as_str())).collect();
    assert_eq!(words, [("hostile", "ready"), ("redact", "ready")]);
    running.end().await;
}
