//! A world for one test: a data directory, targets with a backend each, and time that passes when nothing else does.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use serde_json::json;
use stint_clock::{Clock, ManualClock};
use stint_config::{ConfigFile, Request};
use stint_domain::{
    clock::ClockSample,
    delivery::Idempotency,
    entry::{Details, Entry, Origin, Snapshot},
    id::{EntryId, ItemId},
    item::{Attachment, Item, Payload},
    time::{Millis, UnixMs},
    timer::Event,
};
use stint_engine::{
    Desk, Owner, Place, Presence, Stop,
    deliver::{DeliverError, deliver},
    wiring::{Line, Lines},
};
use stint_plugin_runtime::compiler::Compiler;
use stint_store::{
    Counts,
    queue::{self, NewItem, listing::Listed},
    target::{self, Status},
};
use tokio::{sync::watch, task::JoinHandle};

use crate::{backend::Backend, parts};

/// When every test begins.
pub(crate) const START: UnixMs = UnixMs(1_760_000_000_000);

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
    pub(crate) max_batch: u32,
}

impl Target {
    pub(crate) const fn new(name: &'static str, class: Idempotency) -> Self {
        Self { name, class, max_in_flight: 4, snapshots: false, max_batch: 1 }
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

    /// Records a picture.
    pub(crate) async fn record_picture(&mut self, content: Vec<u8>) {
        self.items += 1;
        let blob = self.desk.store().blobs().put(content).unwrap();
        let at = self.clock.sample().wall;
        let file =
            Attachment { sha256: blob.hash().to_string(), size: blob.size(), mime: "image/png".into() };
        let payload = Payload::Screenshot {
            entry_id: None,
            monitor: "DP-1".into(),
            taken_at: at,
            width: 64,
            height: 48,
            file,
            treated: Vec::new(),
            import: None,
        };
        let id = ItemId::from_bytes(((1_u128 << 64) | u128::from(self.items)).to_be_bytes());
        let item = NewItem::of(&Item { id, occurred_at: at, payload }).unwrap();
        let store = self.desk.store();
        let put = store.write(move |tx| {
            blob.insert(tx)?;
            queue::record(tx, std::slice::from_ref(&item), at, queue::Room::default())
        });
        put.await.unwrap();
        self.desk.bell().recorded();
    }

    /// Puts back what failed, with its transforms run again; those that the rules leave as they are.
    pub(crate) async fn reprepare(&self) -> usize {
        let (store, now) = (self.desk.store(), self.clock.sample().wall);
        let which = queue::Which::Failed { target: None };
        let done = store.write(move |tx| queue::retry(tx, &which, true, now)).await.unwrap();
        self.desk.bell().hurry("work");
        done.refused.len()
    }

    /// A person pauses a target or lets it go on.
    pub(crate) async fn pause(&self, name: &'static str, paused: bool) {
        let store = self.desk.store();
        let say = store.write(move |tx| target::pause(tx, target::find(tx, name)?, paused));
        say.await.unwrap();
        self.desk.bell().another_chance();
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

    /// The target's line.
    pub(crate) fn line(&self, name: &str) -> Arc<Line> {
        Arc::clone(&self.lines.borrow()[name])
    }

    /// How often a plugin was called.
    pub(crate) fn calls(&self, plugin: &str) -> u64 {
        let metrics = stint_engine::ledger::metrics(&self.desk).unwrap();
        let begin = format!("stint_plugin_calls_total{{plugin=\"{plugin}\"");
        let calls = metrics.lines().filter(|line| line.starts_with(&begin));
        calls.map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
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
    let place =
        Place { user: "ada".into(), host: "desk".into(), zone: "UTC".into(), compiler: Compiler::Here };
    // A command's store writes in the caller's thread, so that no time passes while it does.
    Owner::open(loaded, place, Arc::new(clock.clone()), Presence::Command).await.unwrap()
}

async fn line(target: &Target, backend: &Backend) -> Line {
    let network = Arc::new(backend.clone());
    Line {
        unready: BTreeMap::new(),
        target: target.name.to_owned(),
        uploader: Ok(parts::bound(parts::postman(target).await, &json!({}), network)),
        transforms: Ok(Vec::new()),
        policy: None,
        chain: String::new(),
        fingerprint: "one".to_owned(),
        max_in_flight: target.max_in_flight,
    }
}
