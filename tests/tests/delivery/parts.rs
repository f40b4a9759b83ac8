//! The plugins of these tests, in the production sandbox: built once, compiled once, bound as the wiring binds them.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use stint_engine::wiring::{Bound, Network, Unnetworked};
use stint_plugin_runtime::{
    Cache, Engine, Limits, Plugin, PoolSize, Surroundings,
    grants::{Allowed, Grants, HostRule},
    manifest::{self, Manifest},
    services::{MemoryState, NoCredentials},
};
use stint_tests::{MeasuredClock, guests};

use crate::world::{START, Target};

/// The plugin that posts, with the manifest of such a target.
pub(crate) async fn postman(target: &Target) -> Plugin {
    posting(target, 0).await
}

/// The same in another version, whose bytes are others.
pub(crate) async fn posting(target: &Target, patch: u64) -> Plugin {
    static BYTES: OnceLock<(Vec<u8>, Manifest)> = OnceLock::new();
    let (component, manifest) = BYTES.get_or_init(|| {
        let built =
            || Ok::<_, guests::GuestError>((guests::component("postman")?, guests::manifest_of("postman")?));
        built().unwrap_or_else(|error| panic!("{error}"))
    });
    let mut manifest = manifest.clone();
    manifest.version.patch += patch;
    let traits = manifest.target.as_mut().unwrap();
    (traits.idempotency, traits.snapshots) = (target.class, target.snapshots);
    traits.max_batch = target.max_batch;
    let bytes = manifest::embed(component, &manifest).unwrap();
    engine().load_bytes("postman.wasm".as_ref(), bytes).await.unwrap()
}

/// `redact` as it comes with stint, replacing in notes.
pub(crate) async fn redacting(pattern: &str, with: &str) -> Bound {
    let replace = json!([{ "fields": ["note"], "pattern": pattern, "with": with }]);
    unnetworked(first_party("redact").await, &json!({ "replace": replace }))
}

/// `redact` as it comes with stint, dropping by the note.
pub(crate) async fn dropping(pattern: &str, reason: &str) -> Bound {
    let drop = json!([{ "fields": ["note"], "pattern": pattern, "reason": reason }]);
    unnetworked(first_party("redact").await, &json!({ "drop": drop }))
}

/// `work-hours` as it comes with stint.
pub(crate) async fn working(hours: &str) -> Bound {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let settings = json!({ "days": days, "hours": [hours], "timezone": "UTC" });
    unnetworked(first_party("work-hours").await, &settings)
}

/// The plugin that does what no plugin should.
pub(crate) async fn hostile(mode: &str) -> Bound {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    let bytes = BYTES.get_or_init(|| guests::guest("hostile").unwrap_or_else(|error| panic!("{error}")));
    let plugin = engine().load_bytes("hostile.wasm".as_ref(), bytes.clone()).await.unwrap();
    unnetworked(plugin, &json!({ "mode": mode }))
}

async fn first_party(name: &'static str) -> Plugin {
    static BUILT: Mutex<BTreeMap<&str, Vec<u8>>> = Mutex::new(BTreeMap::new());
    let bytes = {
        let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = built.entry(name);
        bytes.or_insert_with(|| guests::first_party(name).unwrap_or_else(|error| panic!("{error}"))).clone()
    };
    engine().load_bytes(format!("{name}.wasm").as_ref(), bytes).await.unwrap()
}

fn unnetworked(plugin: Plugin, settings: &Value) -> Bound {
    bound(plugin, settings, Arc::new(Unnetworked))
}

/// A plugin in its place, with everything granted.
pub(crate) fn bound(plugin: Plugin, settings: &Value, network: Arc<dyn Network>) -> Bound {
    let allowed = Allowed {
        place: "targets.test".to_owned(),
        hosts: vec![HostRule::parse("https://backend.test").unwrap()],
        credentials: ["default".to_owned()].into(),
        attachments: true,
        files: false,
    };
    let around = Surroundings {
        settings: settings.to_string().into(),
        grants: Arc::new(Grants::new(plugin.manifest(), settings, allowed)),
        limits: Arc::new(Limits { cpu: Duration::from_hours(1), ..Limits::default() }),
        clock: Arc::new(MeasuredClock::new(START.0)),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(stint_plugin_runtime::services::NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    };
    Bound { plugin, around, network }
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
        Engine::new(PoolSize::default(), Some(Cache::open(&folder).unwrap())).unwrap()
    })
}
