//! Upkeep: what was done long ago goes, in small steps that leave room for others. The counts of a target don't
//! change by it: what was sent stays counted as sent.

use rusqlite::{Connection, params};
use stint_domain::{
    id::EntryId,
    time::{Millis, UnixMs},
};

use crate::{BlobHash, Error, Serial, TargetId, sql};

/// What one step of a purge removed. It is over when nothing was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Deliveries.
    pub deliveries: usize,
    /// Items that no target has left.
    pub items: usize,
}

/// What was done after this moment was done under another clock: it counts as done now.
pub(crate) const CLAMP: &str = "UPDATE delivery SET done_ms = ?1 WHERE (item_id, target_id) IN \
     (SELECT item_id, target_id FROM delivery INDEXED BY d_done WHERE done_ms > ?2 LIMIT ?3)";

pub(crate) const OLD: &str = "SELECT item_id, target_id FROM delivery INDEXED BY d_done \
                              WHERE done_ms <= ?1 ORDER BY done_ms LIMIT ?2";

pub(crate) const LONE: &str = "DELETE FROM item WHERE id IN (SELECT id FROM item INDEXED BY item_lone \
                    WHERE lone = 1 AND created_ms <= ?1 LIMIT ?2)";

/// An item goes with the last of its deliveries.
pub(crate) const NEEDED: &str =
    "DELETE FROM item WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE item_id = ?1)";

pub(crate) const BLOBS: &str = "SELECT hash, in_file, EXISTS (SELECT 1 FROM item WHERE blob_hash = hash) \
     OR EXISTS (SELECT 1 FROM prepared WHERE blob_hash = hash) FROM blob WHERE hash > ?1 ORDER BY hash LIMIT ?2";

/// How far ahead of now a moment may lie before it is taken for another clock's.
const AHEAD: Millis = Millis::from_mins(24 * 60);

/// Removes up to `limit` deliveries that were done longer than `keep` ago, and the items that nobody needs then.
pub fn purge(connection: &Connection, keep: Millis, limit: usize, now: UnixMs) -> Result<Purged, Error> {
    let (cutoff, limit) = (now - keep, sql::limit(limit));
    connection.prepare_cached(CLAMP)?.execute(params![now.0, (now + AHEAD).0, limit])?;
    let mut statement = connection.prepare_cached(OLD)?;
    let old: Vec<(Serial, TargetId)> = statement
        .query_map(params![cutoff.0, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut purged = Purged { deliveries: old.len(), items: 0 };
    for (serial, target) in old {
        for sql in [
            "DELETE FROM history WHERE item_id = ?1 AND target_id = ?2",
            "DELETE FROM delivery WHERE item_id = ?1 AND target_id = ?2",
        ] {
            connection.prepare_cached(sql)?.execute(params![serial, target])?;
        }
        purged.items += connection.prepare_cached(NEEDED)?.execute([serial])?;
    }
    purged.items += connection.prepare_cached(LONE)?.execute(params![cutoff.0, limit])?;
    Ok(purged)
}

/// Keeps the history to its newest `keep` rows, removing up to `limit` at once. Says how many went.
pub fn trim_history(connection: &Connection, keep: usize, limit: usize) -> Result<usize, Error> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM history WHERE id IN (SELECT id FROM history \
             WHERE id <= (SELECT max(id) FROM history) - ?1 ORDER BY id LIMIT ?2)",
        )?
        .execute(params![sql::limit(keep), sql::limit(limit)])?)
}

/// Forgets up to `limit` first answers to commands, those from long ago or from a future that can't be. Says how many
/// went.
pub fn forget_answers(
    connection: &Connection,
    keep: Millis,
    now: UnixMs,
    limit: usize,
) -> Result<usize, Error> {
    Ok(connection
        .prepare_cached(
            "DELETE FROM command WHERE id IN (SELECT id FROM command WHERE at_ms <= ?1 OR at_ms > ?2 LIMIT ?3)",
        )?
        .execute(params![(now - keep).0, (now + keep).0, sql::limit(limit)])?)
}

/// One step of forgetting what targets know of entries that are gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many rows went.
    pub gone: usize,
    /// Where the next step goes on; nothing when all was looked at.
    pub next: Option<EntryId>,
}

/// Forgets what targets know of entries that are gone, looking at up to `limit` entries behind `from`.
pub fn forget_entries(
    connection: &Connection,
    from: Option<EntryId>,
    limit: usize,
) -> Result<Forgotten, Error> {
    let from = from.unwrap_or(EntryId::from_bytes([0; 16]));
    let mut statement = connection.prepare_cached(ENTRIES)?;
    let seen: Vec<(EntryId, bool)> = statement
        .query_map(params![from.as_bytes(), sql::limit(limit)], |row| {
            Ok((EntryId::from_bytes(row.get(0)?), row.get(1)?))
        })?
        .collect::<Result<_, _>>()?;
    let next = seen.last().filter(|_| seen.len() == limit).map(|(entry, _)| *entry);
    let mut gone = 0;
    for (entry, _) in seen.into_iter().filter(|(_, needed)| !needed) {
        gone += connection
            .prepare_cached("DELETE FROM entry_remote WHERE entry_id = ?1")?
            .execute([entry.as_bytes()])?;
    }
    Ok(Forgotten { gone, next })
}

/// Entries that targets know, and whether there is anything left of each.
const ENTRIES: &str = "SELECT DISTINCT r.entry_id, EXISTS (SELECT 1 FROM entry e WHERE e.id = r.entry_id) \
     OR EXISTS (SELECT 1 FROM item i WHERE i.entry_id = r.entry_id) \
     FROM entry_remote r WHERE r.entry_id > ?1 ORDER BY r.entry_id LIMIT ?2";

/// One step of removing content that nobody refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Whose rows are gone. Their files are to be discarded after the commit.
    pub files: Vec<BlobHash>,
    /// How many rows went whose content was in the row.
    pub inline: usize,
    /// Where the next step goes on; nothing when all was looked at.
    pub next: Option<BlobHash>,
}

/// Removes the rows of content that no item and nothing prepared refers to, looking at up to `limit` rows from
/// `from` on. A row must be written in the same transaction as what refers to it.
pub fn sweep_blobs(connection: &Connection, from: Option<BlobHash>, limit: usize) -> Result<Swept, Error> {
    let from = from.unwrap_or(BlobHash::from_bytes([0; 32]));
    let mut statement = connection.prepare_cached(BLOBS)?;
    let seen: Vec<(BlobHash, bool, bool)> = statement
        .query_map(params![from, sql::limit(limit)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let next = seen.last().filter(|_| seen.len() == limit).map(|(hash, ..)| *hash);
    let mut swept = Swept { next, ..Swept::default() };
    for (hash, in_file, _) in seen.into_iter().filter(|(.., needed)| !needed) {
        connection.prepare_cached("DELETE FROM blob WHERE hash = ?1")?.execute([hash])?;
        if in_file {
            swept.files.push(hash);
        } else {
            swept.inline += 1;
        }
    }
    Ok(swept)
}

/// Gives up to `pages` free pages back to the file system. Says how many free pages are left.
pub fn vacuum_step(connection: &Connection, pages: u32) -> Result<u64, Error> {
    let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut rows = statement.query([])?;
    // Every step gives one page back, so it has to be stepped to its end.
    while rows.next()?.is_some() {}
    Ok(connection.query_row("PRAGMA freelist_count", [], |row| row.get(0)).map(sql::count)?)
}
