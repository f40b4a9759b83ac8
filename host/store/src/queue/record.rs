//! Recording: an item comes into the queue once, with one delivery for every target that accepts its kind.
//!
//! Invariants: the same id with the same body is there already and changes nothing; with another body it is an
//! error. The item and its deliveries are of one transaction.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, Statement, params};
use sha2::{Digest, Sha256};
use stint_domain::{
    id::{EntryId, ItemId},
    item::{Item, Kind, Payload},
    time::UnixMs,
};

use super::fan_out::Targets;
use crate::{BlobHash, Error, Hash, Serial, TargetId, blobs, sql};

/// An item that is to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Its id for ever.
    pub id: ItemId,
    /// What it is about.
    pub kind: Kind,
    /// The entry that it belongs to.
    pub entry: Option<EntryId>,
    /// When it happened.
    pub occurred_at: UnixMs,
    /// The JSON of its payload. It is kept byte by byte.
    pub payload: Vec<u8>,
    /// Its file, whose row in `blob` must be there already or come in the same transaction.
    pub file: Option<BlobHash>,
}

/// How much may wait at one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Above so many pending deliveries the least important ones are given up.
    pub backlog_max: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self { backlog_max: 10_000 }
    }
}

/// What came of recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The items' numbers, in the order in which they were given.
    pub serials: Vec<Serial>,
    /// How many of them were new.
    pub new: usize,
    /// Where something was given up for want of room, and how much.
    pub overflowed: Vec<(TargetId, usize)>,
    /// Where nothing was left to give up: the backlog is above its maximum and still grows.
    pub crowded: Vec<TargetId>,
}

impl NewItem {
    /// The item as it is to be recorded.
    pub fn of(item: &Item) -> Result<Self, Error> {
        let file = match &item.payload {
            Payload::Screenshot { file, .. } => Some(hash(&file.sha256)?),
            _ => None,
        };
        Ok(Self {
            id: item.id,
            kind: item.kind(),
            entry: item.entry_id(),
            occurred_at: item.occurred_at,
            payload: sql::to_json(&item.payload)?.into_bytes(),
            file,
        })
    }

    /// What tells its body from another one.
    fn body_hash(&self) -> Hash {
        let mut body = Sha256::new();
        body.update(&self.payload);
        if let Some(file) = &self.file {
            body.update(file.as_bytes());
        }
        body.finalize().into()
    }
}

fn hash(text: &str) -> Result<BlobHash, Error> {
    BlobHash::from_hex(text).ok_or_else(|| Error::Strange { what: "a file's SHA-256", text: text.to_owned() })
}

/// Records items and issues their deliveries.
pub fn record(
    connection: &Connection,
    items: &[NewItem],
    now: UnixMs,
    room: Room,
) -> Result<Recorded, Error> {
    let mut targets = Targets::load(connection)?;
    let mut recorded = Recorded::default();
    for items in items.chunks(ROWS) {
        for (item, (serial, new)) in items.iter().zip(insert_all(connection, items, now, &targets)?) {
            if new {
                targets.issue(connection, serial, item, now, room)?;
                recorded.new += 1;
            }
            recorded.serials.push(serial);
        }
    }
    targets.finish(connection, &mut recorded)?;
    Ok(recorded)
}

/// How many rows one statement inserts where there are as many: what a statement costs by itself is then shared. More
/// would save nothing.
pub(crate) const ROWS: usize = 20;

/// How much they may hold together: SQLite copies what is bound, and keeps it until the statement has run.
const BYTES: usize = 1 << 20;

/// A new item, or nothing where its id is known. Of many rows SQLite would copy every page they touch, to take the
/// statement back alone if one of them is refused: `OR FAIL` gives that up, and so do references that are looked at
/// when the transaction ends (see the schema). A refusal is a defect of ours, and takes its whole job back.
pub const INSERT_ITEM: &str = "INSERT OR FAIL INTO item \
     (created_ms, event_id, kind, priority, entry_id, occurred_ms, body_sha256, blob_hash, lone, payload) \
     VALUES (?1, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id) DO NOTHING";

/// The same for [`ROWS`] of them.
static INSERT_ITEMS: LazyLock<String> = LazyLock::new(|| sql::many(INSERT_ITEM, ROWS));

pub(crate) const KNOWN: &str = "SELECT id, body_sha256 FROM item WHERE event_id = ?1";

/// The item's number, and whether it is new.
pub(crate) fn insert(
    connection: &Connection,
    item: &NewItem,
    now: UnixMs,
    lone: bool,
) -> Result<(Serial, bool), Error> {
    expect_file(connection, item)?;
    let given = item.body_hash();
    let mut statement = connection.prepare_cached(INSERT_ITEM)?;
    statement.raw_bind_parameter(1, now.0)?;
    bind(&mut statement, 0, item, given, lone)?;
    if statement.raw_execute()? == 1 {
        return Ok((Serial(connection.last_insert_rowid()), true));
    }
    Ok((known(connection, item, given)?, false))
}

/// The same for several at once.
fn insert_all(
    connection: &Connection,
    items: &[NewItem],
    now: UnixMs,
    targets: &Targets,
) -> Result<Vec<(Serial, bool)>, Error> {
    let bytes: usize = items.iter().map(|item| item.payload.len()).sum();
    if items.len() < ROWS || bytes > BYTES {
        return items
            .iter()
            .map(|item| insert(connection, item, now, targets.nobody_accepts(item.kind)))
            .collect();
    }
    items.iter().try_for_each(|item| expect_file(connection, item))?;
    let mut newest: i64 = connection.prepare_cached(NEWEST)?.query_row([], |row| row.get(0))?;
    let given: Vec<Hash> = items.iter().map(NewItem::body_hash).collect();
    let mut statement = connection.prepare_cached(&INSERT_ITEMS)?;
    statement.raw_bind_parameter(1, now.0)?;
    for (place, (item, given)) in items.iter().zip(&given).enumerate() {
        bind(&mut statement, place, item, *given, targets.nobody_accepts(item.kind))?;
    }
    if statement.raw_execute()? == items.len() {
        // Nothing came between them, so their numbers follow one another.
        let last = connection.last_insert_rowid();
        return Ok((0..sql::limit(items.len())).rev().map(|before| (Serial(last - before), true)).collect());
    }
    let one = |(item, given): (&NewItem, &Hash)| {
        let serial = known(connection, item, *given)?;
        // New ones were numbered in this order, above all that were there. One that comes twice is new once.
        let new = serial.0 > newest;
        newest = newest.max(serial.0);
        Ok((serial, new))
    };
    items.iter().zip(&given).map(one).collect()
}

/// A new item without its file is refused here: at the end of the transaction, where the reference is looked at, the
/// jobs of others would be refused with it. The file of one that is known may have been taken back.
fn expect_file(connection: &Connection, item: &NewItem) -> Result<(), Error> {
    let Some(file) = item.file else { return Ok(()) };
    if blobs::has_row(connection, file)? || serial_of(connection, item.id)?.is_some() {
        Ok(())
    } else {
        Err(Error::NoFile { id: item.id, file })
    }
}

/// The youngest item's number.
pub(crate) const NEWEST: &str = "SELECT coalesce(max(id), 0) FROM item";

/// Binds the values of one item to the row of the statement at this place.
fn bind(
    statement: &mut Statement<'_>,
    place: usize,
    item: &NewItem,
    given: Hash,
    lone: bool,
) -> rusqlite::Result<()> {
    sql::bind_row(
        statement,
        place,
        params![
            item.id.as_bytes(),
            item.kind.word(),
            item.kind.priority().number(),
            item.entry.as_ref().map(EntryId::as_bytes),
            item.occurred_at.0,
            given,
            item.file,
            lone,
            item.payload,
        ],
    )
}

/// The number of an item that is there, with the body that was given.
fn known(connection: &Connection, item: &NewItem, given: Hash) -> Result<Serial, Error> {
    let (serial, known): (Serial, Hash) = connection
        .prepare_cached(KNOWN)?
        .query_row([item.id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if known == given { Ok(serial) } else { Err(Error::KeyReused { id: item.id, known, given }) }
}

/// The number of the item with this id, while it is kept.
pub fn serial_of(connection: &Connection, id: ItemId) -> Result<Option<Serial>, Error> {
    let mut statement = connection.prepare_cached("SELECT id FROM item WHERE event_id = ?1")?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
}

/// The item with this number as it was recorded, while it is kept.
pub fn recorded(connection: &Connection, serial: Serial) -> Result<Option<NewItem>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT event_id, kind, entry_id, occurred_ms, payload, blob_hash FROM item WHERE id = ?1",
    )?;
    let found = statement.query_row([serial], |row| {
        let text: String = row.get(1)?;
        let (id, entry) = (sql::item(row.get(0)?), sql::maybe_entry(row.get(2)?));
        let (occurred_at, payload, file) = (sql::at(row.get(3)?), row.get(4)?, row.get(5)?);
        Ok(sql::kind(&text).map(|kind| NewItem { id, kind, entry, occurred_at, payload, file }))
    });
    found.optional()?.transpose()
}
