//! Claiming: a pass takes the most important and oldest deliveries that may be sent now into its hand, under a
//! lease of its own. The cost does not depend on how many there are.

use rusqlite::{Connection, Row as SqlRow, params};
use stint_domain::{
    delivery::{DeliveryState, Idempotency, Move, Remedy},
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    key::{EntryKey, ItemKey, KeySeed},
    time::UnixMs,
};

use super::{lane, refresh::refresh, row::Row};
use crate::{
    BlobHash, Epoch, Error, Hash, Serial, TargetId, Token,
    counts::Tally,
    sql,
    target::{self, LEASE, Pass},
};

/// What a pass wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How many at most.
    pub limit: usize,
    /// Nothing less important than this.
    pub priority_max: Priority,
    /// Only items of these kinds; nothing given: of all.
    pub kinds: Option<Vec<Kind>>,
    /// Rather another one than this: the item at which the target failed last.
    pub avoid: Option<Serial>,
}

/// A lease on the items of one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The target.
    pub target: TargetId,
    /// The proof that the items were not leased anew since.
    pub token: Token,
    /// The process that has them in hand.
    pub owner: Epoch,
}

/// What the transforms made of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// What tells the chain of transforms, with their settings, from another one.
    pub chain: Hash,
    /// The payload that they made.
    pub payload: Vec<u8>,
    /// The file that they made, or left.
    pub file: Option<BlobHash>,
}

/// One item in hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Its number.
    pub serial: Serial,
    /// Its id.
    pub id: ItemId,
    /// What it is about.
    pub kind: Kind,
    /// The entry that it belongs to.
    pub entry: Option<EntryId>,
    /// When it happened.
    pub occurred_at: UnixMs,
    /// How much it matters.
    pub priority: Priority,
    /// How many attempts were charged to it before.
    pub attempts: u32,
    /// How often it crashed its plugin before.
    pub crashes: u32,
    /// When its bytes were first handed to the network. From then on they are frozen.
    pub attempted_at: Option<UnixMs>,
    /// Whether the target is to be asked about it, and nothing is to be sent.
    pub looking_up: bool,
    /// Its idempotency key.
    pub key: ItemKey,
    /// Its entry's.
    pub entry_key: Option<EntryKey>,
    /// What the target calls its entry.
    pub entry_remote_id: Option<String>,
    /// The payload as it was recorded.
    pub payload: Vec<u8>,
    /// The file as it was recorded.
    pub file: Option<BlobHash>,
    /// What the transforms made of it, where they made anything of it.
    pub prepared: Option<Prepared>,
}

/// What one claim took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// The lease.
    pub lease: Lease,
    /// The items, in the order in which they are to be sent.
    pub items: Vec<Claimed>,
}

pub(crate) const READY: &str = "SELECT item_id FROM delivery INDEXED BY d_state \
     WHERE target_id = ?1 AND state = 'ready' AND done_ms IS NULL AND priority <= ?2 AND item_id <> ?3 \
     ORDER BY priority, item_id LIMIT ?4";

/// The same for some kinds alone, written as `,kind,kind,`.
pub(crate) const READY_OF_KINDS: &str = "SELECT d.item_id FROM delivery d INDEXED BY d_state \
     JOIN item i ON i.id = d.item_id \
     WHERE d.target_id = ?1 AND d.state = 'ready' AND d.done_ms IS NULL AND d.priority <= ?2 AND d.item_id <> ?3 \
     AND instr(?5, ',' || i.kind || ',') > 0 ORDER BY d.priority, d.item_id LIMIT ?4";

pub(crate) const UNKNOWN: &str = "SELECT item_id FROM delivery INDEXED BY d_unknown \
     WHERE target_id = ?1 AND state = 'unknown' AND due_ms <= ?2 ORDER BY due_ms, item_id LIMIT ?3";

pub(crate) const TAKE: &str = "UPDATE delivery SET state = 'leased', looking_up = ?3, due_ms = NULL, \
     lease_token = ?4, lease_owner = ?5, lease_until_ms = ?6 WHERE item_id = ?1 AND target_id = ?2";

pub(crate) const READ: &str = "SELECT i.id, i.event_id, i.kind, i.entry_id, i.occurred_ms, i.priority, d.attempts, d.crashes, \
     d.attempted_ms, d.looking_up, coalesce(d.key_seed, t.key_seed), \
     coalesce(iif(d.attempted_ms IS NULL, NULL, d.key_seed), e.key_seed, t.key_seed), e.remote_id, i.payload, i.blob_hash, \
     p.chain_hash, p.payload, p.blob_hash \
     FROM delivery d JOIN item i ON i.id = d.item_id JOIN target t ON t.id = d.target_id \
     LEFT JOIN entry_remote e ON e.entry_id = i.entry_id AND e.target_id = d.target_id \
     LEFT JOIN prepared p ON p.item_id = d.item_id AND p.target_id = d.target_id \
     WHERE d.item_id = ?1 AND d.target_id = ?2";

/// Takes what may be sent now. Nothing is taken while the target is held or paused, or when nothing may be sent.
pub fn claim(
    connection: &Connection,
    pass: &Pass,
    wanted: &Wanted,
    now: UnixMs,
) -> Result<Option<Batch>, Error> {
    let mut tally = Tally::default();
    let serials = if target::renew(connection, pass, now)? {
        refresh(connection, pass.target, now, &mut tally)?;
        ready(connection, pass.target, wanted)?
    } else {
        Vec::new()
    };
    take(connection, pass, &serials, DeliveryState::Ready, now, tally)
}

/// Takes what may have arrived and is to be looked up.
pub fn claim_lookups(
    connection: &Connection,
    pass: &Pass,
    limit: usize,
    now: UnixMs,
) -> Result<Option<Batch>, Error> {
    let mut tally = Tally::default();
    let serials = if target::renew(connection, pass, now)? {
        refresh(connection, pass.target, now, &mut tally)?;
        unknown(connection, pass.target, limit, now)?
    } else {
        Vec::new()
    };
    take(connection, pass, &serials, DeliveryState::Unknown, now, tally)
}

/// Resolves unknown outcomes under the class of the plugin that serves now, as far as that needs no question: where
/// the backend tells a repeated request, they may be sent again. Says how many.
pub fn resend_unknown(
    connection: &Connection,
    target: TargetId,
    class: Idempotency,
    now: UnixMs,
) -> Result<usize, Error> {
    if class.remedy() != Remedy::Resend {
        return Ok(0);
    }
    let mut tally = Tally::default();
    let serials = unknown(connection, target, 1_000, now)?;
    for serial in &serials {
        let mut row = Row::get(connection, *serial, target)?;
        row.must_step(Move::Resolve(class), now, now, &mut tally)?;
        lane::keep_order(connection, &mut row, now, &mut tally)?;
        row.write(connection)?;
    }
    tally.write(connection, target)?;
    Ok(serials.len())
}

/// What is ready, other than the one to avoid unless that is all there is.
fn ready(connection: &Connection, target: TargetId, wanted: &Wanted) -> Result<Vec<Serial>, Error> {
    let other = ready_but(connection, target, wanted, wanted.avoid.unwrap_or(Serial(0)))?;
    if other.is_empty() && wanted.avoid.is_some() {
        return ready_but(connection, target, wanted, Serial(0));
    }
    Ok(other)
}

fn ready_but(
    connection: &Connection,
    target: TargetId,
    wanted: &Wanted,
    avoid: Serial,
) -> Result<Vec<Serial>, Error> {
    let (priority, limit) = (wanted.priority_max.number(), sql::limit(wanted.limit));
    let serials = if let Some(kinds) = &wanted.kinds {
        let kinds = kinds.iter().fold(",".to_owned(), |list, kind| list + kind.word() + ",");
        let mut statement = connection.prepare_cached(READY_OF_KINDS)?;
        let rows = statement.query_map(params![target, priority, avoid, limit, kinds], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    } else {
        let mut statement = connection.prepare_cached(READY)?;
        let rows = statement.query_map(params![target, priority, avoid, limit], |row| row.get(0))?;
        rows.collect::<Result<_, _>>()?
    };
    Ok(serials)
}

fn unknown(
    connection: &Connection,
    target: TargetId,
    limit: usize,
    now: UnixMs,
) -> Result<Vec<Serial>, Error> {
    let mut statement = connection.prepare_cached(UNKNOWN)?;
    let rows = statement.query_map(params![target, now.0, sql::limit(limit)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Leases the items, which are all in the state `from`. This is [`Move::Claim`] for all of them at once.
fn take(
    connection: &Connection,
    pass: &Pass,
    serials: &[Serial],
    from: DeliveryState,
    now: UnixMs,
    mut tally: Tally,
) -> Result<Option<Batch>, Error> {
    if serials.is_empty() {
        tally.write(connection, pass.target)?;
        return Ok(None);
    }
    let token = target::next_token(connection, pass.target)?;
    let looking_up = from == DeliveryState::Unknown;
    let mut items = Vec::with_capacity(serials.len());
    let mut take = connection.prepare_cached(TAKE)?;
    let mut read = connection.prepare_cached(READ)?;
    for serial in serials {
        take.execute(params![serial, pass.target, looking_up, token, pass.owner, (now + LEASE).0])?;
        items.push(read.query_row(params![serial, pass.target], |row| Ok(read_claimed(row)))??);
    }
    tally.shift(from, DeliveryState::Leased, serials.len());
    tally.write(connection, pass.target)?;
    Ok(Some(Batch { lease: Lease { target: pass.target, token, owner: pass.owner }, items }))
}

fn read_claimed(row: &SqlRow<'_>) -> Result<Claimed, Error> {
    let id = sql::item(row.get(1)?);
    let entry = sql::maybe_entry(row.get(3)?);
    let text = |place: usize| row.get_ref(place)?.as_str().map_err(rusqlite::Error::from);
    let chain: Option<Hash> = row.get(15)?;
    let prepared = match chain {
        Some(chain) => Some(Prepared { chain, payload: row.get(16)?, file: row.get(17)? }),
        None => None,
    };
    Ok(Claimed {
        serial: row.get(0)?,
        id,
        kind: sql::kind(text(2)?)?,
        entry,
        occurred_at: sql::at(row.get(4)?),
        priority: Priority::from_number(row.get(5)?),
        attempts: row.get(6)?,
        crashes: row.get(7)?,
        attempted_at: sql::maybe_at(row.get(8)?),
        looking_up: row.get(9)?,
        key: ItemKey::new(id, &KeySeed::new(text(10)?)),
        entry_key: match entry {
            Some(entry) => Some(EntryKey::new(entry, &KeySeed::new(text(11)?))),
            None => None,
        },
        entry_remote_id: row.get(12)?,
        payload: row.get(13)?,
        file: row.get(14)?,
        prepared,
    })
}
