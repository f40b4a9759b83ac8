//! The plugin on an engine, the backend it speaks to, and items for it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde_json::Value;
use stint_plugin_runtime::contract::{Entry, Event, Finding, Origin, Outcome, TimeEntry};
use stint_plugin_runtime::egress::{Client, EgressBroker, LastExchange, WayOut};
use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
use stint_plugin_runtime::services::{FixedClock, MemoryState, NoCredentials};
use stint_plugin_runtime::{
    Cache, Engine, Item, Limits, MemoryAttachment, Payload, Plugin, PoolSize, Screenshot, Surroundings,
};
use stint_tests::backend::{Backend, Config};
use stint_tests::guests::first_party;

use crate::tokens::Login;

/// 2026-03-02T12:00:00Z, a Monday.
const NOON: i64 = 1_772_452_800_000;

pub(crate) struct Stage {
    pub(crate) backend: Arc<Backend>,
    settings: Value,
    plugin: Plugin,
    grants: Arc<Grants>,
    client: Client,
    login: Arc<Login>,
}

impl Stage {
    /// The example's settings against a backend as it is by default.
    pub(crate) async fn new() -> Self {
        Self::with(Config::default(), |_| {}).await
    }

    pub(crate) async fn with(config: Config, change: impl FnOnce(&mut Value)) -> Self {
        static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
        let bytes = BYTES.get_or_init(|| first_party("rest").unwrap_or_else(|error| panic!("{error}")));
        let cache = Cache::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled")).unwrap();
        let size = PoolSize { calls: 2, calls_of_one: 2, ..PoolSize::default() };
        let engine = Engine::new(size, Some(cache)).unwrap();
        let plugin = engine.load_bytes("rest.wasm".as_ref(), bytes.clone()).await.unwrap();
        let backend = Arc::new(Backend::with(config).unwrap());
        let example: toml::Table = include_str!("../../../plugins/rest/example.toml").parse().unwrap();
        let mut settings = serde_json::to_value(&example["targets"]["tracker"]["settings"]).unwrap();
        settings["url"] = backend.url("").into();
        change(&mut settings);
        assert!(plugin.manifest().check_settings(&settings).is_empty());
        let allowed = Allowed {
            place: "targets.tracker".into(),
            hosts: vec![HostRule::parse(&backend.url("")).unwrap()],
            credentials: ["default".to_owned()].into(),
            attachments: true,
            files: false,
        };
        let grants = Arc::new(Grants::new(plugin.manifest(), &settings, allowed));
        let client = Client::new(&WayOut::default(), Arc::clone(&grants)).unwrap();
        let login = Arc::new(Login::new(Arc::clone(&backend), false));
        Self { backend, settings, plugin, grants, client, login }
    }

    /// The same with a token that can be renewed.
    pub(crate) fn renewing(self) -> Self {
        Self { login: Arc::new(Login::new(Arc::clone(&self.backend), true)), ..self }
    }

    fn around(&self) -> Surroundings {
        let excerpts = Arc::new(LastExchange::default());
        let broker = EgressBroker::new(self.client.clone(), Arc::clone(&self.login) as _, excerpts);
        Surroundings {
            settings: self.settings.to_string().into(),
            grants: Arc::clone(&self.grants),
            limits: Arc::new(Limits::default()),
            clock: Arc::new(FixedClock { unix_ms: NOON }),
            state: Arc::new(MemoryState::default()),
            broker: Arc::new(broker),
            credentials: Arc::new(NoCredentials),
            folder: None,
        }
    }

    /// Has an item delivered.
    pub(crate) async fn upload(&self, item: Item) -> Outcome {
        self.plugin.upload(self.around(), vec![item]).await.unwrap().answer.remove(0)
    }

    /// Has an item delivered, and answers with what the backend calls its entry.
    pub(crate) async fn delivered(&self, item: Item) -> Option<String> {
        match self.upload(item).await {
            Outcome::Delivered(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn lookup(&self, item: Item) -> Finding {
        self.plugin.lookup(self.around(), item).await.unwrap().answer.unwrap()
    }
}

/// Something that happened to an entry that the backend calls so.
pub(crate) fn event(event: Event, key: &str, remote_id: Option<&str>) -> Item {
    let entry = Entry {
        id: "0195570b-0000-7000-8000-00000000000e".into(),
        project: Some("Website".into()),
        task: None,
        note: Some("Read the first draft".into()),
        tags: vec![],
        billable: true,
        started_at: NOON - 3_600_000,
        ended_at: None,
        worked_ms: 3_600_000,
        segments: vec![],
        gaps: vec![],
        timezone: "Europe/Berlin".into(),
        origin: Origin { person: "ada".into(), machine: "desk-1".into(), installation: "1".into() },
        extra: "{}".into(),
    };
    item(Payload::TimeEntry(TimeEntry { event, entry }), key, remote_id)
}

/// A picture of an entry that the backend calls so.
pub(crate) fn screenshot(bytes: &[u8], key: &str, remote_id: Option<&str>) -> Item {
    let shot = Screenshot {
        entry_id: None,
        monitor: "DP-1".into(),
        taken_at: NOON,
        width: 1,
        height: 1,
        file: Arc::new(MemoryAttachment::new("shot.jpg", "image/jpeg", bytes.to_vec())),
    };
    item(Payload::Screenshot(shot), key, remote_id)
}

fn item(payload: Payload, key: &str, remote_id: Option<&str>) -> Item {
    Item {
        id: "0195573a-9d00-7000-8000-000000000002".into(),
        key: key.into(),
        entry_key: Some("9f0c1f6e-2222-5000-8000-000000000004".into()),
        entry_remote_id: remote_id.map(str::to_owned),
        occurred_at: NOON,
        attempt: 1,
        priority: 0,
        labels: vec![],
        payload,
    }
}
