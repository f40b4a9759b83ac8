//! A queue in memory with its surroundings: short words for what every test does.

use rusqlite::Connection;
use stint_domain::{
    delivery::{DeliveryState, Idempotency, Ordering},
    failure::{Cause, Evidence, Failure, rule},
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    time::{Millis, UnixMs},
};
use stint_store::{
    Counts, Epoch, Serial, TargetId,
    queue::{
        self, Batch, Lease, NewItem, Outcome, Plugin, Recorded, Report, Room, Settled, Settlement, Wanted,
        listing::Listed,
    },
    schema,
    target::{self, Pass, Spec},
};

pub(crate) const START: UnixMs = UnixMs(1_700_000_000_000);
pub(crate) const OURS: Epoch = Epoch(7);

pub(crate) struct Desk {
    pub(crate) connection: Connection,
    pub(crate) now: UnixMs,
    items: u128,
}

pub(crate) fn entry(number: u8) -> EntryId {
    EntryId::from_bytes([number; 16])
}

impl Desk {
    /// A queue with one target that takes everything, in order.
    pub(crate) fn new() -> Self {
        let desk = Self::with(&[("work", &Kind::ALL)]);
        desk.serve(TargetId(1), Idempotency::NativeKey);
        desk
    }

    pub(crate) fn with(targets: &[(&str, &[Kind])]) -> Self {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(schema::SCHEMA).unwrap();
        let desk = Self { connection, now: START, items: 0 };
        desk.configure(targets);
        desk
    }

    pub(crate) fn configure(&self, targets: &[(&str, &[Kind])]) -> Vec<TargetId> {
        let spec =
            |(name, accepts): &(&str, &[Kind])| Spec { name: (*name).into(), accepts: accepts.to_vec() };
        target::sync(&self.connection, &targets.iter().map(spec).collect::<Vec<_>>(), self.now).unwrap()
    }

    pub(crate) fn serve(&self, target: TargetId, class: Idempotency) {
        target::serve(&self.connection, target, class, Ordering::PerEntry).unwrap();
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now = self.now + Millis::from_secs(seconds);
    }

    pub(crate) fn new_item(&mut self, kind: Kind, entry: Option<EntryId>) -> NewItem {
        self.items += 1;
        NewItem {
            id: ItemId::from_bytes(self.items.to_be_bytes()),
            kind,
            entry,
            occurred_at: self.now,
            payload: format!(r#"{{"number":{}}}"#, self.items).into_bytes(),
            file: None,
        }
    }

    pub(crate) fn record_items(&self, items: &[NewItem]) -> Recorded {
        queue::record(&self.connection, items, self.now, Room::default()).unwrap()
    }

    pub(crate) fn record(&mut self, kind: Kind, entry: Option<EntryId>) -> Serial {
        let item = self.new_item(kind, entry);
        self.record_items(&[item]).serials[0]
    }

    /// An event of this entry.
    pub(crate) fn event(&mut self, of: u8) -> Serial {
        self.record(Kind::TimeEntry, Some(entry(of)))
    }

    pub(crate) fn pass(&self, target: TargetId) -> Pass {
        target::open_pass(&self.connection, target, OURS, self.now)
            .unwrap()
            .expect("nobody else has it in hand")
    }

    /// A claim of up to `limit` by a pass of its own.
    pub(crate) fn claim(&self, target: TargetId, limit: usize) -> Option<Batch> {
        let pass = self.pass(target);
        let batch = queue::claim(&self.connection, &pass, &wanted(limit), self.now).unwrap();
        target::close_pass(&self.connection, &pass).unwrap();
        batch
    }

    /// Whether nothing may be sent now. What could be is given back.
    pub(crate) fn claim_is_empty(&self, target: TargetId) -> bool {
        let Some(batch) = self.claim(target, 1) else { return true };
        let released: Vec<_> =
            serials(&batch).into_iter().map(|serial| (serial, Outcome::Released)).collect();
        self.settle(&batch.lease, &released);
        false
    }

    /// The same, with the bytes handed to the network.
    pub(crate) fn send(&self, target: TargetId, limit: usize) -> Option<Batch> {
        let batch = self.claim(target, limit)?;
        queue::begin(&self.connection, &batch.lease, &serials(&batch), self.now).unwrap();
        Some(batch)
    }

    pub(crate) fn settle(&self, lease: &Lease, items: &[(Serial, Outcome)]) -> Report {
        let settle = |(serial, outcome): &(Serial, Outcome)| Settled {
            serial: *serial,
            outcome: outcome.clone(),
            excerpt: None,
        };
        let items: Vec<_> = items.iter().map(settle).collect();
        let plugin = Plugin { name: "rest".into(), version: "1.0.0".into(), sha256: [9; 32] };
        let settlement = Settlement {
            lease: *lease,
            now: self.now,
            items: &items,
            plugin: &plugin,
            writes: &[],
            files: &[],
            pace: None,
            hold: None,
        };
        queue::settle(&self.connection, &settlement).unwrap()
    }

    /// Sends up to `limit` items and settles them all alike.
    pub(crate) fn send_all(&self, target: TargetId, limit: usize, outcome: &Outcome) -> Vec<Serial> {
        let Some(batch) = self.send(target, limit) else { return Vec::new() };
        let items: Vec<_> = serials(&batch).into_iter().map(|serial| (serial, outcome.clone())).collect();
        self.settle(&batch.lease, &items);
        serials(&batch)
    }

    pub(crate) fn listed(&self, serial: Serial, target: TargetId) -> Listed {
        queue::show(&self.connection, serial, target).unwrap().expect("it is listed")
    }

    pub(crate) fn state(&self, serial: Serial, target: TargetId) -> DeliveryState {
        self.listed(serial, target).state
    }

    pub(crate) fn counts(&self, target: TargetId) -> Counts {
        target::status(&self.connection, target).unwrap().counts
    }
}

pub(crate) fn wanted(limit: usize) -> Wanted {
    Wanted { limit, priority_max: Priority::Low, kinds: None, avoid: None }
}

pub(crate) fn serials(batch: &Batch) -> Vec<Serial> {
    batch.items.iter().map(|item| item.serial).collect()
}

pub(crate) fn delivered() -> Outcome {
    Outcome::Delivered { remote_id: None }
}

/// What comes of this cause, for an item with so many charged attempts, after a request left.
pub(crate) fn failed(cause: Cause, attempts: u32, proven: bool, due: UnixMs) -> Outcome {
    let evidence = Evidence {
        sent: true,
        said_unknown: false,
        said_final: false,
        others_pass: false,
        proven,
        alone: true,
        attempts,
        crashes: 0,
        attempts_max: 5,
    };
    let failure = Failure { cause, message: "no".into(), retry_after: None, http_status: Some(418) };
    Outcome::Failed { failure, ruling: rule(cause, &evidence), due }
}
