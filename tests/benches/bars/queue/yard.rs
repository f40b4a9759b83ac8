//! A store in a folder on the disk that the build uses, with the settings that a host has, filled to a size.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rusqlite::{Transaction, params};
use stint_domain::{
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    time::UnixMs,
};
use stint_store::{
    Epoch, Error, Mode, Options, Store, Synchronous, TargetId,
    queue::{self, Batch, Lease, NewItem, Outcome, Plugin, Room, Settled, Settlement, Wanted},
    target::{self, Pass, Spec},
};
use stint_tests::ratio::Failure;
use tempfile::TempDir;

pub(crate) const NOW: UnixMs = UnixMs(1_700_000_000_000);
pub(crate) const TARGET: TargetId = TargetId(1);
const OWNER: Epoch = Epoch(1);
/// So that nothing is given up.
pub(crate) const ROOM: Room = Room { backlog_max: u64::MAX };
/// About what the snapshot of an entry takes.
const PAYLOAD_BYTES: usize = 600;

/// What lies in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Load {
    /// Everything may be sent.
    Plain,
    /// A tenth is delayed, and older than all that may be sent.
    Delayed,
    /// A fifth waits behind events that failed, between what may be sent.
    Blocked,
}

/// A store in a folder.
pub(crate) struct Yard {
    // The store is closed before its folder goes.
    pub(crate) store: Store,
    items: u128,
    _folder: Option<Rc<TempDir>>,
}

/// The filled stores of one run: a million rows take a while to record, so each is filled once, when it is first
/// needed, and used by one bench after the other. What a bench delivers it replaces, so the next finds the same queue.
#[derive(Default)]
pub(crate) struct Yards(RefCell<BTreeMap<(u64, Load), Rc<TempDir>>>);

impl Yards {
    /// A store of this size and load, open. No other bench may have it open at the same time.
    pub(crate) fn open(&self, size: u64, load: Load) -> Result<Yard, Failure> {
        let folder = self.folder(size, load)?;
        let yard = Yard::found(&data(&folder))?;
        Ok(Yard { _folder: Some(folder), ..yard })
    }

    /// The folder of such a store's data directory, see [`data`].
    pub(crate) fn folder(&self, size: u64, load: Load) -> Result<Rc<TempDir>, Failure> {
        let mut yards = self.0.borrow_mut();
        if let Some(folder) = yards.get(&(size, load)) {
            return Ok(Rc::clone(folder));
        }
        let folder = Rc::new(folder()?);
        fill(&data(&folder), size, load)?;
        yards.insert((size, load), Rc::clone(&folder));
        Ok(folder)
    }
}

/// Where in its folder a store's data is.
pub(crate) fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// A new folder beside what is built: on a disk, unlike many a system's folder for temporary files.
pub(crate) fn folder() -> Result<TempDir, Failure> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&place)?;
    Ok(tempfile::tempdir_in(place)?)
}

fn open(place: PathBuf, mode: Mode, synchronous: Synchronous) -> Result<Store, Failure> {
    let options = Options { mode, synchronous, quota_bytes: 1 << 40, ..Options::new(place, |_| ()) };
    Ok(Store::open(options, NOW)?.store)
}

impl Yard {
    /// An empty queue with one target that takes everything.
    pub(crate) fn empty(mode: Mode) -> Result<Self, Failure> {
        let folder = folder()?;
        let store = open(data(&folder), mode, Synchronous::Full)?;
        let yard = Self { store, items: 0, _folder: Some(Rc::new(folder)) };
        yard.write(configure)?;
        Ok(yard)
    }

    /// A queue that was filled before, perhaps by another process.
    pub(crate) fn found(place: &Path) -> Result<Self, Failure> {
        let store = open(place.to_owned(), Mode::Inline, Synchronous::Full)?;
        let issued = store.read(|reader| target::status(reader, TARGET))?.counts.issued;
        Ok(Self { store, items: u128::from(issued), _folder: None })
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&Transaction<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.store.write_blocking(job)
    }

    /// Items that are not there yet.
    pub(crate) fn new_items(&mut self, how_many: u64) -> Vec<NewItem> {
        (0..how_many)
            .map(|_| {
                self.items += 1;
                item(self.items, self.items)
            })
            .collect()
    }

    pub(crate) fn pass(&self) -> Result<Pass, Failure> {
        let pass = self.write(|transaction| target::open_pass(transaction, TARGET, OWNER, NOW))?;
        Ok(pass.ok_or("another pass has the target in hand")?)
    }

    /// Delivers a claim's items and records as many new ones, so that the queue keeps its size.
    pub(crate) fn deliver(&mut self, batch: Batch) -> Result<(), Failure> {
        let items = self.new_items(batch.items.len() as u64);
        Ok(self.write(move |transaction| {
            settle(transaction, batch.lease, &batch)?;
            queue::record(transaction, &items, NOW, ROOM).map(drop)
        })?)
    }
}

pub(crate) fn wanted() -> Wanted {
    Wanted { limit: 100, priority_max: Priority::Low, kinds: None, avoid: None }
}

fn settle(transaction: &Transaction<'_>, lease: Lease, batch: &Batch) -> Result<(), Error> {
    let delivered =
        |serial| Settled { serial, outcome: Outcome::Delivered { remote_id: None }, excerpt: None };
    let items: Vec<_> = batch.items.iter().map(|item| delivered(item.serial)).collect();
    let plugin = Plugin::default();
    let settlement = Settlement {
        lease,
        now: NOW,
        items: &items,
        plugin: &plugin,
        writes: &[],
        files: &[],
        pace: None,
        hold: None,
    };
    queue::settle(transaction, &settlement).map(drop)
}

fn configure(transaction: &Transaction<'_>) -> Result<(), Error> {
    let spec = Spec { name: "work".into(), accepts: Kind::ALL.to_vec() };
    target::sync(transaction, &[spec], NOW).map(drop)
}

/// An event of this entry.
fn item(number: u128, entry: u128) -> NewItem {
    NewItem {
        id: ItemId::new(UnixMs(NOW.0 + i64::try_from(number).unwrap_or(0)), &spread(number)),
        kind: Kind::TimeEntry,
        entry: Some(EntryId::new(UnixMs(NOW.0 + i64::try_from(entry).unwrap_or(0)), &spread(entry))),
        occurred_at: NOW,
        payload: vec![b'x'; PAYLOAD_BYTES],
        file: None,
    }
}

/// Ten bytes that differ all over from one number to the next, as random ones would.
fn spread(number: u128) -> [u8; 10] {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).to_be_bytes();
    std::array::from_fn(|place| mixed[place])
}

/// Fills a store without waiting for the disk, then closes it.
fn fill(place: &Path, size: u64, load: Load) -> Result<(), Failure> {
    let store = open(place.to_owned(), Mode::Inline, Synchronous::Off)?;
    store.write_blocking(configure)?;
    // One in five belongs to one of the lanes that are to be blocked, a hundred to each. Their entries are multiples of
    // five as well, so that nothing else gets into these lanes.
    let lanes = u128::from(size / 500).max(1);
    for first in (0..size).step_by(5_000) {
        store.write_blocking(move |transaction| {
            let items: Vec<_> = (first..(first + 5_000).min(size))
                .map(u128::from)
                .map(|number| {
                    let blocked = load == Load::Blocked && number.is_multiple_of(5);
                    item(number, if blocked { number % (5 * lanes) } else { number })
                })
                .collect();
            queue::record(transaction, &items, NOW, ROOM).map(drop)
        })?;
    }
    store.write_blocking(move |transaction| burden(transaction, size, load))?;
    store.close();
    Ok(())
}

/// Delays the oldest tenth, or fails the first event of each lane that others wait in.
fn burden(transaction: &Transaction<'_>, size: u64, load: Load) -> Result<(), Error> {
    let (sql, state, limit) = match load {
        Load::Plain => return Ok(()),
        Load::Delayed => (
            "UPDATE delivery SET state = 'delayed', due_ms = ?1 WHERE item_id <= ?2 AND state = 'ready'",
            "delayed",
            i64::try_from(size / 10).unwrap_or(0),
        ),
        Load::Blocked => (
            "UPDATE delivery SET state = 'failed' WHERE ?1 <> 0 AND ?2 <> 0 AND state = 'ready' \
             AND EXISTS (SELECT 1 FROM delivery w INDEXED BY d_waiting \
             WHERE w.target_id = delivery.target_id AND w.state = 'waiting' AND w.lane = delivery.lane)",
            "failed",
            1,
        ),
    };
    let changed = transaction.execute(sql, params![NOW.0 + 3_600_000, limit])?;
    let counts = format!("UPDATE target SET ready = ready - ?1, {state} = {state} + ?1");
    transaction.execute(&counts, [i64::try_from(changed).unwrap_or(0)])?;
    Ok(())
}
