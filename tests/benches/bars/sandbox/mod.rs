//! What a sandbox costs: a fresh one for each call, and a start with everything compiled before.

mod bare;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use stint_plugin_runtime::contract::{Custom, Outcome};
use stint_plugin_runtime::grants::{Allowed, Grants};
use stint_plugin_runtime::manifest::{self, Manifest};
use stint_plugin_runtime::services::{MemoryState, NoCredentials, NoNetwork};
use stint_plugin_runtime::{Cache, Engine, Item, Limits, Payload, Plugin, PoolSize, Surroundings};
use stint_tests::MeasuredClock;
use stint_tests::guests::{component, guest, manifest_of};
use stint_tests::ratio::{Bar, Bench, Failure, Pair, Stopwatch};
use tokio::runtime::Runtime;

use self::bare::Bare;

/// Calls that are timed together, so that the clock's own cost is nothing beside them.
const CALLS: usize = 500;
const CALL_BAR: f64 = 2.5;
const CALL_MICROSECONDS_MAX: f64 = 40.0;
const PLUGINS: usize = 8;
const START_MILLISECONDS_MAX: f64 = 150.0;

/// All of them.
pub(crate) fn benches() -> Vec<Bench> {
    vec![fresh_call(), fresh_call_time(), warm_start()]
}

/// A call in a fresh sandbox against bare wasmtime doing the same: instantiate, upload one item, drop.
fn fresh_call() -> Bench {
    Bench::slowdown("fresh sandbox call, against bare wasmtime", CALL_BAR, || {
        let bytes = guest("hostile")?;
        let bare = Bare::new(&bytes)?;
        let host = Host::new(&bytes)?;
        let runtime = runtime()?;
        Ok(Pair::new(
            move |watch| watch.time(|| (0..CALLS).try_for_each(|_| host.upload(vec![item()]))),
            move |watch| watch.time(|| (0..CALLS).try_for_each(|_| runtime.block_on(bare.upload()))),
        ))
    })
}

/// The same as a time: the promise is a number of microseconds.
fn fresh_call_time() -> Bench {
    let bar = Bar::AtMost(CALL_MICROSECONDS_MAX);
    Bench::count("fresh sandbox call: instantiate, upload of one item, drop (median)", "µs", bar, || {
        let host = Host::new(&guest("hostile")?)?;
        let mut times = Vec::new();
        for _ in 0..10 * CALLS {
            let item = vec![item()];
            let mut watch = Stopwatch::default();
            watch.time(|| host.upload(item))?;
            times.push(watch.elapsed());
        }
        times.sort_unstable();
        Ok(times[times.len() / 2].as_secs_f64() * 1e6)
    })
}

/// From nothing to eight plugins that can be called, all compiled before.
fn warm_start() -> Bench {
    let bar = Bar::AtMost(START_MILLISECONDS_MAX);
    Bench::count("start to ready with 8 cached plugins", "ms of CPU", bar, || {
        let folder = tempfile::tempdir()?;
        let files = many(folder.path())?;
        let compiled = folder.path().join("compiled");
        load_all(&files, &compiled)?;
        let mut times = Vec::new();
        for _ in 0..5 {
            let before = processor_time();
            load_all(&files, &compiled)?;
            times.push(processor_time().saturating_sub(before));
        }
        times.sort_unstable();
        Ok(times[times.len() / 2].as_secs_f64() * 1e3)
    })
}

/// The same component under many names: many files, many entries in the cache.
fn many(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let (component, mut manifest) = (component("hostile")?, manifest_of("hostile")?);
    let mut write = |number: usize| -> Result<PathBuf, Failure> {
        manifest.name = format!("plugin-{number}");
        let file = folder.join(format!("{}.wasm", manifest.name));
        std::fs::write(&file, manifest::embed(&component, &manifest)?)?;
        Ok(file)
    };
    (0..PLUGINS).map(&mut write).collect()
}

fn load_all(files: &[PathBuf], compiled: &Path) -> Result<(), Failure> {
    let runtime = runtime()?;
    let engine = Engine::new(PoolSize::default(), Some(Cache::open(compiled)?))?;
    for file in files {
        runtime.block_on(engine.load(file)).map_err(|error| error.author())?;
    }
    Ok(())
}

/// One thread: what is timed is work, not waking.
fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()
}

/// The time this process has used on the processor, all threads together.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// The product's own way to call a plugin.
struct Host {
    runtime: Runtime,
    plugin: Plugin,
    around: Surroundings,
}

impl Host {
    fn new(bytes: &[u8]) -> Result<Self, Failure> {
        let runtime = runtime()?;
        let engine = Engine::new(PoolSize::default(), None)?;
        let plugin = runtime
            .block_on(engine.load_bytes("hostile.wasm".as_ref(), bytes.to_vec()))
            .map_err(|error| error.author())?;
        let around = around(plugin.manifest());
        Ok(Self { runtime, plugin, around })
    }

    fn upload(&self, items: Vec<Item>) -> Result<(), Failure> {
        let count = items.len();
        let answered = self.runtime.block_on(self.plugin.upload(self.around.clone(), items))?;
        let delivered =
            answered.answer.iter().filter(|outcome| matches!(outcome, Outcome::Delivered(Some(_))));
        if delivered.count() == count { Ok(()) } else { Err("not everything was delivered".into()) }
    }
}

fn around(manifest: &Manifest) -> Surroundings {
    Surroundings {
        settings: "{}".into(),
        grants: Arc::new(Grants::new(manifest, &json!({}), Allowed::default())),
        limits: Arc::new(Limits::default()),
        clock: Arc::new(MeasuredClock::new(0)),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    }
}

fn item() -> Item {
    Item {
        id: "0190b3a4-7c00-7000-8000-000000000001".into(),
        key: "5f9c8a52-0d3c-5b0e-9a53-9df0a1f4f2d1".into(),
        entry_key: None,
        entry_remote_id: None,
        occurred_at: 0,
        attempt: 1,
        priority: 0,
        labels: Vec::new(),
        payload: Payload::Custom(Custom { kind: "note".into(), data: "{}".into() }),
    }
}
