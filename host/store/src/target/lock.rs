//! One pass at a time over a target, with a fenced lease: a pass that is stuck is taken over, not waited for, and
//! what it had in hand is free at once. A pass that was taken over can claim nothing any more.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::time::{Millis, UnixMs};

use crate::{Epoch, Error, TargetId, Token, queue};

/// How long a pass or an item is in one hand, unless it is renewed. A plugin call may last 240 s at most, so a
/// call that was cut off is settled before its lease can lapse.
pub const LEASE: Millis = Millis::from_secs(300);

/// A pass over a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// The target.
    pub target: TargetId,
    /// The proof that it is the newest pass.
    pub token: Token,
    /// The process that it runs in.
    pub owner: Epoch,
}

/// Begins a pass, unless another one of this process has the target in hand. A pass of a process that is gone, or
/// one that did not renew its lease in time, is taken over.
pub fn open_pass(
    connection: &Connection,
    target: TargetId,
    owner: Epoch,
    now: UnixMs,
) -> Result<Option<Pass>, Error> {
    let lock: Option<(Option<Epoch>, Option<i64>)> = connection
        .prepare_cached("SELECT lock_owner, lock_until_ms FROM target WHERE id = ?1 AND retired_ms IS NULL")?
        .query_row([target], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((holder, until)) = lock else { return Err(Error::NoTarget { name: target.to_string() }) };
    if let Some(until) = until.filter(|_| holder == Some(owner)) {
        let latest = now + LEASE;
        if until > latest.0 {
            // Written under another clock: from here on it lapses as any other.
            set_lock_until(connection, target, latest)?;
        }
        if until > now.0 {
            return Ok(None);
        }
    }
    if until.is_some() {
        queue::reclaim_all(connection, target, now)?;
    }
    let token = next_token(connection, target)?;
    connection
        .prepare_cached(
            "UPDATE target SET lock_token = ?2, lock_owner = ?3, lock_until_ms = ?4 WHERE id = ?1",
        )?
        .execute(params![target, token, owner, (now + LEASE).0])?;
    Ok(Some(Pass { target, token, owner }))
}

/// Ends a pass. One that was taken over has nothing to end.
pub fn close_pass(connection: &Connection, pass: &Pass) -> Result<(), Error> {
    connection
        .prepare_cached(
            "UPDATE target SET lock_token = NULL, lock_owner = NULL, lock_until_ms = NULL \
             WHERE id = ?1 AND lock_token = ?2 AND lock_owner = ?3",
        )?
        .execute(params![pass.target, pass.token, pass.owner])?;
    Ok(())
}

/// Makes the pass last another lease from now on, or says that it was taken over. Whether the target lets anything
/// pass is the answer: not while it is held or paused.
pub(crate) fn renew(connection: &Connection, pass: &Pass, now: UnixMs) -> Result<bool, Error> {
    let renewed = connection
        .prepare_cached(
            "UPDATE target SET lock_until_ms = ?4 \
             WHERE id = ?1 AND lock_token = ?2 AND lock_owner = ?3 AND retired_ms IS NULL \
             RETURNING held IS NULL AND paused = 0",
        )?
        .query_row(params![pass.target, pass.token, pass.owner, (now + LEASE).0], |row| row.get(0))
        .optional()?;
    renewed.ok_or(Error::Fenced { target: pass.target })
}

fn set_lock_until(connection: &Connection, target: TargetId, until: UnixMs) -> Result<(), Error> {
    connection
        .prepare_cached("UPDATE target SET lock_until_ms = ?2 WHERE id = ?1")?
        .execute(params![target, until.0])?;
    Ok(())
}

/// A token that is higher than all before it.
pub(crate) fn next_token(connection: &Connection, target: TargetId) -> Result<Token, Error> {
    Ok(connection
        .prepare_cached("UPDATE target SET token = token + 1 WHERE id = ?1 RETURNING token")?
        .query_row([target], |row| row.get(0))?)
}
