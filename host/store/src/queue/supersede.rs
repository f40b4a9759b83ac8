//! Superseding: a target that is told of whole snapshots needs only the newest one of an entry.
//!
//! Invariant: only what was never attempted, or failed, is superseded, and only by a snapshot whose transforms
//! keep it: the caller has prepared the newer one before it asks.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::{delivery::Move, id::EntryId, time::UnixMs};

use super::{claim::Lease, lane, row::Row};
use crate::{Error, Serial, TargetId, counts::Tally};

pub(crate) const NEWEST: &str = "SELECT item_id FROM delivery INDEXED BY d_lane \
     WHERE target_id = ?1 AND lane = ?2 AND holds = 1 AND done_ms IS NULL ORDER BY item_id DESC LIMIT 1";

pub(crate) const OLDER: &str = "SELECT item_id FROM delivery INDEXED BY d_lane \
     WHERE target_id = ?1 AND lane = ?2 AND holds = 1 AND done_ms IS NULL AND item_id < ?3 ORDER BY item_id";

/// The newest snapshot of an entry that the target has not got yet.
pub fn newest(connection: &Connection, target: TargetId, entry: EntryId) -> Result<Option<Serial>, Error> {
    let mut statement = connection.prepare_cached(NEWEST)?;
    Ok(statement.query_row(params![target, entry.as_bytes()], |row| row.get(0)).optional()?)
}

/// Puts the snapshot `newer` in place of the older ones of its entry, as far as the rules allow, and says how many.
/// What the caller itself has in hand, and has not attempted, is among them: its `lease` shows that.
pub fn supersede(
    connection: &Connection,
    target: TargetId,
    newer: Serial,
    lease: Option<&Lease>,
    now: UnixMs,
) -> Result<usize, Error> {
    let newer = Row::get(connection, newer, target)?;
    let Some(lane) = newer.lane.filter(|_| newer.holds) else { return Ok(0) };
    let mut statement = connection.prepare_cached(OLDER)?;
    let older: Vec<Serial> = statement
        .query_map(params![target, lane.as_bytes(), newer.serial], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut tally = Tally::default();
    let mut superseded = 0;
    for serial in older {
        let mut row = Row::get(connection, serial, target)?;
        let ours = lease.is_some_and(|lease| row.is_under(lease)) && !row.life.attempted;
        if ours {
            row.must_step(Move::Release, now, now, &mut tally)?;
        }
        let gone = row.step(Move::Supersede, now, now, &mut tally).is_ok();
        if ours || gone {
            row.write(connection)?;
        }
        superseded += usize::from(gone);
    }
    lane::advance(connection, target, lane, &mut tally)?;
    tally.write(connection, target)?;
    Ok(superseded)
}
