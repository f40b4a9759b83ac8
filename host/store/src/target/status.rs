//! What people see of a target: its counts, its age, what holds it up. It costs the same at a million rows as at
//! none: counts are columns, ages and due times are the first rows of an index.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use stint_domain::time::UnixMs;

use super::gate::{Hold, Pace, load_pace_of};
use crate::{Error, TargetId, counts::Counts, sql};

/// How a pass ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPass {
    /// When.
    pub at: UnixMs,
    /// In one line for people: also why nothing was sent.
    pub result: String,
    /// How many items were delivered.
    pub delivered: u64,
}

/// A target as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Its number.
    pub id: TargetId,
    /// Its name.
    pub name: String,
    /// Since when it is no longer in the configuration.
    pub retired_at: Option<UnixMs>,
    /// Whether a person paused it.
    pub paused: bool,
    /// Why the host holds it.
    pub hold: Option<Hold>,
    /// Its breaker, floor and batch.
    pub pace: Pace,
    /// How the last pass ended.
    pub last_pass: Option<LastPass>,
    /// The last error, for people.
    pub last_error: Option<String>,
    /// How many deliveries are where.
    pub counts: Counts,
    /// When the oldest pending item was recorded.
    pub oldest_pending: Option<UnixMs>,
    /// When the next delayed or unknown delivery may be looked at again.
    pub next_due: Option<UnixMs>,
}

const TARGET: &str = "SELECT name, retired_ms, paused, held, held_message, held_ms, last_pass, last_error, \
     fail_streak, open_until_ms, floor_boot, floor_until_ms, floor_wait_ms, batch, \
     issued, ready, waiting, delayed, leased, unknown, failed, sent, superseded, dropped, overflowed \
     FROM target WHERE id = ?1";

pub(crate) const OLDEST_PENDING: &str = "SELECT created_ms FROM item WHERE id = (SELECT min(oldest) FROM ( \
     SELECT (SELECT item_id FROM delivery INDEXED BY d_state WHERE target_id = ?1 AND state = s.column1 \
     AND priority = p.column1 AND done_ms IS NULL ORDER BY item_id LIMIT 1) AS oldest \
     FROM (VALUES ('ready'), ('waiting'), ('delayed'), ('leased'), ('unknown')) AS s, (VALUES (0), (1), (2)) AS p))";

pub(crate) const NEXT_DUE: &str = "SELECT min(due) FROM ( \
     SELECT (SELECT due_ms FROM delivery INDEXED BY d_delayed WHERE target_id = ?1 AND priority = p.column1 \
     AND state = 'delayed' ORDER BY due_ms LIMIT 1) AS due FROM (VALUES (0), (1), (2)) AS p \
     UNION ALL SELECT (SELECT due_ms FROM delivery INDEXED BY d_unknown WHERE target_id = ?1 \
     AND state = 'unknown' ORDER BY due_ms LIMIT 1))";

/// All targets, retired ones too, by name.
pub fn statuses(connection: &Connection) -> Result<Vec<Status>, Error> {
    let mut statement = connection.prepare_cached("SELECT id FROM target ORDER BY name")?;
    let ids: Vec<TargetId> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    ids.into_iter().map(|id| status(connection, id)).collect()
}

/// When something was last delivered to a target; nothing where that is longer ago than delivered items are kept.
pub fn last_sent(connection: &Connection, id: TargetId) -> Result<Option<UnixMs>, Error> {
    let newest = "SELECT done_ms FROM delivery INDEXED BY d_done WHERE done_ms IS NOT NULL AND target_id = ?1 \
         AND state = 'sent' ORDER BY done_ms DESC LIMIT 1";
    let mut statement = connection.prepare_cached(newest)?;
    Ok(statement.query_row([id], |row| row.get(0)).optional()?.map(UnixMs))
}

/// One target.
pub fn status(connection: &Connection, id: TargetId) -> Result<Status, Error> {
    let mut statement = connection.prepare_cached(TARGET)?;
    let found = statement.query_row([id], |row| Ok(read(id, row))).optional()?;
    let mut status = found.ok_or_else(|| Error::NoTarget { name: id.to_string() })??;
    let first = |sql: &str| -> Result<Option<UnixMs>, Error> {
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row(params![id], |row| row.get(0)).optional()?.flatten().map(UnixMs))
    };
    status.oldest_pending = first(OLDEST_PENDING)?;
    status.next_due = first(NEXT_DUE)?;
    Ok(status)
}

fn read(id: TargetId, row: &Row<'_>) -> Result<Status, Error> {
    let held: Option<String> = row.get(3)?;
    let hold = match held {
        Some(word) => Some(Hold {
            reason: sql::from_word("a hold's reason", &word)?,
            message: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
            since: UnixMs(row.get::<_, Option<i64>>(5)?.unwrap_or_default()),
        }),
        None => None,
    };
    let last_pass: Option<String> = row.get(6)?;
    Ok(Status {
        id,
        name: row.get(0)?,
        retired_at: sql::maybe_at(row.get(1)?),
        paused: row.get(2)?,
        hold,
        pace: load_pace_of(row, 8)?,
        last_pass: last_pass.map(|json| sql::from_json("a pass's result", &json)).transpose()?,
        last_error: row.get(7)?,
        counts: Counts::read(row, 14)?,
        oldest_pending: None,
        next_due: None,
    })
}
