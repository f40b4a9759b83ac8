//! A person's word: try again, or give up. Each delivery is asked by itself; one that the rules refuse stays as it
//! is and is named.

use std::collections::HashSet;

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::{Move, NotAllowed},
    time::UnixMs,
};

use super::{lane, prepare, row::Row};
use crate::{Error, Serial, TargetId, counts::Tallies, target};

/// Which deliveries are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of these items, at every target or at this one.
    Items {
        /// The items. One that is named twice is meant once.
        serials: Vec<Serial>,
        /// The target, or all.
        target: Option<TargetId>,
    },
    /// All that failed, at every target or at this one.
    Failed {
        /// The target, or all.
        target: Option<TargetId>,
    },
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// How many deliveries were changed.
    pub changed: usize,
    /// Which were not, and why.
    pub refused: Vec<(Serial, TargetId, NotAllowed)>,
}

pub(crate) const FAILED: &str = "SELECT item_id FROM delivery INDEXED BY d_state \
     WHERE target_id = ?1 AND state = 'failed' AND done_ms IS NULL ORDER BY priority, item_id";

/// Tries deliveries again, with their count of attempts begun anew. With `reprepare` their transforms run again,
/// which is refused for what may have arrived; the key stays in any case.
pub fn retry(connection: &Connection, which: &Which, reprepare: bool, now: UnixMs) -> Result<Done, Error> {
    let mut tallies = Tallies::default();
    let mut done = Done::default();
    for (serial, target) in find(connection, which)? {
        let mut row = Row::get(connection, serial, target)?;
        if reprepare && !row.life.may_be_prepared_anew() {
            let why = if row.life.uncertain { NotAllowed::Frozen } else { refusal(&row) };
            done.refused.push((serial, target, why));
            continue;
        }
        let class = target::idempotency(connection, target)?;
        if let Err(why) = row.step(Move::Retry(class), now, now, tallies.of(target)) {
            done.refused.push((serial, target, why));
            continue;
        }
        if reprepare {
            row.life.attempted = false;
            row.attempted_at = None;
            prepare::forget(connection, serial, target)?;
        }
        lane::keep_order(connection, &mut row, now, tallies.of(target))?;
        row.write(connection)?;
        done.changed += 1;
    }
    tallies.write(connection)?;
    Ok(done)
}

/// Gives deliveries up. The events behind them go on.
pub fn drop_deliveries(
    connection: &Connection,
    which: &Which,
    reason: &str,
    now: UnixMs,
) -> Result<Done, Error> {
    let mut tallies = Tallies::default();
    let mut done = Done::default();
    for (serial, target) in find(connection, which)? {
        let mut row = Row::get(connection, serial, target)?;
        if let Err(why) = row.step(Move::Drop, now, now, tallies.of(target)) {
            done.refused.push((serial, target, why));
            continue;
        }
        row.error = Some(reason.to_owned());
        row.write(connection)?;
        lane::advance_past(connection, &row, tallies.of(target))?;
        done.changed += 1;
    }
    tallies.write(connection)?;
    Ok(done)
}

fn refusal(row: &Row) -> NotAllowed {
    let state = row.life.state;
    if state.is_done() { NotAllowed::Done { state } } else { NotAllowed::InHand }
}

fn find(connection: &Connection, which: &Which) -> Result<Vec<(Serial, TargetId)>, Error> {
    match which {
        Which::Items { serials, target } => {
            let mut found = Vec::new();
            let mut named = HashSet::new();
            let mut statement = connection.prepare_cached(
                "SELECT target_id FROM delivery WHERE item_id = ?1 AND (?2 IS NULL OR target_id = ?2)",
            )?;
            for serial in serials.iter().filter(|serial| named.insert(**serial)) {
                let rows = statement.query_map(params![serial, target], |row| Ok((*serial, row.get(0)?)))?;
                found.extend(rows.collect::<Result<Vec<_>, _>>()?);
            }
            Ok(found)
        }
        Which::Failed { target } => {
            let mut found = Vec::new();
            for target in target.map_or_else(|| all_targets(connection), |target| Ok(vec![target]))? {
                let mut statement = connection.prepare_cached(FAILED)?;
                let rows = statement.query_map([target], |row| Ok((row.get(0)?, target)))?;
                found.extend(rows.collect::<Result<Vec<_>, _>>()?);
            }
            Ok(found)
        }
    }
}

fn all_targets(connection: &Connection) -> Result<Vec<TargetId>, Error> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM target WHERE retired_ms IS NULL ORDER BY id")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
