//! A host in this process with a folder of plugins, both of one test alone.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use stint_clock::SystemClock;
use stint_config::{Flag, Loaded, Request};
use stint_engine::wiring::{Line, Lines};
use stint_engine::{Desk, Host, Place};
use stint_plugin_runtime::compiler::Compiler;
use stint_plugin_runtime::manifest::{self, Manifest};
use stint_plugin_runtime::registry::{Catalogue, Entry, State};
use stint_tests::guests::{component, first_party, manifest_of};
use tempfile::TempDir;
use tokio::sync::watch;

/// Only a host that hangs takes this long.
pub(crate) const FOR_EVER: Duration = Duration::from_mins(2);

/// A configuration and a folder of plugins.
pub(crate) struct Stage {
    folder: TempDir,
}

/// A host on it.
pub(crate) struct Running {
    pub(crate) host: Host,
    pub(crate) desk: Desk,
}

impl Stage {
    pub(crate) fn new(configuration: &str) -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(stage.path("plugins")).unwrap();
        stage.configure(configuration);
        stage
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn configure(&self, text: &str) {
        std::fs::write(self.path("stint.toml.new"), text).unwrap();
        std::fs::rename(self.path("stint.toml.new"), self.path("stint.toml")).unwrap();
    }

    /// Puts a file into the folder as a program does that knows of whoever watches: whole.
    pub(crate) fn put(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.path("plugins/.new"), bytes).unwrap();
        std::fs::rename(self.path("plugins/.new"), self.path("plugins").join(file)).unwrap();
    }

    pub(crate) fn loaded(&self) -> Loaded {
        let data = self.path("data").display().to_string();
        let flag = Flag::new("--data-dir", "storage.data_dir", &data).unwrap();
        let folder = self.folder.path().to_owned();
        stint_config::load(&Request::new(Some(self.path("stint.toml")), vec![flag], [], folder)).unwrap()
    }

    pub(crate) async fn host(&self) -> Running {
        let place = Place {
            user: "ada".into(),
            host: "desk".into(),
            zone: "Europe/Vienna".into(),
            compiler: Compiler::Here,
        };
        let clock = Arc::new(SystemClock::new().unwrap());
        let host = Host::start(self.loaded(), place, clock).await.unwrap();
        Running { desk: host.desk(), host }
    }
}

impl Running {
    /// Waits until the lines are as they should be.
    pub(crate) async fn lines(&self, ready: impl FnMut(&Lines) -> bool) -> Lines {
        until(self.desk.lines(), ready).await
    }

    /// Waits until a target's line is as it should be.
    pub(crate) async fn line(&self, target: &str, mut ready: impl FnMut(&Line) -> bool) -> Arc<Line> {
        let lines = self.lines(|lines| lines.get(target).is_some_and(|line| ready(line))).await;
        Arc::clone(&lines[target])
    }

    /// Waits until a plugin is as it should be.
    pub(crate) async fn plugin(&self, name: &str, mut ready: impl FnMut(&Entry) -> bool) -> Entry {
        let catalogue: Arc<Catalogue> =
            until(self.desk.plugins(), |seen| seen.entries.get(name).is_some_and(&mut ready)).await;
        catalogue.entries[name].clone()
    }

    /// Waits until a plugin serves in this version and nothing is wrong with it.
    pub(crate) async fn serves(&self, name: &str, version: &str) -> Entry {
        let ready = |entry: &Entry| entry.state == State::Ready && of_version(entry, version);
        self.plugin(name, ready).await
    }

    pub(crate) async fn reload(&self) {
        self.host.reloader().reload().await.unwrap();
    }

    pub(crate) async fn end(self) {
        self.host.stop().await.unwrap();
    }
}

pub(crate) fn of_version(entry: &Entry, version: &str) -> bool {
    entry.plugin.as_ref().is_some_and(|plugin| plugin.manifest().version.to_string() == version)
}

/// Waits for a value that is as it should be; what there was instead if it never comes.
pub(crate) async fn until<T: Clone + std::fmt::Debug>(
    mut seen: watch::Receiver<T>,
    ready: impl FnMut(&T) -> bool,
) -> T {
    let found =
        tokio::time::timeout(FOR_EVER, seen.wait_for(ready)).await.map(|found| found.unwrap().clone());
    found.unwrap_or_else(|_| panic!("it stayed like this: {:#?}", seen.borrow()))
}

/// The plugins that come with stint.
pub(crate) const FIRST_PARTY: [&str; 4] = ["archive", "redact", "rest", "work-hours"];

/// A plugin that comes with stint, built once for this binary.
pub(crate) fn built(name: &'static str) -> Vec<u8> {
    static ALL: [OnceLock<Vec<u8>>; 4] = [const { OnceLock::new() }; 4];
    let at = FIRST_PARTY.iter().position(|known| *known == name).unwrap();
    ALL[at].get_or_init(|| first_party(name).unwrap_or_else(|error| panic!("{error}"))).clone()
}

/// The hostile plugin with another manifest.
pub(crate) fn hostile(change: impl FnOnce(&mut Manifest)) -> Vec<u8> {
    static PARTS: OnceLock<(Vec<u8>, Manifest)> = OnceLock::new();
    let (component, manifest) =
        PARTS.get_or_init(|| (component("hostile").unwrap(), manifest_of("hostile").unwrap()));
    let mut manifest = manifest.clone();
    change(&mut manifest);
    manifest::embed(component, &manifest).unwrap()
}

/// The hostile plugin in a version.
pub(crate) fn version(version: &str) -> Vec<u8> {
    hostile(|manifest| manifest.version = version.parse().unwrap())
}
