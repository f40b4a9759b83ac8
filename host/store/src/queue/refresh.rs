//! Before a claim: what has fallen due becomes ready, times from another century are brought into this one, and
//! leases that have lapsed are taken back.
//!
//! Each is a statement of its own, for an `OR` would make a scan of it, and each is done in steps, so that a
//! million rows that fall due at once do not hold up the writer.

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::{DeliveryState, Move},
    pace::due,
    time::UnixMs,
};

use super::{lane, row::Row};
use crate::{Epoch, Error, Serial, TargetId, counts::Tally, sql, target::LEASE};

/// How many rows of one kind are touched before one claim.
const STEP: usize = 1_000;

/// What has fallen due, the most important first.
pub(crate) const PROMOTE: &str = "UPDATE delivery SET state = 'ready', due_ms = NULL \
     WHERE target_id = ?1 AND item_id IN (SELECT item_id FROM delivery INDEXED BY d_delayed \
     WHERE target_id = ?1 AND state = 'delayed' AND priority IN (0, 1, 2) AND due_ms <= ?2 \
     ORDER BY priority, due_ms LIMIT ?3)";

/// Due times further ahead than any wait. The same for leases and for unknown outcomes below.
pub(crate) const CLAMP: [&str; 3] = [
    "UPDATE delivery SET due_ms = ?2 WHERE target_id = ?1 AND item_id IN (SELECT item_id FROM delivery \
     INDEXED BY d_delayed WHERE target_id = ?1 AND state = 'delayed' AND priority IN (0, 1, 2) AND due_ms > ?2 \
     LIMIT ?3)",
    "UPDATE delivery SET due_ms = ?2 WHERE target_id = ?1 AND item_id IN (SELECT item_id FROM delivery \
     INDEXED BY d_unknown WHERE target_id = ?1 AND state = 'unknown' AND due_ms > ?2 LIMIT ?3)",
    "UPDATE delivery SET lease_until_ms = ?2 WHERE target_id = ?1 AND item_id IN (SELECT item_id FROM delivery \
     INDEXED BY d_leased WHERE target_id = ?1 AND state = 'leased' AND lease_until_ms > ?2 LIMIT ?3)",
];

/// What is not due yet, for a person who does not want to wait.
pub(crate) const HASTEN: [&str; 2] = [
    "UPDATE delivery SET due_ms = ?2 WHERE target_id = ?1 AND item_id IN (SELECT item_id FROM delivery \
     INDEXED BY d_delayed WHERE target_id = ?1 AND state = 'delayed' AND priority IN (0, 1, 2) AND due_ms > ?2 \
     ORDER BY priority, due_ms LIMIT ?3)",
    "UPDATE delivery SET due_ms = ?2 WHERE target_id = ?1 AND item_id IN (SELECT item_id FROM delivery \
     INDEXED BY d_unknown WHERE target_id = ?1 AND state = 'unknown' AND due_ms > ?2 ORDER BY due_ms LIMIT ?3)",
];

/// Leases that have lapsed.
pub(crate) const LAPSED: &str = "SELECT item_id FROM delivery INDEXED BY d_leased \
     WHERE target_id = ?1 AND state = 'leased' AND lease_until_ms <= ?2 ORDER BY lease_until_ms LIMIT ?3";

/// All leases of a target.
pub(crate) const LEASED: &str = "SELECT item_id, lease_owner FROM delivery INDEXED BY d_leased \
     WHERE target_id = ?1 AND state = 'leased'";

/// Makes a target's rows what they should be now.
pub(crate) fn refresh(
    connection: &Connection,
    target: TargetId,
    now: UnixMs,
    tally: &mut Tally,
) -> Result<(), Error> {
    for (sql, latest) in
        CLAMP.into_iter().zip([now + due::LONGEST_WAIT, now + due::LONGEST_WAIT, now + LEASE])
    {
        connection.prepare_cached(sql)?.execute(params![target, latest.0, sql::limit(STEP)])?;
    }
    let promoted = connection.prepare_cached(PROMOTE)?.execute(params![target, now.0, sql::limit(STEP)])?;
    tally.shift(DeliveryState::Delayed, DeliveryState::Ready, promoted);
    let mut statement = connection.prepare_cached(LAPSED)?;
    let lapsed: Vec<Serial> = statement
        .query_map(params![target, now.0, sql::limit(STEP)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    lapsed.into_iter().try_for_each(|serial| reclaim(connection, serial, target, now, tally))
}

/// Makes up to a thousand of what is delayed, and of what is unknown, due now: a person said `stint sync`. Says how
/// many there were; when it was none, all are due. A floor is the target's own and stands.
pub fn hasten(connection: &Connection, target: TargetId, now: UnixMs) -> Result<usize, Error> {
    let hasten =
        |sql: &str| connection.prepare_cached(sql)?.execute(params![target, now.0, sql::limit(STEP)]);
    Ok(hasten(HASTEN[0])? + hasten(HASTEN[1])?)
}

/// Takes back everything that a target's passes had in hand. The passes must be gone.
pub(crate) fn reclaim_all(connection: &Connection, target: TargetId, now: UnixMs) -> Result<usize, Error> {
    reclaim_where(connection, target, now, |_| true)
}

/// After a start: takes back what processes before this one had in hand, and their passes.
pub fn reclaim_foreign(connection: &Connection, owner: Epoch, now: UnixMs) -> Result<usize, Error> {
    connection.execute(
        "UPDATE target SET lock_token = NULL, lock_owner = NULL, lock_until_ms = NULL WHERE lock_owner <> ?1",
        [owner],
    )?;
    let mut statement = connection.prepare_cached("SELECT id FROM target")?;
    let targets: Vec<TargetId> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    targets.into_iter().map(|target| reclaim_where(connection, target, now, |holder| holder != owner)).sum()
}

fn reclaim_where(
    connection: &Connection,
    target: TargetId,
    now: UnixMs,
    is_gone: impl Fn(Epoch) -> bool,
) -> Result<usize, Error> {
    let mut statement = connection.prepare_cached(LEASED)?;
    let leased: Vec<(Serial, Epoch)> =
        statement.query_map([target], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut tally = Tally::default();
    let mut reclaimed = 0;
    for (serial, _) in leased.into_iter().filter(|(_, holder)| is_gone(*holder)) {
        reclaim(connection, serial, target, now, &mut tally)?;
        reclaimed += 1;
    }
    tally.write(connection, target)?;
    Ok(reclaimed)
}

/// Nobody knows how far the pass came: what was handed to the network may have arrived.
fn reclaim(
    connection: &Connection,
    serial: Serial,
    target: TargetId,
    now: UnixMs,
    tally: &mut Tally,
) -> Result<(), Error> {
    let mut row = Row::get(connection, serial, target)?;
    row.must_step(Move::Reclaim, now, now, tally)?;
    lane::keep_order(connection, &mut row, now, tally)?;
    row.write(connection)
}
