//! The author's guide, followed word by word: its commands are run, its files are written, its output is expected, a
//! host that runs notices the plugin that comes out, and it delivers an item in the sandbox that hosts use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use stint_plugin_runtime::contract::{Event, Outcome, TimeEntry};
use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
use stint_plugin_runtime::services::{FixedClock, HttpResponse, MemoryState, NoCredentials, ScriptedBroker};
use stint_plugin_runtime::{Engine, Limits, PoolSize, Surroundings};

use crate::{
    blocks::blocks,
    host::{Host, until},
    support::Workshop,
};

const GUIDE: &str = include_str!("../../../../plugin-sdk/README.md");

#[test]
fn every_step_of_the_guide_works() {
    let workshop = Workshop::new();
    let mut folder = PathBuf::new();
    let mut said = String::new();
    let mut configuration = String::new();
    let mut host = None;
    for block in blocks(GUIDE) {
        match (block.language, block.file) {
            ("sh", None) => {
                said.clear();
                for line in block.content.lines() {
                    if let Some(into) = line.strip_prefix("cd ") {
                        folder.push(into);
                    } else {
                        let line = line.replace("~/.config", "$XDG_CONFIG_HOME");
                        said.push_str(&workshop.shell(&folder, &line).ok().stdout);
                    }
                }
            }
            ("text", None) => {
                for line in block.content.lines() {
                    assert!(
                        said.contains(line),
                        "the guide promises:\n{line}\nbut the command said:\n{said}"
                    );
                }
            }
            (_, Some("stint.toml")) => {
                host = Some(Host::start(&workshop));
                workshop.configure(&block.content);
                configuration = block.content;
            }
            (_, Some(file)) => workshop.write(&folder.join(file).to_string_lossy(), block.content),
            (language, None) => panic!("nobody runs this block of {language}:\n{}", block.content),
        }
    }
    until("the host notices both", || serves(&workshop));
    drop(host);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(deliver(&workshop.path("hello/target/hello.wasm"), &configuration));
}

/// Whether the host has the plugin serve the target, with what it was granted.
fn serves(workshop: &Workshop) -> bool {
    let plugins = workshop.json(&["plugin", "list"])["plugins"].take();
    let [plugin] = &plugins.as_array().unwrap()[..] else { return false };
    let may = json!(["POST https://chat.example.com", "the credential `default`"]);
    let chat = json!([{ "place": "targets.chat", "may": may, "may_not": [], "error": null }]);
    plugin["name"] == "hello" && plugin["state"] == "ready" && plugin["used_by"] == chat
}

/// Runs the finished file under the guide's own configuration.
async fn deliver(file: &Path, configuration: &str) {
    let target: Value = toml::from_str::<Value>(configuration).unwrap()["targets"]["chat"].clone();
    let engine = Engine::new(PoolSize { calls: 1, calls_of_one: 1, ..PoolSize::default() }, None).unwrap();
    let plugin = engine.load(file).await.unwrap();
    assert_eq!(target["plugin"], plugin.manifest().name);
    plugin.check_settings(&target["settings"]).unwrap();
    let allow = target["allow"].as_array().unwrap();
    let allowed = Allowed {
        place: "targets.chat".into(),
        hosts: allow.iter().map(|rule| HostRule::parse(rule.as_str().unwrap()).unwrap()).collect(),
        credentials: target["credentials"].as_object().unwrap().keys().cloned().collect(),
        ..Allowed::default()
    };
    let answer = HttpResponse { status: 201, headers: vec![], body: br#"{"id":"17"}"#.to_vec() };
    let broker = Arc::new(ScriptedBroker::new([Ok(answer)]));
    let around = Surroundings {
        settings: target["settings"].to_string().into(),
        grants: Arc::new(Grants::new(plugin.manifest(), &target["settings"], allowed)),
        limits: Arc::new(Limits::default()),
        clock: Arc::new(FixedClock { unix_ms: 0 }),
        state: Arc::new(MemoryState::default()),
        broker: Arc::clone(&broker) as _,
        credentials: Arc::new(NoCredentials),
        folder: None,
    };
    let uploaded = plugin.upload(around, vec![item()]).await.unwrap();
    assert!(
        matches!(&uploaded.answer[..], [Outcome::Delivered(Some(id))] if id == "17"),
        "{:?}",
        uploaded.answer
    );
    let requests = broker.seen();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let request = &requests[0];
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://chat.example.com/lines"));
    assert_eq!(request.credential.as_deref(), Some("default"));
    let body: Value = serde_json::from_slice(&request.parts[0].1).unwrap();
    assert_eq!(body["channel"], "worked");
    assert_eq!(body["text"], "60 min for Website");
}

fn item() -> stint_plugin_runtime::Item {
    crate::support::item(stint_plugin_runtime::Payload::TimeEntry(TimeEntry {
        event: Event::Stopped,
        entry: crate::support::entry(),
    }))
}
