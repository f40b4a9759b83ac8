//! What holds a target up: a person's pause, a hold with its reason, the floor a backend asked for, the breaker.
//!
//! Due times on the wall clock are believed only as far ahead as any wait can be. One beyond that was written under
//! another clock: it is rewritten when it is read, for otherwise it would stay the same wait away for ever.

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use stint_domain::{
    item::Kind,
    pace::{Breaker, Floor, due},
    time::UnixMs,
};

use super::LastPass;
use crate::{Error, TargetId, sql};

/// Why the host holds a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HoldReason {
    /// A person has to log in again.
    NeedsLogin,
    /// Its configuration, credential or plugin has to change.
    Misconfigured,
    /// Its plugin is not there.
    Missing,
    /// Its plugin crashed too often.
    Suspended,
}

/// A hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub reason: HoldReason,
    /// What was said, for people.
    pub message: String,
    /// Since when.
    pub since: UnixMs,
}

/// How fast a target is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// Its breaker.
    pub breaker: Breaker,
    /// The floor that it asked for last, over or not.
    pub floor: Option<Floor>,
    /// How many items a claim takes.
    pub batch: u32,
}

/// Holds the target: nothing is claimed until it is released.
pub fn hold(connection: &Connection, target: TargetId, hold: &Hold) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE target SET held = ?2, held_message = ?3, held_ms = ?4 WHERE id = ?1")?
        .execute(params![target, sql::word_of(hold.reason), hold.message, hold.since.0])?;
    Ok(())
}

/// Releases the target from its hold.
pub fn release(connection: &Connection, target: TargetId) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE target SET held = NULL, held_message = NULL, held_ms = NULL WHERE id = ?1")?
        .execute([target])?;
    Ok(())
}

/// Pauses the target or lets it go on, by a person's word.
pub fn pause(connection: &Connection, target: TargetId, paused: bool) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE target SET paused = ?2 WHERE id = ?1")?
        .execute(params![target, paused])?;
    Ok(())
}

/// How fast the target is to be worked on. A breaker from another century is first brought into this one.
pub fn load_pace(connection: &Connection, target: TargetId, now: UnixMs) -> Result<Pace, Error> {
    let latest = now + due::LONGEST_WAIT;
    connection
        .prepare_cached("UPDATE target SET open_until_ms = ?2 WHERE id = ?1 AND open_until_ms > ?2")?
        .execute(params![target, latest.0])?;
    let found = connection
        .prepare_cached(
            "SELECT fail_streak, open_until_ms, floor_boot, floor_until_ms, floor_wait_ms, batch \
             FROM target WHERE id = ?1",
        )?
        .query_row([target], |row| load_pace_of(row, 0))
        .optional()?;
    found.ok_or_else(|| Error::NoTarget { name: target.to_string() })
}

/// The pace in a row whose columns from `first` on are those of [`load_pace`].
pub(super) fn load_pace_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Pace> {
    let floor = match (row.get(first + 2)?, row.get(first + 3)?, row.get(first + 4)?) {
        (Some(boot), Some(until), Some(wait)) => {
            Some(Floor { boot: sql::boot(boot), until: sql::millis(until), wait: sql::millis(wait) })
        }
        _ => None,
    };
    let breaker = Breaker { streak: row.get(first)?, open_until: sql::maybe_at(row.get(first + 1)?) };
    Ok(Pace { breaker, floor, batch: row.get(first + 5)? })
}

/// Notes how fast the target is to be worked on.
pub fn save_pace(connection: &Connection, target: TargetId, pace: &Pace) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE target SET fail_streak = ?2, open_until_ms = ?3, floor_boot = ?4, floor_until_ms = ?5, \
             floor_wait_ms = ?6, batch = ?7 WHERE id = ?1",
        )?
        .execute(params![
            target,
            pace.breaker.streak,
            pace.breaker.open_until.map(|at| at.0),
            pace.floor.as_ref().map(|floor| floor.boot.as_bytes()),
            pace.floor.map(|floor| sql::signed(floor.until)),
            pace.floor.map(|floor| sql::signed(floor.wait)),
            pace.batch,
        ])?;
    Ok(())
}

/// Notes how the last pass over the target ended. An error stays until something was delivered without one.
pub fn save_last_pass(
    connection: &Connection,
    target: TargetId,
    pass: &LastPass,
    error: Option<&str>,
) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE target SET last_pass_ms = ?2, last_pass = ?3, \
             last_error = coalesce(?4, iif(?5, NULL, last_error)) WHERE id = ?1",
        )?
        .execute(params![target, pass.at.0, sql::to_json(pass)?, error, pass.delivered > 0])?;
    Ok(())
}

/// Whether an item of this kind succeeded since the target last changed.
pub fn is_proven(connection: &Connection, target: TargetId, kind: Kind) -> Result<bool, Error> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM proven WHERE target_id = ?1 AND kind = ?2")?
        .exists(params![target, kind.word()])?)
}

/// Notes that an item of this kind succeeded.
pub(crate) fn prove(connection: &Connection, target: TargetId, kind: Kind) -> Result<(), Error> {
    connection
        .prepare_cached("INSERT INTO proven (target_id, kind) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![target, kind.word()])?;
    Ok(())
}

/// The target's configuration, credential or plugin changed: what it can do has to be shown anew.
pub fn forget_proof(connection: &Connection, target: TargetId) -> Result<(), Error> {
    connection.prepare_cached("DELETE FROM proven WHERE target_id = ?1")?.execute([target])?;
    Ok(())
}

/// Notes what the target is made of now. Where that is something else than before, what it can do has to be shown
/// anew; says whether it is.
pub fn remake(connection: &Connection, target: TargetId, made_of: &str) -> Result<bool, Error> {
    let changed = connection
        .prepare_cached("UPDATE target SET made_of = ?2 WHERE id = ?1 AND made_of IS NOT ?2")?
        .execute(params![target, made_of])?
        > 0;
    if changed {
        forget_proof(connection, target)?;
    }
    Ok(changed)
}
