//! Items with a picture: what is there, and taking one back before it is sent.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::{id::ItemId, time::UnixMs};

use super::{Which, drop_deliveries, upkeep::NEEDED};
use crate::{BlobHash, Error, Serial, sql};

/// An item with a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictured {
    /// Its number.
    pub serial: Serial,
    /// Its id.
    pub id: ItemId,
    /// When it happened.
    pub occurred_at: UnixMs,
    /// Its payload as JSON, as it was recorded.
    pub payload: Vec<u8>,
    /// The picture.
    pub blob: BlobHash,
    /// At how many targets it still waits, is being sent, or failed.
    pub pending: u64,
    /// To how many targets it was sent, or may have been.
    pub sent: u64,
}

/// What became of an item that was taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Withdrawn {
    /// How many targets won't get it any more.
    pub kept_back: usize,
    /// How many have it already, or get it at this moment: it is not known whether it arrived.
    pub too_late: usize,
    /// How many of those get it at this moment. Their bytes can't be taken from under them.
    pub in_hand: usize,
    /// Whether its picture is gone from here.
    pub removed: bool,
    /// Whether the item is gone from here too, with all that was known of it.
    pub forgotten: bool,
    /// Pictures whose rows are gone: their files are to be destroyed after the commit.
    pub loose_files: Vec<BlobHash>,
}

/// The index has only what has a picture, so nothing else is looked at.
const NEWEST: &str = "SELECT i.id, i.event_id, i.occurred_ms, i.payload, i.blob_hash, \
     (SELECT count(*) FROM delivery d WHERE d.item_id = i.id AND d.done_ms IS NULL AND d.uncertain = 0), \
     (SELECT count(*) FROM delivery d WHERE d.item_id = i.id AND (d.state = 'sent' OR d.uncertain = 1)) \
     FROM item i INDEXED BY item_by_blob WHERE i.blob_hash IS NOT NULL AND (?1 IS NULL OR i.id = ?1) \
     ORDER BY i.id DESC LIMIT ?2";

/// The newest items with a picture.
pub fn pictures(connection: &Connection, limit: usize) -> Result<Vec<Pictured>, Error> {
    read(connection, None, limit)
}

/// One of them.
pub fn picture(connection: &Connection, serial: Serial) -> Result<Option<Pictured>, Error> {
    Ok(read(connection, Some(serial), 1)?.pop())
}

fn read(connection: &Connection, serial: Option<Serial>, limit: usize) -> Result<Vec<Pictured>, Error> {
    let mut statement = connection.prepare_cached(NEWEST)?;
    let rows = statement.query_map(params![serial, sql::limit(limit)], |row| {
        Ok(Pictured {
            serial: row.get(0)?,
            id: ItemId::from_bytes(row.get(1)?),
            occurred_at: UnixMs(row.get(2)?),
            payload: row.get(3)?,
            blob: row.get(4)?,
            pending: row.get::<_, i64>(5)?.cast_unsigned(),
            sent: row.get::<_, i64>(6)?.cast_unsigned(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes an item back: whoever hasn't got it never will, and its picture goes from here. Where nobody has it, the item is
/// forgotten, too; else it stays without its picture, for the history. While a target gets it, nothing goes from here.
pub fn withdraw(
    connection: &Connection,
    serial: Serial,
    reason: &str,
    now: UnixMs,
) -> Result<Withdrawn, Error> {
    let which = Which::Items { serials: vec![serial], target: None };
    let kept_back = drop_deliveries(connection, &which, reason, now)?.changed;
    let (too_late, in_hand): (i64, i64) = connection
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE state <> 'dropped' OR uncertain = 1), \
             count(*) FILTER (WHERE state = 'leased') FROM delivery WHERE item_id = ?1",
        )?
        .query_row([serial], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let count = |count| usize::try_from(count).unwrap_or(usize::MAX);
    let mut withdrawn =
        Withdrawn { kept_back, too_late: count(too_late), in_hand: count(in_hand), ..Withdrawn::default() };
    if in_hand > 0 {
        return Ok(withdrawn);
    }
    // A person wants it gone: its bytes are overwritten, not only forgotten.
    connection.pragma_update(None, "secure_delete", true)?;
    let removed = remove(connection, serial, too_late == 0);
    connection.pragma_update(None, "secure_delete", false)?;
    (withdrawn.forgotten, withdrawn.loose_files) = removed?;
    withdrawn.removed = true;
    Ok(withdrawn)
}

/// Removes an item's picture and what was prepared of it, and the item itself where nobody has it. Says whether that is
/// gone, and which files are to be destroyed after the commit.
fn remove(connection: &Connection, serial: Serial, whole: bool) -> Result<(bool, Vec<BlobHash>), Error> {
    let pictures: Vec<BlobHash> = connection
        .prepare_cached(PICTURES_OF)?
        .query_map([serial], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let parts: &[&str] = if whole {
        &["DELETE FROM history WHERE item_id = ?1", "DELETE FROM delivery WHERE item_id = ?1", NEEDED]
    } else {
        &["DELETE FROM prepared WHERE item_id = ?1", "UPDATE item SET blob_hash = NULL WHERE id = ?1"]
    };
    let mut changed = 0;
    for sql in parts {
        changed = connection.prepare_cached(sql)?.execute([serial])?;
    }
    let mut loose = Vec::new();
    for picture in pictures {
        loose.extend(forget_blob(connection, picture)?);
    }
    Ok((whole && changed > 0, loose))
}

/// The picture of an item, and those that were prepared of it.
const PICTURES_OF: &str = "SELECT blob_hash FROM item WHERE id = ?1 AND blob_hash IS NOT NULL \
     UNION SELECT blob_hash FROM prepared WHERE item_id = ?1 AND blob_hash IS NOT NULL";

/// Pictures that no target waits for, and how many bytes they and all newer ones have together.
const BEYOND: &str = "SELECT id FROM (SELECT i.id, sum(b.size) OVER (ORDER BY i.id DESC) AS together \
     FROM item i INDEXED BY item_by_blob JOIN blob b ON b.hash = i.blob_hash WHERE i.blob_hash IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item_id = i.id AND d.done_ms IS NULL)) \
     WHERE together > ?1 ORDER BY id LIMIT ?2";

/// Removes up to `limit` items whose pictures every target has, the oldest first, until the rest of them has no more
/// than so many bytes. Says how many went. Their content goes with the next sweep.
pub fn purge_pictures(connection: &Connection, keep_bytes: u64, limit: usize) -> Result<usize, Error> {
    let keep_bytes = i64::try_from(keep_bytes).unwrap_or(i64::MAX);
    let beyond: Vec<Serial> = connection
        .prepare_cached(BEYOND)?
        .query_map(params![keep_bytes, sql::limit(limit)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for serial in &beyond {
        for sql in
            ["DELETE FROM history WHERE item_id = ?1", "DELETE FROM delivery WHERE item_id = ?1", NEEDED]
        {
            connection.prepare_cached(sql)?.execute([serial])?;
        }
    }
    Ok(beyond.len())
}

/// Removes the row of a picture that nothing refers to. Answers its name where it has a file.
fn forget_blob(connection: &Connection, blob: BlobHash) -> Result<Option<BlobHash>, Error> {
    let in_file: Option<bool> = connection
        .prepare_cached(
            "DELETE FROM blob WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM item WHERE blob_hash = ?1) \
             AND NOT EXISTS (SELECT 1 FROM prepared WHERE blob_hash = ?1) RETURNING in_file",
        )?
        .query_row([blob], |row| row.get(0))
        .optional()?;
    Ok(in_file.filter(|in_file| *in_file).map(|_| blob))
}
