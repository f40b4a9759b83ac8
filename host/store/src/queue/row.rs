//! One row of `delivery`, read, moved by the domain's rules, and written back.
//!
//! Invariant: a row's state changes by a [`Move`] that the rules allow, and the tally of its target hears of it.

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use stint_domain::{
    delivery::{Delivery, DeliveryState, Move, NotAllowed},
    id::EntryId,
    time::UnixMs,
};

use super::claim::Lease;
use crate::{Epoch, Error, Serial, TargetId, Token, counts::Tally, sql};

/// A delivery as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) serial: Serial,
    pub(crate) target: TargetId,
    pub(crate) lane: Option<EntryId>,
    pub(crate) holds: bool,
    pub(crate) life: Delivery,
    pub(crate) attempted_at: Option<UnixMs>,
    pub(crate) due: Option<UnixMs>,
    pub(crate) held_by: Option<(Token, Epoch)>,
    pub(crate) lease_until: Option<UnixMs>,
    pub(crate) done_at: Option<UnixMs>,
    pub(crate) cause: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) remote_id: Option<String>,
}

const FIND: &str = "SELECT item_id, target_id, lane, holds, state, attempts, crashes, attempted_ms, uncertain, \
                    looking_up, due_ms, lease_token, lease_owner, lease_until_ms, done_ms, cause, error, remote_id \
                    FROM delivery WHERE item_id = ?1 AND target_id = ?2";

impl Row {
    /// The delivery of this item at this target, if there is one.
    pub(crate) fn find(
        connection: &Connection,
        serial: Serial,
        target: TargetId,
    ) -> Result<Option<Self>, Error> {
        let mut statement = connection.prepare_cached(FIND)?;
        let found = statement.query_row(params![serial, target], |row| Ok(Self::read(row))).optional()?;
        found.transpose()
    }

    /// The delivery of this item at this target.
    pub(crate) fn get(connection: &Connection, serial: Serial, target: TargetId) -> Result<Self, Error> {
        Self::find(connection, serial, target)?.ok_or(Error::NoDelivery { serial, target })
    }

    fn read(row: &SqlRow<'_>) -> Result<Self, Error> {
        let attempted_at = sql::maybe_at(row.get(7)?);
        let life = Delivery {
            state: sql::state(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?)?,
            attempts: row.get(5)?,
            crashes: row.get(6)?,
            attempted: attempted_at.is_some(),
            uncertain: row.get(8)?,
            looking_up: row.get(9)?,
        };
        let (token, owner): (Option<Token>, Option<Epoch>) = (row.get(11)?, row.get(12)?);
        Ok(Self {
            serial: row.get(0)?,
            target: row.get(1)?,
            lane: sql::maybe_entry(row.get(2)?),
            holds: row.get(3)?,
            life,
            attempted_at,
            due: sql::maybe_at(row.get(10)?),
            held_by: token.zip(owner),
            lease_until: sql::maybe_at(row.get(13)?),
            done_at: sql::maybe_at(row.get(14)?),
            cause: row.get(15)?,
            error: row.get(16)?,
            remote_id: row.get(17)?,
        })
    }

    /// Whether it is in hand under this very lease.
    pub(crate) fn is_under(&self, lease: &Lease) -> bool {
        self.held_by == Some((lease.token, lease.owner))
    }

    /// Moves the delivery. `due` is when it may be looked at again, where it ends up delayed or unknown.
    pub(crate) fn step(
        &mut self,
        what: Move,
        now: UnixMs,
        due: UnixMs,
        tally: &mut Tally,
    ) -> Result<(), NotAllowed> {
        let before = self.life.state;
        self.life = self.life.after(what)?;
        let state = self.life.state;
        if state != before {
            tally.shift(before, state, 1);
        }
        self.attempted_at = self.life.attempted.then(|| self.attempted_at.unwrap_or(now));
        self.due = matches!(state, DeliveryState::Delayed | DeliveryState::Unknown).then_some(due);
        self.done_at = state.is_done().then_some(now);
        if state != DeliveryState::Leased {
            self.held_by = None;
            self.lease_until = None;
        }
        Ok(())
    }

    /// The same, with a refusal that names the delivery.
    pub(crate) fn must_step(
        &mut self,
        what: Move,
        now: UnixMs,
        due: UnixMs,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        let (serial, target) = (self.serial, self.target);
        self.step(what, now, due, tally).map_err(|source| Error::NotAllowed { serial, target, source })
    }

    /// Writes the delivery back. What was prepared for one that is done is no longer needed.
    pub(crate) fn write(&self, connection: &Connection) -> Result<(), Error> {
        let (token, owner) = self.held_by.unzip();
        connection
            .prepare_cached(
                "UPDATE delivery SET state = ?3, attempts = ?4, crashes = ?5, attempted_ms = ?6, uncertain = ?7, \
                 looking_up = ?8, due_ms = ?9, lease_token = ?10, lease_owner = ?11, lease_until_ms = ?12, \
                 done_ms = ?13, cause = ?14, error = ?15, remote_id = ?16 WHERE item_id = ?1 AND target_id = ?2",
            )?
            .execute(params![
                self.serial,
                self.target,
                self.life.state.word(),
                self.life.attempts,
                self.life.crashes,
                self.attempted_at.map(|at| at.0),
                self.life.uncertain,
                self.life.looking_up,
                self.due.map(|at| at.0),
                token,
                owner,
                self.lease_until.map(|at| at.0),
                self.done_at.map(|at| at.0),
                self.cause,
                self.error,
                self.remote_id,
            ])?;
        if self.life.state.is_done() {
            super::prepare::forget(connection, self.serial, self.target)?;
        }
        Ok(())
    }
}
