//! A world for one test: a data directory, targets with a backend each, and time that passes when nothing else does.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, OnceLock},
    time::Duration,
};

use serde_json::json;
use stint_clock::{Clock, ManualClock};
use stint_config::{ConfigFile, Request};
use stint_domain::{
    clock::ClockSample,
    delivery::Idempotency,
    entry::{Details, Entry, Origin, Snapshot},
    id::{EntryId, ItemId},
    item::{Item, Payload},
    time::{Millis, UnixMs},
    timer::Event,
};
use stint_engine::{
    Desk, Owner, Place, Presence, Stop,
    deliver::{DeliverError, deliver},
    wiring::{Bound, Line, Lines},
};
use stint_plugin_runtime::{
    Cache, Engine, Limits, Plugin, PoolSize, Surroundings,
    grants::{Allowed, Grants, HostRule},
    manifest::{self, Manifest},
    services::{MemoryState, NoCredentials},
};
use stint_store::{
    Counts,
    queue::{self, NewItem, listing::Listed},
    target::{self, Status},
};
use stint_tests::{MeasuredClock, guests};
use tokio::{sync::watch, task::JoinHandle};

use crate::backend::Backend;

/// When every test begins.
const START: UnixMs = UnixMs(1_760_000_000_000);

/// A clock that goes with tokio's, and that a test may move besides.
#[derive(Clone, Debug)]
pub(crate) struct VirtualClock {
    moved: ManualClock,
    began: Began,
}

#[expect(clippy::disallowed_types, reason = "this is the clock of these tests")]
type Began = tokio::time::Instant;

impl VirtualClock {
    fn new() -> Self {
        Self { moved: ManualClock::new(START), began: Began::now() }
    }

    /// How long the test has lasted.
    pub(crate) fn elapsed(&self) -> Millis {
        Millis(u64::try_from(self.began.elapsed().as_millis()).unwrap())
    }

    /// Somebody moves the wall clock.
    pub(crate) fn step(&self, by_ms: i64) {
        self.moved.step(by_ms);
    }
}

impl Clock for VirtualClock {
    fn sample(&self) -> ClockSample {
        let (base, passed) = (self.moved.sample(), self.elapsed());
        ClockSample {
            boottime: base.boottime + passed,
            monotonic: base.monotonic + passed,
            wall: base.wall + passed,
            ..base
        }
    }
}

/// What a target is to be.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) class: Idempotency,
    pub(crate) max_in_flight: usize,
    pub(crate) snapshots: bool,
}

impl Target {
    pub(crate) const fn new(name: &'static str, class: Idempotency) -> Self {
        Self { name, class, max_in_flight: 4, snapshots: false }
    }
}

/// The world.
pub(crate) struct World {
    pub(crate) clock: VirtualClock,
    pub(crate) desk: Desk,
    pub(crate) backends: BTreeMap<&'static str, Backend>,
    lines: watch::Sender<Lines>,
    stop: watch::Sender<bool>,
    delivery: JoinHandle<Result<(), DeliverError>>,
    items: u64,
    _owner: Owner,
    _dir: tempfile::TempDir,
}

impl World {
    /// One target of this class, whose backend remembers keys if that is its class.
    pub(crate) async fn of(class: Idempotency) -> Self {
        Self::with(&[Target::new("work", class)], "").await
    }

    pub(crate) async fn with(targets: &[Target], config: &str) -> Self {
        let clock = VirtualClock::new();
        let dir = tempfile::tempdir().unwrap();
        let owner = own(dir.path(), targets, config, &clock).await;
        let desk = owner.desk.clone();
        let mut backends = BTreeMap::new();
        let mut lines = BTreeMap::new();
        for target in targets {
            let remembers = matches!(target.class, Idempotency::NativeKey | Idempotency::PutOverwrite);
            let backend = Backend::new(clock.clone(), remembers);
            let line = line(target, &backend).await;
            lines.insert(target.name.to_owned(), Arc::new(line));
            backends.insert(target.name, backend);
        }
        let lines = watch::Sender::new(Arc::new(lines));
        let stop = watch::Sender::new(false);
        let delivery = begin(&desk, &lines, stop.subscribe());
        let world = Self { clock, desk, backends, lines, stop, delivery, items: 0, _owner: owner, _dir: dir };
        let looked = |world: &Self| world.desk.passes().watch().borrow().len() == world.backends.len();
        world.until("every loop has looked once", looked).await;
        world
    }

    pub(crate) fn backend(&self) -> &Backend {
        &self.backends["work"]
    }

    /// Records events of this entry, one after the other.
    pub(crate) async fn record(&mut self, entry: u64, notes: &[&str]) {
        let items: Vec<NewItem> = notes.iter().map(|note| self.event(entry, note, None)).collect();
        self.put(items).await;
    }

    /// Records an event at which the plugin panics.
    pub(crate) async fn record_poison(&mut self, entry: u64) {
        let item = self.event(entry, "poison", Some("panic"));
        self.put(vec![item]).await;
    }

    /// Records one event for each of so many entries.
    pub(crate) async fn record_entries(&mut self, entries: std::ops::Range<u64>) {
        let items: Vec<NewItem> = entries.map(|entry| self.event(entry, "one", None)).collect();
        self.put(items).await;
    }

    async fn put(&mut self, items: Vec<NewItem>) {
        let now = self.clock.sample().wall;
        let store = self.desk.store();
        let room = queue::Room::default();
        store.write(move |tx| queue::record(tx, &items, now, room)).await.unwrap();
        self.desk.bell().recorded();
    }

    fn event(&mut self, entry: u64, note: &str, project: Option<&str>) -> NewItem {
        self.items += 1;
        let id = |high: u128, low: u64| ((high << 64) | u128::from(low)).to_be_bytes();
        let at = self.clock.sample().wall;
        let entry = Entry {
            id: EntryId::from_bytes(id(7, entry)),
            details: Details {
                project: project.map(str::to_owned),
                note: Some(note.to_owned()),
                ..Details::default()
            },
            started_at: at,
            ended_at: None,
            segments: Vec::new(),
            gaps: Vec::new(),
            zone: "UTC".to_owned(),
            origin: Origin { person: "ada".into(), machine: "desk".into(), installation: "x".into() },
        };
        let entry = Box::new(Snapshot { entry, worked: Millis::ZERO });
        let payload = Payload::TimeEntry { event: Event::Started, entry, import: None };
        let id = ItemId::from_bytes(id(1, self.items));
        NewItem::of(&Item { id, occurred_at: at, payload }).unwrap()
    }

    pub(crate) fn status(&self, target: &str) -> Status {
        self.desk.read(|connection| target::status(connection, target::find(connection, target)?)).unwrap()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.status("work").counts
    }

    pub(crate) fn listed(&self, query: &queue::listing::Query) -> Vec<Listed> {
        self.desk.read(|connection| queue::list(connection, query)).unwrap().deliveries
    }

    /// Lets so much time pass.
    pub(crate) async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }

    /// Lets time pass until it is so. A day is more than anything here takes.
    #[track_caller]
    pub(crate) fn until<'a>(
        &'a self,
        what: &'static str,
        holds: impl Fn(&Self) -> bool + 'a,
    ) -> impl Future<Output = ()> + 'a {
        self.until_within(Duration::from_hours(24), what, holds)
    }

    pub(crate) async fn until_within<'a>(
        &'a self,
        time: Duration,
        what: &'static str,
        holds: impl Fn(&Self) -> bool + 'a,
    ) {
        let began = self.clock.elapsed();
        let until = began + Millis(u64::try_from(time.as_millis()).unwrap());
        while !holds(self) {
            // The longer it takes, the less closely it is looked at.
            let step = (self.clock.elapsed().since(began).0 / 100).clamp(50, 60_000);
            assert!(
                self.clock.elapsed() < until,
                "{what}: {:?}, {:?}",
                self.counts(),
                self.desk.passes().watch().borrow()
            );
            tokio::time::sleep(Duration::from_millis(step)).await;
        }
    }

    /// Nothing is pending any more.
    pub(crate) async fn until_drained(&self) {
        let pending = |world: &Self| {
            world
                .backends
                .keys()
                .any(|name| world.status(name).counts.plain(stint_domain::delivery::PlainState::Pending) > 0)
        };
        self.until("everything is drained", |world| !pending(world)).await;
    }

    /// Everything balances: the counts of every target, and its backend's effects.
    #[track_caller]
    pub(crate) fn balances(&self) {
        for (name, backend) in &self.backends {
            let counts = self.status(name).counts;
            assert!(counts.balances(), "{name}: {counts:?}");
            backend.doubled_nothing();
            assert!(backend.effects() as u64 >= counts.sent, "{name}: {counts:?}, {}", backend.effects());
        }
    }

    /// Every entry's events had their effect in the order in which they were recorded.
    #[track_caller]
    pub(crate) fn kept_order(&self) {
        for (name, backend) in &self.backends {
            for (entry, ids) in backend.order() {
                assert!(ids.is_sorted(), "{name}, entry {entry}: {ids:?}");
            }
        }
    }

    /// The host ends in order.
    pub(crate) async fn stop(&mut self) {
        self.stop.send_replace(true);
        (&mut self.delivery).await.unwrap().unwrap();
    }

    /// The host is gone at once, as after a kill, and another one begins.
    pub(crate) async fn kill_and_start(&mut self) {
        self.delivery.abort();
        assert!((&mut self.delivery).await.unwrap_err().is_cancelled());
        self.start();
    }

    /// Another host begins.
    pub(crate) fn start(&mut self) {
        self.stop = watch::Sender::new(false);
        self.delivery = begin(&self.desk, &self.lines, self.stop.subscribe());
    }

    /// Replaces the target's line, as a new configuration or plugin does.
    pub(crate) fn change_line(&self, name: &str, change: impl FnOnce(&mut Line)) {
        self.lines.send_modify(|lines| {
            let mut all = BTreeMap::clone(lines);
            let mut line = Line::clone(&all[name]);
            change(&mut line);
            all.insert(name.to_owned(), Arc::new(line));
            *lines = Arc::new(all);
        });
    }
}

fn begin(desk: &Desk, lines: &watch::Sender<Lines>, stop: Stop) -> JoinHandle<Result<(), DeliverError>> {
    let reports = watch::Sender::new(Vec::new());
    tokio::spawn(deliver(desk.clone(), lines.subscribe(), reports, stop))
}

async fn own(dir: &Path, targets: &[Target], config: &str, clock: &VirtualClock) -> Owner {
    let tables = targets.iter().fold(String::new(), |tables, Target { name, .. }| {
        format!(
            "{tables}[targets.{name}]\nplugin = \"postman\"\naccepts = [\"time-entry\", \"screenshot\"]\n"
        )
    });
    let data = dir.join("data");
    let path = dir.join("stint.toml");
    let storage = format!("[storage]\ndata_dir = {:?}\n{config}\n{tables}", data.to_str().unwrap());
    std::fs::write(&path, storage).unwrap();
    let file = Some(ConfigFile { path, asked: stint_config::Asked::Flag });
    let request = Request { file, cwd: dir.to_owned(), ..Request::default() };
    let loaded = stint_config::load(&request).unwrap_or_else(|wrong| panic!("{wrong}"));
    let place = Place { user: "ada".into(), host: "desk".into(), zone: "UTC".into() };
    // A command's store writes in the caller's thread, so that no time passes while it does.
    Owner::open(loaded, place, Arc::new(clock.clone()), Presence::Command).await.unwrap()
}

/// The plugin, with the manifest of a target.
pub(crate) async fn postman(class: Idempotency, snapshots: bool) -> Plugin {
    static BYTES: OnceLock<(Vec<u8>, Manifest)> = OnceLock::new();
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let (component, manifest) = BYTES.get_or_init(|| {
        let built =
            || Ok::<_, guests::GuestError>((guests::component("postman")?, guests::manifest_of("postman")?));
        built().unwrap_or_else(|error| panic!("{error}"))
    });
    let engine = ENGINE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
        Engine::new(PoolSize::default(), Some(Cache::open(&folder).unwrap())).unwrap()
    });
    let mut manifest = manifest.clone();
    let traits = manifest.target.as_mut().unwrap();
    (traits.idempotency, traits.snapshots) = (class, snapshots);
    let bytes = manifest::embed(component, &manifest).unwrap();
    engine.load_bytes("postman.wasm".as_ref(), bytes).await.unwrap()
}

async fn line(target: &Target, backend: &Backend) -> Line {
    let plugin = postman(target.class, target.snapshots).await;
    let allowed = Allowed {
        place: format!("targets.{}", target.name),
        hosts: vec![HostRule::parse("https://backend.test").unwrap()],
        credentials: ["default".to_owned()].into(),
        attachments: true,
        files: false,
    };
    let around = Surroundings {
        settings: "{}".into(),
        grants: Arc::new(Grants::new(plugin.manifest(), &json!({}), allowed)),
        limits: Arc::new(Limits { cpu: Duration::from_hours(1), ..Limits::default() }),
        clock: Arc::new(MeasuredClock::new(START.0)),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(stint_plugin_runtime::services::NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    };
    Line {
        target: target.name.to_owned(),
        uploader: Ok(Bound { plugin, around, network: Arc::new(backend.clone()) }),
        transforms: Ok(Vec::new()),
        policy: None,
        chain: String::new(),
        fingerprint: "one".to_owned(),
        max_in_flight: target.max_in_flight,
    }
}
