//! A desk whose targets are sample backends, and the plugin that speaks to them.

use std::{
    fs,
    io::{Read as _, Write as _},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use serde_json::Value;
use stint_domain::{
    entry::{Details, Entry, Origin, Snapshot},
    id::{EntryId, ItemId},
    item::{Item, Payload},
    time::{Millis, UnixMs},
    timer::Event,
};
use stint_store::{
    Mode, Options, Store,
    queue::{self, NewItem, Room},
};
use stint_tests::{
    backend::{Backend, Config},
    guests::first_party,
};

use crate::desk::{Desk, Host, until};

/// A credential that every backend here takes for ever.
pub(super) const KEY: &str = "a-key-for-ever";

/// The second of March 2026, noon in Vienna.
const NOON: UnixMs = UnixMs(1_772_449_200_000);

pub(super) struct Stage {
    pub(super) desk: Desk,
}

/// A backend that takes the key.
pub(super) fn backend() -> Backend {
    Backend::with(taking_the_key()).unwrap()
}

pub(super) fn taking_the_key() -> Config {
    Config { api_key: Some(KEY.to_owned()), ..Config::default() }
}

/// A target of the plugin, as its example configures it.
pub(super) fn target(name: &str, backend: &Backend) -> String {
    let example = include_str!("../../../../../plugins/rest/example.toml");
    let (targets, _) = example.split_once("[credentials.tracker]").unwrap();
    targets
        .replace("https://tracker.example.com", &backend.url(""))
        .replace("[targets.tracker", &format!("[targets.{name}"))
        .replace("\"tracker\" }", "\"key\" }")
}

/// The key that all targets share.
pub(super) fn key() -> String {
    "[credentials.key]\nscheme = \"bearer\"\nvalue = { file = \"key\" }\n".to_owned()
}

impl Stage {
    /// A desk with the plugin in its folder, and this configuration.
    pub(super) fn new(config: &str) -> Self {
        let desk = Desk::new();
        desk.configure(config);
        fs::create_dir(desk.path("plugins")).unwrap();
        fs::write(desk.path("plugins/rest.wasm"), rest()).unwrap();
        fs::write(desk.path("key"), KEY).unwrap();
        let stage = Self { desk };
        stage.bring_compiled();
        stage
    }

    /// One target, `work`.
    pub(super) fn one(backend: &Backend) -> Self {
        Self::new(&(target("work", backend) + &key()))
    }

    /// Starts a host, and waits until its targets are served.
    pub(super) fn host(&self) -> Host {
        let host = self.desk.host();
        self.until_served();
        host
    }

    pub(super) fn until_served(&self) {
        until("every target is served", || {
            let status = self.desk.json(&["status"]);
            let targets = status["targets"].as_array().unwrap();
            let is_served = |target: &Value| target["retired"] == true || !target["last_pass"].is_null();
            targets.iter().all(is_served)
                && status["plugins"].as_array().unwrap().iter().any(|plugin| plugin["state"] == "ready")
        });
        self.keep_compiled();
    }

    /// A target's status.
    pub(super) fn target(&self, name: &str) -> Value {
        let list = self.desk.json(&["target", "list"]);
        let targets = list["targets"].as_array().unwrap();
        targets.iter().find(|target| target["name"] == name).unwrap().clone()
    }

    /// A count of a target.
    pub(super) fn count(&self, name: &str, state: &str) -> u64 {
        self.target(name)[state].as_u64().unwrap()
    }

    /// Nothing waits for a target any more.
    #[track_caller]
    pub(super) fn until_drained(&self, name: &str) {
        until("nothing is pending", || {
            self.desk.stint(&["sync", "--target", name]).ok();
            self.count(name, "pending") == 0
        });
    }

    /// Records the start of so many entries, as if no host ran; and none may run.
    pub(super) fn record(&self, entries: std::ops::Range<u64>) {
        self.desk.stint(&["status"]).ok();
        let options = Options { mode: Mode::Inline, ..Options::new(self.desk.data(), |_| {}) };
        let store = Store::open(options, NOON).unwrap().store;
        let items: Vec<NewItem> = entries.map(started).collect();
        store
            .write_blocking(move |tx| {
                queue::record(tx, &items, NOON, Room { backlog_max: 100_000 }).map(drop)
            })
            .unwrap();
        store.close();
    }

    /// What the host says over its socket.
    pub(super) fn get(&self, path: &str) -> String {
        Self::get_at(&self.desk.data(), path)
    }

    /// The same of a host whose data directory is seen elsewhere.
    pub(super) fn get_at(data: &Path, path: &str) -> String {
        let mut socket = UnixStream::connect(data.join("control.sock")).unwrap();
        write!(socket, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Compiled code of an earlier test is taken along: compiling takes longer than all else here.
    fn bring_compiled(&self) {
        let to = self.desk.data().join("compiled");
        if shared().exists() {
            fs::create_dir_all(&to).unwrap();
            copy(&shared(), &to);
            for folder in [self.desk.data(), to] {
                private(&folder);
            }
        }
    }

    fn keep_compiled(&self) {
        fs::create_dir_all(shared()).unwrap();
        copy(&self.desk.data().join("compiled"), &shared());
    }
}

fn shared() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("delivering-compiled")
}

fn private(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

/// Copies the files that aren't there yet, each under another name first: tests run beside one another.
fn copy(from: &Path, to: &Path) {
    let Ok(files) = fs::read_dir(from) else { return };
    for file in files.map(|file| file.unwrap()) {
        let there = to.join(file.file_name());
        if !there.exists() && file.file_type().unwrap().is_file() {
            let new = tempfile::NamedTempFile::new_in(to).unwrap();
            fs::copy(file.path(), new.path()).unwrap();
            new.persist(there).unwrap();
        }
    }
}

/// The plugin's file.
pub(super) fn rest() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| first_party("rest").unwrap())
}

fn started(entry: u64) -> NewItem {
    let id = |high: u128| ((high << 64) | u128::from(entry)).to_be_bytes();
    let entry = Entry {
        id: EntryId::from_bytes(id(7)),
        details: Details { project: Some("Website".to_owned()), ..Details::default() },
        started_at: NOON,
        ended_at: None,
        segments: Vec::new(),
        gaps: Vec::new(),
        zone: "UTC".to_owned(),
        origin: Origin { person: "ada".into(), machine: "desk".into(), installation: "x".into() },
    };
    let entry = Box::new(Snapshot { entry, worked: Millis::ZERO });
    let payload = Payload::TimeEntry { event: Event::Started, entry, import: None };
    NewItem::of(&Item { id: ItemId::from_bytes(id(1)), occurred_at: NOON, payload }).unwrap()
}
