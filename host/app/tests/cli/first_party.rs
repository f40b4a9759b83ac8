//! The plugins that come with stint, built as any author builds one and run in the sandbox that hosts use.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use stint_plugin_runtime::contract::{
    Count, Decision, Event, Link, Outcome, Power, Snapshot, TimeEntry, Timer,
};
use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
use stint_plugin_runtime::manifest::Kind;
use stint_plugin_runtime::services::{
    FixedClock, Folder, HttpResponse, MemoryState, NoCredentials, NoNetwork, ScriptedBroker,
};
use stint_plugin_runtime::{
    Engine, Item, Limits, MemoryAttachment, Payload, Plugin, PoolSize, Screenshot, Surroundings, Verdict,
};

use crate::support::{Workshop, entry, item};

/// What a Rust plugin may weigh.
const BYTES_MAX: u64 = 250 * 1024;
/// What each of them imports, and nothing else: the handle of an attachment, the settings, and the log for a panic.
const EVERY: [&str; 2] = ["stint:plugin/settings@0.1.0 json", "stint:plugin/log@0.1.0 write"];

/// A plugin of this repository, built; and what was said of it.
fn build(name: &str) -> (Workshop, PathBuf, Value) {
    let workshop = Workshop::new();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../../plugins");
    let said = workshop.stint(&format!("plugin build {source}/{name} --locked --json --out built")).ok();
    let built: Value = serde_json::from_str(&said.stdout).unwrap();
    let file = workshop.path("built").join(format!("{name}.wasm"));
    (workshop, file, built)
}

/// Every function that it imports.
fn imports(built: &Value) -> Vec<String> {
    let mut imports = Vec::new();
    for import in built["imports"].as_array().unwrap() {
        for function in import["functions"].as_array().unwrap() {
            imports.push(format!("{} {}", import["name"].as_str().unwrap(), function.as_str().unwrap()));
        }
    }
    imports.sort();
    imports
}

#[track_caller]
fn is_small_and_imports_only(built: &Value, own: &[&str]) {
    let mut expected: Vec<String> = EVERY.iter().chain(own).map(|import| (*import).to_owned()).collect();
    expected.sort();
    assert_eq!(imports(built), expected);
    let size = built["size"].as_u64().unwrap();
    assert!(size <= BYTES_MAX, "{size} bytes");
}

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

async fn load(file: &std::path::Path) -> Plugin {
    let engine = Engine::new(PoolSize { calls: 2, calls_of_one: 2, ..PoolSize::default() }, None).unwrap();
    engine.load(file).await.unwrap()
}

fn around(plugin: &Plugin, settings: &Value, folder: Option<Arc<Folder>>) -> Surroundings {
    plugin.check_settings(settings).unwrap();
    let allowed = Allowed {
        place: "targets.test".into(),
        files: folder.is_some(),
        attachments: true,
        ..Allowed::default()
    };
    Surroundings {
        settings: settings.to_string().into(),
        grants: Arc::new(Grants::new(plugin.manifest(), settings, allowed)),
        limits: Arc::new(Limits::default()),
        clock: Arc::new(FixedClock { unix_ms: 1_772_452_800_000 }),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder,
    }
}

fn stopped(id: &str) -> Item {
    let payload = Payload::TimeEntry(TimeEntry { event: Event::Stopped, entry: entry() });
    Item { id: id.into(), ..item(payload) }
}

#[test]
fn archive_keeps_each_item_once() {
    let (workshop, file, built) = build("archive");
    is_small_and_imports_only(
        &built,
        &[
            "stint:plugin/files@0.1.0 append",
            "stint:plugin/files@0.1.0 exists",
            "stint:plugin/files@0.1.0 write",
            "stint:plugin/state@0.1.0 get",
            "stint:plugin/state@0.1.0 put",
            "stint:plugin/types@0.1.0 attachment.mime",
            "stint:plugin/types@0.1.0 attachment.name",
            "stint:plugin/types@0.1.0 attachment.sha256",
            "stint:plugin/types@0.1.0 attachment.size",
        ],
    );
    std::fs::create_dir(workshop.path("kept")).unwrap();
    let lines = || workshop.read("kept/2026-03-02.jsonl");
    run(async {
        let plugin = load(&file).await;
        let folder = Arc::new(Folder::open(&workshop.path("kept")).unwrap());
        let state = Arc::new(MemoryState::default());
        let around = Surroundings {
            state: Arc::clone(&state) as _,
            ..around(&plugin, &json!({ "screenshots": true }), Some(folder))
        };
        let upload = |items| plugin.upload(around.clone(), items);
        let first = upload(vec![stopped("1"), stopped("2")]).await.unwrap();
        assert!(matches!(&first.answer[..], [Outcome::Delivered(None), Outcome::Delivered(None)]));
        state.commit(first.state);
        first.files.settle();
        let settled = lines();
        assert_eq!(settled.lines().count(), 2);

        // The call is done, and the host dies before it settles.
        drop(upload(vec![stopped("3")]).await.unwrap());
        assert_eq!(lines().lines().count(), 3);
        let again = upload(vec![stopped("3")]).await.unwrap();
        state.commit(again.state);
        again.files.settle();
        assert_eq!(lines().lines().count(), 3);
        assert!(lines().starts_with(&settled));

        let picture = MemoryAttachment::new("shot.jpg", "image/jpeg", b"pixels".to_vec());
        let shot = Payload::Screenshot(Screenshot {
            entry_id: None,
            monitor: "DP-1".into(),
            taken_at: 1_772_452_800_000,
            width: 1,
            height: 1,
            file: Arc::new(picture),
        });
        let stored = upload(vec![item(shot)]).await.unwrap();
        assert!(matches!(&stored.answer[..], [Outcome::Delivered(None)]), "{:?}", stored.answer);
        state.commit(stored.state);
        stored.files.settle();
        let line: Value = serde_json::from_str(lines().lines().last().unwrap()).unwrap();
        assert_eq!(workshop.read(&format!("kept/{}", line["picture"].as_str().unwrap())), "pixels");
    });
}

#[test]
fn redact_takes_private_text_out() {
    let (_workshop, file, built) = build("redact");
    is_small_and_imports_only(&built, &[]);
    run(async {
        let plugin = load(&file).await;
        let settings = json!({
            "drop": [{ "reason": "private", "fields": ["tags"], "pattern": "^private$" }],
            "replace": [{ "fields": ["note"], "pattern": "(?i)FIRST (\\w+)", "with": "[$1]" }],
        });
        let around = around(&plugin, &settings, None);
        let kept = plugin.apply(around.clone(), stopped("1")).await.unwrap();
        let Verdict::Keep(kept) = kept.answer else { panic!("nothing about it is private") };
        let Payload::TimeEntry(kept) = kept.payload else { panic!("it came as a time entry") };
        assert_eq!(kept.entry.note.as_deref(), Some("Read the [draft]"));
        let mut private = entry();
        private.tags = vec!["private".into()];
        let private = item(Payload::TimeEntry(TimeEntry { event: Event::Stopped, entry: private }));
        let dropped = plugin.apply(around.clone(), private).await.unwrap();
        assert!(matches!(dropped.answer, Verdict::Drop(reason) if reason == "private"));
        let wrong = json!({ "replace": [{ "pattern": "(" }] }).to_string();
        let problems = plugin.check(Kind::Transform, around, wrong).await.unwrap().answer;
        assert_eq!(problems[0].path, "/replace/0/pattern");
    });
}

#[test]
fn rest_speaks_the_api_that_its_example_describes() {
    let (_workshop, file, built) = build("rest");
    is_small_and_imports_only(
        &built,
        &[
            "stint:plugin/clock@0.1.0 now",
            "stint:plugin/clock@0.1.0 utc-offset",
            "stint:plugin/http@0.1.0 send",
            "stint:plugin/types@0.1.0 attachment.mime",
            "stint:plugin/types@0.1.0 attachment.name",
            "stint:plugin/types@0.1.0 attachment.sha256",
            "stint:plugin/types@0.1.0 attachment.size",
        ],
    );
    let example: toml::Table = toml::from_str(include_str!("../../../../plugins/rest/example.toml")).unwrap();
    let settings = serde_json::to_value(&example["targets"]["tracker"]["settings"]).unwrap();
    run(async {
        let plugin = load(&file).await;
        let answer = HttpResponse { status: 201, headers: Vec::new(), body: br#"{"id":"entry-7"}"#.to_vec() };
        let broker = Arc::new(ScriptedBroker::new([Ok(answer.clone()), Ok(answer)]));
        let allowed = Allowed {
            place: "targets.tracker".into(),
            hosts: vec![HostRule::parse("https://tracker.example.com").unwrap()],
            credentials: ["default".to_owned()].into(),
            attachments: true,
            files: false,
        };
        let around = Surroundings {
            grants: Arc::new(Grants::new(plugin.manifest(), &settings, allowed)),
            broker: Arc::clone(&broker) as _,
            ..around(&plugin, &settings, None)
        };
        let problems = plugin.check(Kind::Target, around.clone(), settings.to_string()).await.unwrap().answer;
        assert!(problems.is_empty(), "{problems:?}");
        let started = Payload::TimeEntry(TimeEntry { event: Event::Started, entry: entry() });
        let outcome = plugin.upload(around.clone(), vec![item(started)]).await.unwrap().answer;
        assert!(matches!(&outcome[..], [Outcome::Delivered(Some(id))] if id == "entry-7"), "{outcome:?}");
        let picture = MemoryAttachment::new("shot.jpg", "image/jpeg", b"pixels".to_vec());
        let shot = Payload::Screenshot(Screenshot {
            entry_id: None,
            monitor: "DP-1".into(),
            taken_at: 1_772_452_800_000,
            width: 1,
            height: 1,
            file: Arc::new(picture),
        });
        let shot = Item { entry_remote_id: Some("entry-7".into()), ..item(shot) };
        let outcome = plugin.upload(around.clone(), vec![shot]).await.unwrap().answer;
        assert!(matches!(&outcome[..], [Outcome::Delivered(None)]), "{outcome:?}");
        let [start, shot] = &broker.seen()[..] else { panic!("two requests") };
        assert_eq!(
            (start.method.as_str(), start.url.as_str()),
            ("POST", "https://tracker.example.com/time-entries/start")
        );
        assert_eq!(start.credential.as_deref(), Some("default"));
        assert_eq!(
            String::from_utf8_lossy(&shot.parts[0].1),
            r#"{"imageData":"data:image/jpeg;base64,<base64 of shot.jpg>","timeEntryId":"entry-7"}"#
        );
        let wrong = settings.to_string().replace("entry.project", "entry.projekt");
        let problems = plugin.check(Kind::Target, around, wrong).await.unwrap().answer;
        assert_eq!(problems[0].path, "/routes/time-entry/started/json/project");
        assert_eq!(problems[0].hint.as_deref(), Some("did you mean `entry.project`?"));
    });
}

#[test]
fn work_hours_lets_recorded_time_through_at_any_hour() {
    let (_workshop, file, built) = build("work-hours");
    is_small_and_imports_only(
        &built,
        &[
            "stint:plugin/clock@0.1.0 now",
            "stint:plugin/clock@0.1.0 timezone",
            "stint:plugin/clock@0.1.0 utc-offset",
        ],
    );
    run(async {
        let plugin = load(&file).await;
        // The clock shows noon of a Monday, in UTC.
        let plan = async |hours: &str, priority| {
            let around = around(&plugin, &json!({ "hours": [hours] }), None);
            plugin.plan(around, snapshot(priority)).await.unwrap().answer
        };
        assert!(matches!(plan("09:00-17:00", 2).await, Decision::Sync(sync) if sync.max_priority == u8::MAX));
        assert!(matches!(plan("13:00-17:00", 2).await, Decision::Wait(3_600_000)));
        assert!(matches!(plan("13:00-17:00", 0).await, Decision::Sync(sync) if sync.max_priority == 0));
    });
}

fn snapshot(priority: u8) -> Snapshot {
    Snapshot {
        now: 1_772_452_800_000,
        utc_offset: 0,
        counts: vec![Count { state: "ready".into(), priority, items: 1 }],
        oldest_pending_ms: Some(1),
        last_pass: None,
        link: Link::Up,
        metered: None,
        power: Power::Mains,
        timer: Timer::Idle,
        items_per_minute: 0.0,
        extra: "{}".into(),
    }
}
