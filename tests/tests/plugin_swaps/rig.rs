//! The registry and the wirer as a host has them, without a folder's watcher: who drives the rig says when to look. One
//! file is replaced again and again by one of two versions.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use stint_clock::SystemClock;
use stint_config::{Flag, Loaded, Request};
use stint_engine::wiring::{Lines, Shut, Tryout, Wirer};
use stint_engine::{Current, Owner, Place, Presence};
use stint_plugin_runtime::compiler::Compiler;
use stint_plugin_runtime::manifest;
use stint_plugin_runtime::registry::{Catalogue, Registry, Rules, Timing, Trial};
use stint_plugin_runtime::{Cache, Engine, PoolSize};
use stint_tests::guests::{component, manifest_of};
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

const CONFIGURATION: &str =
    "[targets.work]\nplugin = \"hostile\"\n[targets.work.settings]\nmode = \"http\"\n";

/// The rig.
pub(crate) struct Rig {
    folder: TempDir,
    owner: Owner,
    pub(crate) engine: Engine,
    pub(crate) lines: watch::Receiver<Lines>,
    nudge: mpsc::Sender<()>,
    _rules: watch::Sender<Rules>,
    versions: [Vec<u8>; 2],
    _tasks: JoinSet<()>,
}

impl Rig {
    /// A rig. `around` may put something around the trial.
    pub(crate) async fn new(around: impl FnOnce(Arc<dyn Trial>) -> Arc<dyn Trial>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let plugins = folder.path().join("plugins");
        std::fs::create_dir(&plugins).unwrap();
        let loaded = loaded(folder.path());
        let clock = Arc::new(SystemClock::new().unwrap());
        let place =
            Place { user: "ada".into(), host: "desk".into(), zone: "UTC".into(), compiler: Compiler::Here };
        let owner = Owner::open(loaded.clone(), place, clock.clone(), Presence::Command).await.unwrap();
        let cache = Cache::open(&folder.path().join("compiled")).unwrap();
        let engine = Engine::new(PoolSize { calls: 32, ..PoolSize::default() }, Some(cache)).unwrap();
        let store = Arc::clone(owner.desk.store());
        let wirer = Arc::new(Wirer::new(store, clock, "UTC", Arc::new(Shut)));
        let (_current, current) = watch::channel(Current::from(loaded.clone()));
        let trial = around(Arc::new(Tryout::new(Arc::clone(&wirer), current)));
        let timing = Timing { quiet: Duration::from_millis(1), ..Timing::default() };
        let (catalogue, mut seen) = watch::channel(Arc::new(Catalogue::default()));
        let rules =
            Rules { folder: Some(plugins), wanted: ["hostile".to_owned()].into(), ..Rules::default() };
        let (rules, rules_seen) = watch::channel(rules);
        let (nudge, nudges) = mpsc::channel(1);
        let (told, lines) = watch::channel(Lines::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(Registry::new(engine.clone(), trial, timing, catalogue).run(rules_seen, nudges));
        tasks.spawn(async move {
            while seen.changed().await.is_ok() {
                let catalogue = Arc::clone(&seen.borrow_and_update());
                told.send_replace(wirer.wire(&loaded, &catalogue).await);
            }
        });
        let versions = ["1.0.0", "1.1.0"].map(version);
        Self { folder, owner, engine, lines, nudge, _rules: rules, versions, _tasks: tasks }
    }

    /// Puts the nth file into the folder and waits until its version serves.
    pub(crate) async fn swap(&mut self, nth: usize) {
        let (file, new) = (self.file("hostile.wasm"), self.file(".new"));
        std::fs::write(&new, &self.versions[nth % 2]).unwrap();
        std::fs::rename(new, file).unwrap();
        let _one_waits = self.nudge.try_send(());
        let wanted = ["1.0.0", "1.1.0"][nth % 2];
        self.lines.wait_for(|lines| serving(lines).as_deref() == Some(wanted)).await.unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("plugins").join(name)
    }

    pub(crate) fn close(self) {
        self.owner.desk.store().close();
    }
}

/// The version that the target is served by.
pub(crate) fn serving(lines: &Lines) -> Option<String> {
    let bound = lines.get("work")?.uploader.as_ref().ok()?;
    Some(bound.plugin.manifest().version.to_string())
}

fn loaded(folder: &Path) -> Loaded {
    std::fs::write(folder.join("stint.toml"), CONFIGURATION).unwrap();
    let data = folder.join("data").display().to_string();
    let flag = Flag::new("--data-dir", "storage.data_dir", &data).unwrap();
    let request = Request::new(Some(folder.join("stint.toml")), vec![flag], [], folder.to_owned());
    stint_config::load(&request).unwrap()
}

fn version(version: &str) -> Vec<u8> {
    let (component, mut manifest) = (component("hostile").unwrap(), manifest_of("hostile").unwrap());
    manifest.version = version.parse().unwrap();
    manifest::embed(&component, &manifest).unwrap()
}
