//! Importing: what another program had in its queue comes into this one, in the state that it had there.
//!
//! Invariants: a row comes in once, however often it is offered and whatever became of it since; the rows of one call
//! come in together or not at all; nothing is given up to make room, for what does not come in stays where it is. The
//! queue's own rules hold: an entry's events keep their order, and one that failed holds up those behind it.

use rusqlite::{Connection, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    delivery::{DeliveryState, LaneRole, Ordering},
    failure::Cause,
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    time::UnixMs,
};

use super::{
    fan_out, lane,
    record::{self, NewItem, Room},
};
use crate::{Error, Serial, TargetId, counts::Tally, sql, target};

/// How it stood with a row in the other program's queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Was {
    /// It was yet to be sent.
    Pending,
    /// It had failed for good.
    Failed {
        /// After so many attempts.
        attempts: u32,
        /// Why, as far as the message tells.
        cause: Cause,
        /// What was said, without secrets.
        message: Option<String>,
    },
    /// It had been delivered.
    Sent,
}

/// A row that is to come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImport {
    /// What became of it.
    pub item: NewItem,
    /// How it stood with it.
    pub was: Was,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Imported {
    /// It came in.
    New,
    /// It had come in before.
    Known,
    /// No target takes what it is. It did not come in, for it would be purged before any target could have it.
    Unwanted,
    /// A target's backlog is full, and it is none of those that come in all the same. It did not come in.
    NoRoom,
}

/// Whether a row came in before, be it that its item is long gone.
pub fn is_known(connection: &Connection, id: ItemId) -> Result<bool, Error> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM imported WHERE id = ?1")?;
    Ok(statement.exists([id.as_bytes()])?)
}

/// The kinds that the target takes, or any of the configured ones where none is named.
pub fn wanted_kinds(connection: &Connection, target: Option<TargetId>) -> Result<Vec<Kind>, Error> {
    let targets = Targets::load(connection, target)?;
    Ok(Kind::ALL.into_iter().filter(|kind| targets.accept(*kind)).collect())
}

/// Takes rows in for this target, or for all that are configured. Says of each what became of it.
pub fn import(
    connection: &Connection,
    rows: &[NewImport],
    target: Option<TargetId>,
    now: UnixMs,
    room: Room,
) -> Result<Vec<Imported>, Error> {
    let mut targets = Targets::load(connection, target)?;
    let done = rows.iter().map(|row| targets.take(connection, row, now, room)).collect::<Result<_, _>>()?;
    targets.0.iter().try_for_each(|target| target.tally.write(connection, target.id))?;
    Ok(done)
}

struct Target {
    id: TargetId,
    accepts: i64,
    ordering: Ordering,
    pending_before: i64,
    tally: Tally,
}

struct Targets(Vec<Target>);

impl Targets {
    fn load(connection: &Connection, only: Option<TargetId>) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(fan_out::TARGETS)?;
        let ids: Vec<(TargetId, i64, i64)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(3)?)))?
            .collect::<Result<_, _>>()?;
        let wanted = ids.into_iter().filter(|(id, ..)| only.is_none_or(|only| only == *id));
        let targets = wanted.map(|(id, accepts, pending_before)| {
            let ordering = target::ordering(connection, id)?;
            Ok(Target { id, accepts, ordering, pending_before, tally: Tally::default() })
        });
        targets.collect::<Result<_, Error>>().map(Self)
    }

    fn accept(&self, kind: Kind) -> bool {
        self.0.iter().any(|target| target.accepts(kind))
    }

    fn take(
        &mut self,
        connection: &Connection,
        row: &NewImport,
        now: UnixMs,
        room: Room,
    ) -> Result<Imported, Error> {
        let item = &row.item;
        if is_known(connection, item.id)? {
            return Ok(Imported::Known);
        }
        if !self.accept(item.kind) {
            return Ok(Imported::Unwanted);
        }
        let takers = self.0.iter_mut().filter(|target| target.accepts(item.kind));
        let mut takers: Vec<&mut Target> = takers.collect();
        if row.was == Was::Pending
            && item.kind.priority() != Priority::Critical
            && takers.iter().any(|target| target.is_full(room))
        {
            return Ok(Imported::NoRoom);
        }
        let (serial, new) = record::insert(connection, item, now, false)?;
        if !new {
            return Ok(Imported::Known);
        }
        connection
            .prepare_cached("INSERT INTO imported (id, at_ms) VALUES (?1, ?2)")?
            .execute(params![item.id.as_bytes(), now.0])?;
        for target in &mut takers {
            target.issue(connection, serial, row, now)?;
        }
        Ok(Imported::New)
    }
}

impl Target {
    const fn accepts(&self, kind: Kind) -> bool {
        self.accepts & sql::bit(kind) != 0
    }

    fn is_full(&self, room: Room) -> bool {
        sql::count(self.pending_before + self.tally.pending()) >= room.backlog_max
    }

    fn issue(
        &mut self,
        connection: &Connection,
        serial: Serial,
        row: &NewImport,
        now: UnixMs,
    ) -> Result<(), Error> {
        let kind = row.item.kind;
        let role = LaneRole::new(kind, row.item.entry, self.ordering);
        match &row.was {
            Was::Pending => {
                let held = match role.lane() {
                    Some(lane) => lane::head(connection, self.id, lane)?.is_some(),
                    None => false,
                };
                fan_out::issue(connection, serial, kind, self.id, role, held, &mut self.tally)?;
            }
            // It is the youngest of its lane: nothing that is there has to yield to it.
            Was::Failed { attempts, cause, message } => {
                self.settled(connection, serial, kind, role, DeliveryState::Failed, None)?;
                connection
                    .prepare_cached(
                        "UPDATE delivery SET attempts = ?3, cause = ?4, error = ?5 \
                         WHERE item_id = ?1 AND target_id = ?2",
                    )?
                    .execute(params![serial, self.id, attempts, cause.word(), message])?;
            }
            Was::Sent => self.settled(connection, serial, kind, role, DeliveryState::Sent, Some(now))?,
        }
        Ok(())
    }

    /// A delivery that has come to an end elsewhere. Retention counts from now, so that a person can look at it.
    fn settled(
        &mut self,
        connection: &Connection,
        serial: Serial,
        kind: Kind,
        role: LaneRole,
        state: DeliveryState,
        done: Option<UnixMs>,
    ) -> Result<(), Error> {
        connection.prepare_cached(INSERT_SETTLED)?.execute(params![
            serial,
            self.id,
            role.lane().as_ref().map(EntryId::as_bytes),
            matches!(role, LaneRole::Holds(_)),
            kind.priority().number(),
            state.word(),
            done.map(|at| at.0),
        ])?;
        self.tally.issue(state, 1);
        Ok(())
    }
}

const INSERT_SETTLED: &str = "INSERT INTO delivery (item_id, target_id, lane, holds, priority, state, attempted_ms, done_ms) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)";
