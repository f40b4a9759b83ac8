//! Frozen bytes: what the transforms made of an item is kept before the first request, and from the first attempt
//! on the same bytes go out every time.
//!
//! Invariant: `attempted_ms` is durable before a request leaves the machine, and what it freezes is not changed
//! while it is set.

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::{Move, NotAllowed},
    time::UnixMs,
};

use super::{
    claim::{Lease, Prepared},
    row::Row,
};
use crate::{Error, Serial, TargetId, counts::Tally};

/// Keeps what the transforms made of an item in hand: in place of what they made before, or nothing, where they
/// left the item as it was recorded. What was attempted is frozen and refused.
pub fn prepare(
    connection: &Connection,
    lease: &Lease,
    serial: Serial,
    made: Option<&Prepared>,
) -> Result<(), Error> {
    let row = in_hand(connection, lease, serial)?;
    if row.life.attempted {
        let target = lease.target;
        return Err(Error::NotAllowed { serial, target, source: NotAllowed::Frozen });
    }
    let Some(made) = made else { return forget(connection, serial, lease.target) };
    connection
        .prepare_cached(
            "INSERT INTO prepared (item_id, target_id, chain_hash, blob_hash, payload) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (item_id, target_id) DO UPDATE SET chain_hash = excluded.chain_hash, \
             blob_hash = excluded.blob_hash, payload = excluded.payload",
        )?
        .execute(params![serial, lease.target, made.chain, made.file, made.payload])?;
    Ok(())
}

/// The bytes of these items in hand are about to be handed to the network. The transaction has to be committed
/// before they are.
pub fn begin(connection: &Connection, lease: &Lease, serials: &[Serial], now: UnixMs) -> Result<(), Error> {
    for serial in serials {
        let mut row = in_hand(connection, lease, *serial)?;
        if !row.life.attempted {
            row.must_step(Move::Begin, now, now, &mut Tally::default())?;
            row.write(connection)?;
        }
    }
    Ok(())
}

/// The delivery, if it is in hand under this very lease.
fn in_hand(connection: &Connection, lease: &Lease, serial: Serial) -> Result<Row, Error> {
    let row = Row::get(connection, serial, lease.target)?;
    if row.is_under(lease) { Ok(row) } else { Err(Error::Fenced { target: lease.target }) }
}

/// Forgets what the transforms made.
pub(crate) fn forget(connection: &Connection, serial: Serial, target: TargetId) -> Result<(), Error> {
    connection
        .prepare_cached("DELETE FROM prepared WHERE item_id = ?1 AND target_id = ?2")?
        .execute(params![serial, target])?;
    Ok(())
}
