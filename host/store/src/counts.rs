//! How many deliveries a target has in each state, as columns of the target: counting a million rows costs tens of
//! milliseconds, reading a column costs nothing.
//!
//! Invariant: whoever changes a delivery's state writes the tally in the same transaction; a `CHECK` refuses one
//! that doesn't balance.

use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};
use stint_domain::delivery::{DeliveryState, PlainState};

use crate::{Error, TargetId, sql};

/// The counts of one target. `issued`, `sent`, `superseded` and `dropped` count for ever, past any purge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the state of that name, explained there")]
pub struct Counts {
    /// All deliveries that ever were.
    pub issued: u64,
    pub ready: u64,
    pub waiting: u64,
    pub delayed: u64,
    pub leased: u64,
    pub unknown: u64,
    pub failed: u64,
    pub sent: u64,
    pub superseded: u64,
    pub dropped: u64,
    /// How many of the dropped went for want of room.
    pub overflowed: u64,
}

impl Counts {
    /// The counts in a row whose columns from `first` on are those of this type, in order.
    pub(crate) fn read(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let get = |place: usize| row.get(first + place).map(sql::count);
        Ok(Self {
            issued: get(0)?,
            ready: get(1)?,
            waiting: get(2)?,
            delayed: get(3)?,
            leased: get(4)?,
            unknown: get(5)?,
            failed: get(6)?,
            sent: get(7)?,
            superseded: get(8)?,
            dropped: get(9)?,
            overflowed: get(10)?,
        })
    }

    /// How many are in this state.
    pub const fn of(&self, state: DeliveryState) -> u64 {
        match state {
            DeliveryState::Ready => self.ready,
            DeliveryState::Waiting => self.waiting,
            DeliveryState::Delayed => self.delayed,
            DeliveryState::Leased => self.leased,
            DeliveryState::Sent => self.sent,
            DeliveryState::Failed => self.failed,
            DeliveryState::Dropped => self.dropped,
            DeliveryState::Unknown => self.unknown,
            DeliveryState::Superseded => self.superseded,
        }
    }

    /// How many people see under this word.
    pub fn plain(&self, plain: PlainState) -> u64 {
        DeliveryState::ALL
            .into_iter()
            .filter(|state| state.plain() == plain)
            .map(|state| self.of(state))
            .sum()
    }

    /// Whether every delivery that was ever issued is accounted for.
    pub fn balances(&self) -> bool {
        self.issued == DeliveryState::ALL.into_iter().map(|state| self.of(state)).sum::<u64>()
    }
}

/// Adds to the counts of a target.
pub const TALLY: &str = "UPDATE target SET issued = issued + ?2, ready = ready + ?3, waiting = waiting + ?4, \
     delayed = delayed + ?5, leased = leased + ?6, unknown = unknown + ?7, failed = failed + ?8, sent = sent + ?9, \
     superseded = superseded + ?10, dropped = dropped + ?11, overflowed = overflowed + ?12 WHERE id = ?1";

/// Changes of the counts of one target, gathered to be written once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    by_state: [i64; DeliveryState::ALL.len()],
    issued: i64,
    overflowed: i64,
}

impl Tally {
    /// So many deliveries begin in this state.
    pub(crate) fn issue(&mut self, state: DeliveryState, how_many: i64) {
        self.by_state[state as usize] += how_many;
        self.issued += how_many;
    }

    /// So many deliveries go from one state to another.
    pub(crate) fn shift(&mut self, from: DeliveryState, to: DeliveryState, how_many: usize) {
        let how_many = sql::limit(how_many);
        self.by_state[from as usize] -= how_many;
        self.by_state[to as usize] += how_many;
    }

    /// So many of the dropped went for want of room.
    pub(crate) fn overflow(&mut self, how_many: usize) {
        self.overflowed += sql::limit(how_many);
    }

    /// By how much what is pending grew.
    pub(crate) fn pending(&self) -> i64 {
        let pending = DeliveryState::ALL.into_iter().filter(|state| state.plain() == PlainState::Pending);
        pending.map(|state| self.by_state[state as usize]).sum()
    }

    /// Adds the changes to the target's columns.
    pub(crate) fn write(&self, connection: &Connection, target: TargetId) -> Result<(), Error> {
        if *self == Self::default() {
            return Ok(());
        }
        let by = |state: DeliveryState| self.by_state[state as usize];
        connection.prepare_cached(TALLY)?.execute(params![
            target,
            self.issued,
            by(DeliveryState::Ready),
            by(DeliveryState::Waiting),
            by(DeliveryState::Delayed),
            by(DeliveryState::Leased),
            by(DeliveryState::Unknown),
            by(DeliveryState::Failed),
            by(DeliveryState::Sent),
            by(DeliveryState::Superseded),
            by(DeliveryState::Dropped),
            self.overflowed,
        ])?;
        Ok(())
    }
}

/// Tallies of several targets.
#[derive(Debug, Default)]
pub(crate) struct Tallies(Vec<(TargetId, Tally)>);

impl Tallies {
    /// The tally of this target.
    pub(crate) fn of(&mut self, target: TargetId) -> &mut Tally {
        let place = self.0.iter().position(|(id, _)| *id == target).unwrap_or_else(|| {
            self.0.push((target, Tally::default()));
            self.0.len() - 1
        });
        &mut self.0[place].1
    }

    /// Writes them all.
    pub(crate) fn write(&self, connection: &Connection) -> Result<(), Error> {
        self.0.iter().try_for_each(|(target, tally)| tally.write(connection, *target))
    }
}
