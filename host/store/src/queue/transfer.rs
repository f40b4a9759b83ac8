//! `stint queue move`: what a target has yet to deliver goes to another one, most often because it was renamed.
//!
//! Invariants: a moved delivery keeps its idempotency key, for it may have arrived: it remembers the seed it was
//! issued under. So does an entry that the old target knew, so a later event still updates the same record. An
//! older snapshot never follows a newer one that the new target has seen.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::{DeliveryState, LaneRole, Move, Ordering},
    id::EntryId,
    item::Kind,
    time::UnixMs,
};

use super::{lane, row::Row};
use crate::{Error, Serial, TargetId, counts::Tally, sql, target};

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many deliveries the new target has now.
    pub moved: usize,
    /// How many were dropped as superseded, because the new target has seen a newer snapshot of their entry.
    pub superseded: usize,
    /// What stays where it is: in hand, there already, or possibly arrived and older than what the new target has
    /// seen. A person decides.
    pub stayed: Vec<Serial>,
}

const LEFT: &str = "SELECT item_id FROM delivery INDEXED BY d_state WHERE target_id = ?1 AND done_ms IS NULL \
     ORDER BY item_id";

struct Transfer<'a> {
    connection: &'a Connection,
    old: TargetId,
    new: TargetId,
    ordering: Ordering,
    now: UnixMs,
    leaving: Tally,
    coming: Tally,
    lanes: BTreeSet<EntryId>,
    done: Moved,
}

/// Moves everything that `old` has not delivered to `new`.
pub fn transfer(connection: &Connection, old: TargetId, new: TargetId, now: UnixMs) -> Result<Moved, Error> {
    let mut transfer = Transfer {
        connection,
        old,
        new,
        ordering: target::ordering(connection, new)?,
        now,
        leaving: Tally::default(),
        coming: Tally::default(),
        lanes: BTreeSet::new(),
        done: Moved::default(),
    };
    if old == new {
        return Ok(transfer.done);
    }
    transfer.hand_over_entries()?;
    let mut statement = connection.prepare_cached(LEFT)?;
    let left: Vec<Serial> = statement.query_map([old], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for serial in left {
        transfer.one(serial)?;
    }
    for lane in std::mem::take(&mut transfer.lanes) {
        lane::yield_to_head(connection, new, lane, now, &mut transfer.coming)?;
        lane::advance(connection, new, lane, &mut transfer.coming)?;
        lane::advance(connection, old, lane, &mut transfer.leaving)?;
    }
    transfer.leaving.write(connection, old)?;
    transfer.coming.write(connection, new)?;
    Ok(transfer.done)
}

impl Transfer<'_> {
    /// What the old target knows of entries, the new one knows as well, unless it knows them itself.
    fn hand_over_entries(&self) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO entry_remote (entry_id, target_id, remote_id, key_seed) \
                 SELECT e.entry_id, ?2, e.remote_id, coalesce(e.key_seed, t.key_seed) \
                 FROM entry_remote e JOIN target t ON t.id = e.target_id WHERE e.target_id = ?1 \
                 ON CONFLICT (entry_id, target_id) DO NOTHING",
            )?
            .execute(params![self.old, self.new])?;
        Ok(())
    }

    fn one(&mut self, serial: Serial) -> Result<(), Error> {
        let mut row = Row::get(self.connection, serial, self.old)?;
        if row.life.state == DeliveryState::Leased || Row::find(self.connection, serial, self.new)?.is_some()
        {
            self.done.stayed.push(serial);
            return Ok(());
        }
        let (kind, entry) = kind_and_entry(self.connection, serial)?;
        self.lanes.extend(row.lane);
        if kind == Kind::TimeEntry
            && let Some(entry) = entry
        {
            if has_seen_newer(self.connection, self.new, entry, serial)? {
                return self.outdated(&mut row);
            }
            self.adopt_entry(entry)?;
        }
        let role = LaneRole::new(kind, entry, self.ordering);
        self.lanes.extend(role.lane());
        self.carry(&row, role)
    }

    /// The new target has seen a newer snapshot of the entry than this one.
    fn outdated(&mut self, row: &mut Row) -> Result<(), Error> {
        if row.step(Move::Supersede, self.now, self.now, &mut self.leaving).is_ok() {
            row.write(self.connection)?;
            self.done.superseded += 1;
        } else {
            self.done.stayed.push(row.serial);
        }
        Ok(())
    }

    /// The entry's key stays what it was, unless the new target has seen the entry under a key of its own.
    fn adopt_entry(&self, entry: EntryId) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO entry_remote (entry_id, target_id, key_seed) \
                 SELECT ?1, ?3, (SELECT key_seed FROM target WHERE id = ?2) \
                 WHERE NOT EXISTS (SELECT 1 FROM item i JOIN delivery d ON d.item_id = i.id AND d.target_id = ?3 \
                 WHERE i.entry_id = ?1 AND i.kind = 'time-entry' AND d.attempted_ms IS NOT NULL) \
                 ON CONFLICT (entry_id, target_id) DO NOTHING",
            )?
            .execute(params![entry.as_bytes(), self.old, self.new])?;
        Ok(())
    }

    /// What could be sent or waited at the old target waits or can be sent at the new one.
    fn carry(&mut self, row: &Row, role: LaneRole) -> Result<(), Error> {
        let before = row.life.state;
        let held = match role.lane() {
            Some(lane) => lane::head(self.connection, self.new, lane)?.is_some_and(|head| head < row.serial),
            None => false,
        };
        let after = match before {
            DeliveryState::Ready | DeliveryState::Waiting => role.first_state(held),
            DeliveryState::Delayed if held => DeliveryState::Waiting,
            other => other,
        };
        let due = row.due.filter(|_| after != DeliveryState::Waiting);
        self.connection
            .prepare_cached(
                "UPDATE delivery SET target_id = ?3, state = ?4, due_ms = ?5, lane = ?6, holds = ?7, \
                 key_seed = coalesce(key_seed, (SELECT key_seed FROM target WHERE id = ?2)) \
                 WHERE item_id = ?1 AND target_id = ?2",
            )?
            .execute(params![
                row.serial,
                self.old,
                self.new,
                after.word(),
                due.map(|at| at.0),
                sql::blob(role.lane()),
                matches!(role, LaneRole::Holds(_)),
            ])?;
        self.connection
            .prepare_cached("UPDATE history SET target_id = ?3 WHERE item_id = ?1 AND target_id = ?2")?
            .execute(params![row.serial, self.old, self.new])?;
        self.leaving.issue(before, -1);
        self.coming.issue(after, 1);
        self.done.moved += 1;
        Ok(())
    }
}

pub(crate) fn kind_and_entry(
    connection: &Connection,
    serial: Serial,
) -> Result<(Kind, Option<EntryId>), Error> {
    let (kind, entry): (String, Option<[u8; 16]>) = connection
        .prepare_cached("SELECT kind, entry_id FROM item WHERE id = ?1")?
        .query_row([serial], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((sql::kind(&kind)?, sql::maybe_entry(entry)))
}

/// Whether the target was ever sent a newer event of the entry than this item.
pub(crate) fn has_seen_newer(
    connection: &Connection,
    target: TargetId,
    entry: EntryId,
    serial: Serial,
) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM item i JOIN delivery d ON d.item_id = i.id AND d.target_id = ?1 \
             WHERE i.entry_id = ?2 AND i.id > ?3 AND i.kind = 'time-entry' \
             AND (d.attempted_ms IS NOT NULL OR d.state = 'leased')",
        )?
        .exists(params![target, entry.as_bytes(), serial])?)
}
