//! Entries with their segments and gaps, in and out of their tables.

use rusqlite::{Connection, OptionalExtension, Row, params};
use stint_domain::{
    entry::{Details, Entry, Origin, Segment},
    gap::Gap,
    id::{EntryId, GapId},
    time::{Span, UnixMs},
};

use crate::{Error, sql};

/// The entry with this id.
pub fn entry(connection: &Connection, id: EntryId) -> Result<Option<Entry>, Error> {
    let found = connection
        .prepare_cached(
            "SELECT project, task, note, tags, billable, started_ms, ended_ms, zone, person, machine, installation \
             FROM entry WHERE id = ?1",
        )?
        .query_row([id.as_bytes()], |row| Ok(read(id, row)))
        .optional()?;
    let Some(entry) = found else { return Ok(None) };
    Ok(Some(Entry { segments: segments(connection, id)?, gaps: gaps(connection, id)?, ..entry? }))
}

fn read(id: EntryId, row: &Row<'_>) -> Result<Entry, Error> {
    let tags: String = row.get(3)?;
    Ok(Entry {
        id,
        details: Details {
            project: row.get(0)?,
            task: row.get(1)?,
            note: row.get(2)?,
            tags: sql::from_json("a list of tags", &tags)?,
            billable: row.get(4)?,
        },
        started_at: UnixMs(row.get(5)?),
        ended_at: sql::maybe_at(row.get(6)?),
        segments: Vec::new(),
        gaps: Vec::new(),
        zone: row.get(7)?,
        origin: Origin { person: row.get(8)?, machine: row.get(9)?, installation: row.get(10)? },
    })
}

fn segments(connection: &Connection, id: EntryId) -> Result<Vec<Segment>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT start_ms, end_ms, worked_ms, basis, recovered, gap_id FROM segment \
         WHERE entry_id = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query([id.as_bytes()])?;
    let mut segments = Vec::new();
    while let Some(row) = rows.next()? {
        let basis: String = row.get(3)?;
        segments.push(Segment {
            span: Span::new(UnixMs(row.get(0)?), UnixMs(row.get(1)?)),
            worked: sql::millis(row.get(2)?),
            basis: sql::from_word("a segment's basis", &basis)?,
            recovered: row.get(4)?,
            gap: row.get::<_, Option<[u8; 16]>>(5)?.map(GapId::from_bytes),
        });
    }
    Ok(segments)
}

fn gaps(connection: &Connection, id: EntryId) -> Result<Vec<Gap>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT id, kind, start_ms, end_ms, kept FROM gap WHERE entry_id = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query([id.as_bytes()])?;
    let mut gaps = Vec::new();
    while let Some(row) = rows.next()? {
        gaps.push(read_gap(row)?);
    }
    Ok(gaps)
}

/// The gap in a row that begins with id, kind, start, end and whether it is kept.
pub(super) fn read_gap(row: &Row<'_>) -> Result<Gap, Error> {
    let kind: String = row.get(1)?;
    Ok(Gap {
        id: GapId::from_bytes(row.get(0)?),
        kind: sql::from_word("a gap's kind", &kind)?,
        span: Span::new(UnixMs(row.get(2)?), UnixMs(row.get(3)?)),
        kept: row.get(4)?,
    })
}

/// Stores the entry as it is now.
pub(super) fn save(connection: &Connection, entry: &Entry) -> Result<(), Error> {
    let id = entry.id.as_bytes();
    let gap_end = entry.gaps.iter().map(|gap| gap.span.end).max().unwrap_or(entry.started_at);
    connection
        .prepare_cached(
            "INSERT INTO entry (id, project, task, note, tags, billable, started_ms, ended_ms, until_ms, zone, person, \
             machine, installation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
             ON CONFLICT (id) DO UPDATE SET project = excluded.project, task = excluded.task, note = excluded.note, \
             tags = excluded.tags, billable = excluded.billable, started_ms = excluded.started_ms, \
             ended_ms = excluded.ended_ms, until_ms = excluded.until_ms, zone = excluded.zone, \
             person = excluded.person, machine = excluded.machine, installation = excluded.installation",
        )?
        .execute(params![
            id,
            entry.details.project,
            entry.details.task,
            entry.details.note,
            sql::to_json(&entry.details.tags)?,
            entry.details.billable,
            entry.started_at.0,
            entry.ended_at.map(|at| at.0),
            entry.last_end().max(gap_end).0,
            entry.zone,
            entry.origin.person,
            entry.origin.machine,
            entry.origin.installation,
        ])?;
    save_segments(connection, entry)?;
    save_gaps(connection, entry)
}

/// Only the places that differ are written: a long day costs no more at its end than at its start.
fn save_segments(connection: &Connection, entry: &Entry) -> Result<(), Error> {
    let id = entry.id.as_bytes();
    let before = segments(connection, entry.id)?;
    for (place, segment) in entry.segments.iter().enumerate() {
        if before.get(place) != Some(segment) {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO segment \
                     (entry_id, place, start_ms, end_ms, worked_ms, basis, recovered, gap_id) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )?
                .execute(params![
                    id,
                    sql::limit(place),
                    segment.span.start.0,
                    segment.span.end.0,
                    sql::signed(segment.worked),
                    sql::word_of(segment.basis),
                    segment.recovered,
                    segment.gap.as_ref().map(GapId::as_bytes),
                ])?;
        }
    }
    if before.len() > entry.segments.len() {
        connection
            .prepare_cached("DELETE FROM segment WHERE entry_id = ?1 AND place >= ?2")?
            .execute(params![id, sql::limit(entry.segments.len())])?;
    }
    Ok(())
}

fn save_gaps(connection: &Connection, entry: &Entry) -> Result<(), Error> {
    let id = entry.id.as_bytes();
    if gaps(connection, entry.id)? == entry.gaps {
        return Ok(());
    }
    connection.prepare_cached("DELETE FROM gap WHERE entry_id = ?1")?.execute([id])?;
    for (place, gap) in entry.gaps.iter().enumerate() {
        connection
            .prepare_cached(
                "INSERT INTO gap (id, entry_id, place, kind, start_ms, end_ms, kept) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                gap.id.as_bytes(),
                id,
                sql::limit(place),
                gap.kind.word(),
                gap.span.start.0,
                gap.span.end.0,
                gap.kept,
            ])?;
    }
    Ok(())
}

/// Removes the entry with all that belongs to it.
pub(super) fn remove(connection: &Connection, id: EntryId) -> Result<(), Error> {
    connection.prepare_cached("DELETE FROM entry WHERE id = ?1")?.execute([id.as_bytes()])?;
    Ok(())
}
