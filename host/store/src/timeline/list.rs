//! Lists of the timeline: entries and gaps by time, and the journal.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::{
    entry::Entry,
    gap::Gap,
    id::{CommandId, EntryId, GapId, ItemId},
    time::{Span, UnixMs},
    timer::Note,
};

use super::entries;
use crate::{Error, sql};

/// A gap with the entry it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapAt {
    /// The entry.
    pub entry: EntryId,
    /// The gap.
    pub gap: Gap,
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its place.
    pub seq: u64,
    /// When it happened.
    pub at: UnixMs,
    /// The entry that it is about.
    pub entry: EntryId,
    /// What targets were told: the event's word. For a note it is `noted`.
    pub what: String,
    /// The note.
    pub note: Option<Note>,
    /// The item that targets were told by.
    pub item: Option<ItemId>,
    /// The command that it came from.
    pub command: Option<CommandId>,
}

/// The entries that have anything within the span, the earliest start first. The current one is among them, with
/// its closed stretches.
pub fn entries_between(connection: &Connection, span: Span) -> Result<Vec<Entry>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM entry WHERE started_ms < ?2 \
         AND (until_ms > ?1 OR started_ms >= ?1 OR id = (SELECT entry_id FROM timer WHERE id = 1)) \
         ORDER BY started_ms, id",
    )?;
    let ids: Vec<[u8; 16]> = statement
        .query_map(params![span.start.0, span.end.0], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let entries = ids.into_iter().map(|id| entries::entry(connection, EntryId::from_bytes(id)).transpose());
    entries.flatten().collect()
}

/// The gaps that lie in the span or reach into it, the latest first.
pub fn gaps_between(connection: &Connection, span: Span) -> Result<Vec<GapAt>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, start_ms, end_ms, kept, entry_id FROM gap INDEXED BY gap_by_end \
         WHERE end_ms > ?1 AND start_ms < ?2 ORDER BY end_ms DESC",
    )?;
    let mut rows = statement.query(params![span.start.0, span.end.0])?;
    let mut gaps = Vec::new();
    while let Some(row) = rows.next()? {
        gaps.push(GapAt { entry: EntryId::from_bytes(row.get(5)?), gap: entries::read_gap(row)? });
    }
    Ok(gaps)
}

/// The entry that has this gap.
pub fn entry_of_gap(connection: &Connection, gap: GapId) -> Result<Option<EntryId>, Error> {
    let mut statement = connection.prepare_cached("SELECT entry_id FROM gap WHERE id = ?1")?;
    let found: Option<[u8; 16]> = statement.query_row([gap.as_bytes()], |row| row.get(0)).optional()?;
    Ok(found.map(EntryId::from_bytes))
}

/// The journal from a place on.
pub fn journal(connection: &Connection, from: u64, limit: usize) -> Result<Vec<JournalEntry>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at_ms, entry_id, what, note, item, command_id FROM event WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query(params![i64::try_from(from).unwrap_or(i64::MAX), sql::limit(limit)])?;
    let mut journal = Vec::new();
    while let Some(row) = rows.next()? {
        let note: Option<String> = row.get(4)?;
        journal.push(JournalEntry {
            seq: row.get(0).map(sql::count)?,
            at: UnixMs(row.get(1)?),
            entry: EntryId::from_bytes(row.get(2)?),
            what: row.get(3)?,
            note: note.map(|json| sql::from_json("a note", &json)).transpose()?,
            item: row.get::<_, Option<[u8; 16]>>(5)?.map(ItemId::from_bytes),
            command: row.get::<_, Option<[u8; 16]>>(6)?.map(CommandId::from_bytes),
        });
    }
    Ok(journal)
}
