//! Overflow: above its maximum a target's backlog gives up its oldest pictures, then its oldest activity. What is
//! critical is never given up, and neither is what is in hand or may have arrived.

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::{DeliveryState, Move},
    item::Priority,
    time::UnixMs,
};

use super::row::Row;
use crate::{Error, Serial, TargetId, counts::Tally, sql};

/// How much is given up at once, at most: a maximum that was lowered is reached in steps.
pub const STEP: u64 = 256;

/// What is said of a delivery that was given up.
pub const REASON: &str = "given up for want of room";

/// The oldest of one state and priority.
pub(crate) const OLDEST: &str = "SELECT item_id FROM delivery INDEXED BY d_state \
     WHERE target_id = ?1 AND state = ?2 AND priority = ?3 AND done_ms IS NULL ORDER BY item_id LIMIT ?4";

/// What may be given up.
const GIVABLE: [DeliveryState; 3] = [DeliveryState::Ready, DeliveryState::Waiting, DeliveryState::Delayed];

/// Gives up to `excess` deliveries up, and says how many there were to give.
pub(crate) fn give_up(
    connection: &Connection,
    target: TargetId,
    excess: u64,
    now: UnixMs,
    tally: &mut Tally,
) -> Result<usize, Error> {
    let wanted = usize::try_from(excess.min(STEP)).unwrap_or(0);
    let mut given_up = 0;
    for priority in [Priority::Low, Priority::Normal] {
        for serial in oldest(connection, target, priority, wanted - given_up)? {
            let mut row = Row::get(connection, serial, target)?;
            row.must_step(Move::Drop, now, now, tally)?;
            row.error = Some(REASON.to_owned());
            row.write(connection)?;
            given_up += 1;
        }
    }
    tally.overflow(given_up);
    Ok(given_up)
}

fn oldest(
    connection: &Connection,
    target: TargetId,
    priority: Priority,
    limit: usize,
) -> Result<Vec<Serial>, Error> {
    let mut statement = connection.prepare_cached(OLDEST)?;
    let mut oldest = Vec::new();
    for state in GIVABLE {
        let parameters = params![target, state.word(), priority.number(), sql::limit(limit)];
        let rows = statement.query_map(parameters, |row| row.get(0))?;
        oldest.extend(rows.collect::<Result<Vec<Serial>, _>>()?);
    }
    oldest.sort_unstable();
    oldest.truncate(limit);
    Ok(oldest)
}
