//! What a queue is, as narrow as its model test needs: any implementation that passes that test keeps the promises.
//!
//! Each call is atomic and durable when it returns.

use rusqlite::{Connection, TransactionBehavior};
use stint_domain::{
    delivery::Idempotency,
    time::{Millis, UnixMs},
};

use super::{
    Batch, Done, Imported, Lease, Moved, NewImport, NewItem, Prepared, Recorded, Report, Room, Settlement,
    Wanted, Which,
    listing::{self, Listed},
    upkeep::{self, Purged},
};
use crate::{
    Counts, Epoch, Error, Serial, TargetId,
    target::{self, Pass},
};

/// A queue.
#[expect(missing_docs, reason = "each is the function of that name, explained there")]
pub trait Queue {
    fn record(&mut self, items: &[NewItem], now: UnixMs, room: Room) -> Result<Recorded, Error>;
    fn import(
        &mut self,
        rows: &[NewImport],
        target: Option<TargetId>,
        now: UnixMs,
        room: Room,
    ) -> Result<Vec<Imported>, Error>;
    fn open_pass(&mut self, target: TargetId, owner: Epoch, now: UnixMs) -> Result<Option<Pass>, Error>;
    fn close_pass(&mut self, pass: &Pass) -> Result<(), Error>;
    fn claim(&mut self, pass: &Pass, wanted: &Wanted, now: UnixMs) -> Result<Option<Batch>, Error>;
    fn claim_lookups(&mut self, pass: &Pass, limit: usize, now: UnixMs) -> Result<Option<Batch>, Error>;
    fn resend_unknown(&mut self, target: TargetId, class: Idempotency, now: UnixMs) -> Result<usize, Error>;
    fn prepare(&mut self, lease: &Lease, serial: Serial, made: Option<&Prepared>) -> Result<(), Error>;
    fn begin(&mut self, lease: &Lease, serials: &[Serial], now: UnixMs) -> Result<(), Error>;
    fn settle(&mut self, settlement: &Settlement<'_>) -> Result<Report, Error>;
    fn retry(&mut self, which: &Which, reprepare: bool, now: UnixMs) -> Result<Done, Error>;
    fn drop_deliveries(&mut self, which: &Which, reason: &str, now: UnixMs) -> Result<Done, Error>;
    fn supersede(
        &mut self,
        target: TargetId,
        newer: Serial,
        lease: Option<&Lease>,
        now: UnixMs,
    ) -> Result<usize, Error>;
    fn transfer(&mut self, old: TargetId, new: TargetId, now: UnixMs) -> Result<Moved, Error>;
    fn reclaim_foreign(&mut self, owner: Epoch, now: UnixMs) -> Result<usize, Error>;
    fn release(&mut self, target: TargetId) -> Result<(), Error>;
    fn purge(&mut self, keep: Millis, limit: usize, now: UnixMs) -> Result<Purged, Error>;
    fn counts(&mut self, target: TargetId) -> Result<Counts, Error>;
    fn everything(&mut self) -> Result<Vec<Listed>, Error>;
}

/// The queue in a database, one transaction a call. A host goes through its writer instead, which takes many calls
/// into one transaction.
#[derive(Debug)]
pub struct InlineQueue<'a>(pub &'a mut Connection);

impl InlineQueue<'_> {
    fn within<T>(&mut self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let transaction = self.0.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

impl Queue for InlineQueue<'_> {
    fn record(&mut self, items: &[NewItem], now: UnixMs, room: Room) -> Result<Recorded, Error> {
        self.within(|connection| super::record(connection, items, now, room))
    }

    fn import(
        &mut self,
        rows: &[NewImport],
        target: Option<TargetId>,
        now: UnixMs,
        room: Room,
    ) -> Result<Vec<Imported>, Error> {
        self.within(|connection| super::import(connection, rows, target, now, room))
    }

    fn open_pass(&mut self, target: TargetId, owner: Epoch, now: UnixMs) -> Result<Option<Pass>, Error> {
        self.within(|connection| target::open_pass(connection, target, owner, now))
    }

    fn close_pass(&mut self, pass: &Pass) -> Result<(), Error> {
        self.within(|connection| target::close_pass(connection, pass))
    }

    fn claim(&mut self, pass: &Pass, wanted: &Wanted, now: UnixMs) -> Result<Option<Batch>, Error> {
        self.within(|connection| super::claim(connection, pass, wanted, now))
    }

    fn claim_lookups(&mut self, pass: &Pass, limit: usize, now: UnixMs) -> Result<Option<Batch>, Error> {
        self.within(|connection| super::claim_lookups(connection, pass, limit, now))
    }

    fn resend_unknown(&mut self, target: TargetId, class: Idempotency, now: UnixMs) -> Result<usize, Error> {
        self.within(|connection| super::resend_unknown(connection, target, class, now))
    }

    fn prepare(&mut self, lease: &Lease, serial: Serial, made: Option<&Prepared>) -> Result<(), Error> {
        self.within(|connection| super::prepare(connection, lease, serial, made))
    }

    fn begin(&mut self, lease: &Lease, serials: &[Serial], now: UnixMs) -> Result<(), Error> {
        self.within(|connection| super::begin(connection, lease, serials, now))
    }

    fn settle(&mut self, settlement: &Settlement<'_>) -> Result<Report, Error> {
        self.within(|connection| super::settle(connection, settlement))
    }

    fn retry(&mut self, which: &Which, reprepare: bool, now: UnixMs) -> Result<Done, Error> {
        self.within(|connection| super::retry(connection, which, reprepare, now))
    }

    fn drop_deliveries(&mut self, which: &Which, reason: &str, now: UnixMs) -> Result<Done, Error> {
        self.within(|connection| super::drop_deliveries(connection, which, reason, now))
    }

    fn supersede(
        &mut self,
        target: TargetId,
        newer: Serial,
        lease: Option<&Lease>,
        now: UnixMs,
    ) -> Result<usize, Error> {
        self.within(|connection| super::supersede(connection, target, newer, lease, now))
    }

    fn transfer(&mut self, old: TargetId, new: TargetId, now: UnixMs) -> Result<Moved, Error> {
        self.within(|connection| super::transfer(connection, old, new, now))
    }

    fn reclaim_foreign(&mut self, owner: Epoch, now: UnixMs) -> Result<usize, Error> {
        self.within(|connection| super::reclaim_foreign(connection, owner, now))
    }

    fn release(&mut self, target: TargetId) -> Result<(), Error> {
        self.within(|connection| target::release(connection, target))
    }

    fn purge(&mut self, keep: Millis, limit: usize, now: UnixMs) -> Result<Purged, Error> {
        self.within(|connection| upkeep::purge(connection, keep, limit, now))
    }

    fn counts(&mut self, target: TargetId) -> Result<Counts, Error> {
        Ok(target::status(self.0, target)?.counts)
    }

    /// Page by page, as people see it.
    fn everything(&mut self) -> Result<Vec<Listed>, Error> {
        let mut all = Vec::new();
        let mut query = listing::Query { limit: 7, ..listing::Query::default() };
        loop {
            let page = listing::list(self.0, &query)?;
            all.extend(page.deliveries);
            if page.next.is_none() {
                return Ok(all);
            }
            query.after = page.next;
        }
    }
}
