//! Lanes: the events of one entry reach a target in order. Whatever isn't at the head of its lane is `waiting`,
//! outside the index that claims read, so a blocked lane costs a claim nothing.
//!
//! Invariant: nothing of a lane is ready or delayed while an older holder of that lane is not done.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::{
    delivery::{DeliveryState, Move},
    id::EntryId,
    time::UnixMs,
};

use super::row::Row;
use crate::{Error, Serial, TargetId, counts::Tally};

/// The oldest holder of a lane that is not done.
pub const HEAD: &str = "SELECT item_id FROM delivery INDEXED BY d_lane \
     WHERE target_id = ?1 AND lane = ?2 AND holds = 1 AND done_ms IS NULL ORDER BY item_id LIMIT 1";

/// The youngest lane that has a holder which is not done.
pub(crate) const YOUNGEST: &str = "SELECT lane FROM delivery INDEXED BY d_lane \
     WHERE target_id = ?1 AND holds = 1 AND done_ms IS NULL ORDER BY lane DESC LIMIT 1";

/// What waits for nobody any more.
pub(crate) const PROMOTE: &str = "UPDATE delivery INDEXED BY d_waiting SET state = 'ready' \
     WHERE target_id = ?1 AND lane = ?2 AND state = 'waiting' AND item_id <= ?3";

/// The delivery that all younger ones of the lane wait for, if there is one.
pub fn head(connection: &Connection, target: TargetId, lane: EntryId) -> Result<Option<Serial>, Error> {
    let mut statement = connection.prepare_cached(HEAD)?;
    Ok(statement.query_row(params![target, lane.as_bytes()], |row| row.get(0)).optional()?)
}

/// The youngest lane that has a head.
pub(crate) fn youngest(connection: &Connection, target: TargetId) -> Result<Option<EntryId>, Error> {
    let mut statement = connection.prepare_cached(YOUNGEST)?;
    Ok(statement.query_row([target], |row| row.get(0).map(EntryId::from_bytes)).optional()?)
}

/// After a holder is done: its successor and what follows up to there become ready.
pub(crate) fn advance(
    connection: &Connection,
    target: TargetId,
    lane: EntryId,
    tally: &mut Tally,
) -> Result<(), Error> {
    let until = head(connection, target, lane)?.unwrap_or(Serial(i64::MAX));
    let mut statement = connection.prepare_cached(PROMOTE)?;
    let promoted = statement.execute(params![target, lane.as_bytes(), until])?;
    tally.shift(DeliveryState::Waiting, DeliveryState::Ready, promoted);
    Ok(())
}

/// The same for a row that was just written, if it held its lane and is done.
pub(crate) fn advance_past(connection: &Connection, row: &Row, tally: &mut Tally) -> Result<(), Error> {
    match row.lane {
        Some(lane) if row.holds && row.life.state.is_done() => advance(connection, row.target, lane, tally),
        _ => Ok(()),
    }
}

/// After an older holder came in: what was ready or delayed behind it yields. What is in hand goes on, and what
/// failed or may have arrived keeps its place.
pub(crate) fn yield_to_head(
    connection: &Connection,
    target: TargetId,
    lane: EntryId,
    now: UnixMs,
    tally: &mut Tally,
) -> Result<(), Error> {
    let Some(head) = head(connection, target, lane)? else { return Ok(()) };
    let mut statement = connection.prepare_cached(
        "SELECT d.item_id FROM item i JOIN delivery d ON d.item_id = i.id AND d.target_id = ?1 \
         WHERE i.entry_id = ?2 AND i.id > ?3 AND d.lane = ?2 AND d.state IN ('ready', 'delayed')",
    )?;
    let behind: Vec<Serial> = statement
        .query_map(params![target, lane.as_bytes(), head], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for serial in behind {
        let mut row = Row::get(connection, serial, target)?;
        row.must_step(Move::Yield, now, now, tally)?;
        row.write(connection)?;
    }
    Ok(())
}

/// A row that is about to be written yields where an older holder came in front of it while it was in hand.
pub(crate) fn keep_order(
    connection: &Connection,
    row: &mut Row,
    now: UnixMs,
    tally: &mut Tally,
) -> Result<(), Error> {
    let Some(lane) = row.lane else { return Ok(()) };
    let may_be_sent = matches!(row.life.state, DeliveryState::Ready | DeliveryState::Delayed);
    if may_be_sent && head(connection, row.target, lane)?.is_some_and(|head| head < row.serial) {
        row.must_step(Move::Yield, now, now, tally)?;
    }
    Ok(())
}
