//! The stage: an engine, the hostile plugin on it, and what it is given for one call.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use stint_plugin_runtime::contract::Outcome;
use stint_plugin_runtime::grants::{Allowed, Grants, HostRule};
use stint_plugin_runtime::services::{Broker, Folder, MemoryState, NoCredentials, NoNetwork, StateSource};
use stint_plugin_runtime::{
    Answered, Cache, CallFailed, Engine, Item, Limits, MemoryAttachment, Payload, Plugin, PoolSize, PoolUse,
    Report, Screenshot, Surroundings,
};
use stint_tests::MeasuredClock;
use stint_tests::guests::guest;

/// The bytes of the hostile plugin, built once for this binary.
pub(crate) fn hostile() -> Vec<u8> {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| guest("hostile").unwrap_or_else(|error| panic!("{error}"))).clone()
}

/// The cache of compiled code, which these tests share: compiling takes longer than all of them.
fn cache() -> Cache {
    Cache::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled")).unwrap()
}

/// An engine with the hostile plugin loaded.
pub(crate) struct Stage {
    pub(crate) engine: Engine,
    pub(crate) plugin: Plugin,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        Self::of_size(PoolSize { calls: 4, calls_of_one: 4, memory_bytes_max: 128 << 20 }).await
    }

    pub(crate) async fn of_size(size: PoolSize) -> Self {
        let engine = Engine::new(size, Some(cache())).unwrap();
        let plugin = engine.load_bytes("hostile.wasm".as_ref(), hostile()).await.unwrap();
        Self { engine, plugin }
    }

    /// The same file again, as another plugin on the same engine.
    pub(crate) async fn another(&self) -> Plugin {
        self.engine.load_bytes("other.wasm".as_ref(), hostile()).await.unwrap()
    }

    /// Has the plugin deliver one item in a mode, which leaves nothing in use.
    pub(crate) async fn upload(&self, around: Surroundings) -> Result<Answered<Vec<Outcome>>, CallFailed> {
        let ended = self.plugin.upload(around, vec![item()]).await;
        self.is_clean();
        ended
    }

    /// What the plugin said about itself, in a call that it answered.
    pub(crate) async fn says(&self, around: Surroundings) -> Vec<String> {
        lines(&self.upload(around).await.expect("the call is answered").report)
    }

    /// Nothing is in use.
    #[track_caller]
    pub(crate) fn is_clean(&self) {
        assert_eq!(self.engine.in_use(), PoolUse::default());
    }

    /// An honest call on this engine succeeds.
    pub(crate) async fn still_works(&self) {
        let answered = self.upload(around("honest", 0)).await.expect("an honest call succeeds");
        assert!(
            matches!(answered.answer.as_slice(), [Outcome::Delivered(Some(id))] if id == "remote-item-1")
        );
    }
}

/// The messages a plugin logged.
pub(crate) fn lines(report: &Report) -> Vec<String> {
    report.log.iter().map(|line| line.message.clone()).collect()
}

/// What a call in a mode is given: everything granted, tight bounds.
pub(crate) fn around(mode: &str, n: u64) -> Surroundings {
    let settings = json!({ "mode": mode, "n": n });
    Surroundings {
        grants: Arc::new(granted(&settings, everything())),
        settings: settings.to_string().into(),
        limits: Arc::new(limits()),
        clock: Arc::new(MeasuredClock::new(1_700_000_000_000)),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    }
}

/// Bounds without time: on a busy machine everything takes long. What is to run out of time says so.
pub(crate) fn limits() -> Limits {
    let long = Duration::from_hours(1);
    Limits { cpu: long, call: long, memory_bytes: 16 << 20, ..Limits::default() }
}

/// The same with little time on the processor.
pub(crate) fn hurried(around: Surroundings) -> Surroundings {
    with_limits(around, |limits| limits.cpu = Duration::from_millis(50))
}

pub(crate) fn with_limits(mut around: Surroundings, change: impl FnOnce(&mut Limits)) -> Surroundings {
    change(Arc::make_mut(&mut around.limits));
    around
}

pub(crate) fn with_broker(mut around: Surroundings, broker: Arc<dyn Broker>) -> Surroundings {
    around.broker = broker;
    around
}

pub(crate) fn with_state(mut around: Surroundings, state: Arc<dyn StateSource>) -> Surroundings {
    around.state = state;
    around
}

pub(crate) fn with_folder(mut around: Surroundings, folder: Arc<Folder>) -> Surroundings {
    around.folder = Some(folder);
    around
}

pub(crate) fn with_grants(mut around: Surroundings, allowed: Allowed) -> Surroundings {
    around.grants = Arc::new(granted(&Value::Null, allowed));
    around
}

/// The grants of the hostile plugin, whose manifest asks for everything there is.
pub(crate) fn granted(settings: &Value, allowed: Allowed) -> Grants {
    let toml = include_str!("../../hostile/plugin.toml");
    let manifest =
        stint_plugin_runtime::manifest::Manifest::from_toml(toml, |_| Ok("{}".to_owned())).unwrap();
    Grants::new(&manifest, settings, allowed)
}

pub(crate) fn everything() -> Allowed {
    Allowed {
        place: "targets.test".to_owned(),
        hosts: vec![HostRule::parse("https://backend.test").unwrap()],
        credentials: ["default".to_owned()].into(),
        attachments: true,
        files: true,
    }
}

/// An item that needs nothing.
pub(crate) fn item() -> Item {
    Item {
        id: "item-1".to_owned(),
        key: "key-1".to_owned(),
        entry_key: Some("entry-key-1".to_owned()),
        entry_remote_id: None,
        occurred_at: 1_700_000_000_000,
        attempt: 1,
        priority: 0,
        labels: Vec::new(),
        payload: Payload::Custom(stint_plugin_runtime::contract::Custom {
            kind: "note".to_owned(),
            data: "{}".to_owned(),
        }),
    }
}

/// An item with a picture of this size.
pub(crate) fn screenshot(width: u32, height: u32) -> Item {
    let mut bytes = vec![0_u8; width as usize * height as usize * 4];
    bytes.iter_mut().enumerate().for_each(|(index, byte)| *byte = u8::try_from(index % 251).unwrap());
    let picture = stint_pixels::Picture::from_rgba(width, height, bytes).unwrap();
    let file = stint_pixels::encode(&picture, stint_pixels::Format::Png).unwrap();
    Item {
        payload: Payload::Screenshot(Screenshot {
            entry_id: None,
            monitor: "DP-1".to_owned(),
            taken_at: 1_700_000_000_000,
            width,
            height,
            file: Arc::new(MemoryAttachment::new("shot.png", "image/png", file)),
        }),
        ..item()
    }
}
