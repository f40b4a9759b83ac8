//! What a decision of the timer is made on, read from the store.

use rusqlite::{Connection, OptionalExtension, Row, params};
use stint_domain::{
    clock::ClockSample,
    entry::Details,
    id::EntryId,
    time::{Span, UnixMs},
    timer::{Open, Reversal, Taken, Timer},
};

use super::entries;
use crate::{Error, sql};

/// The timer as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// It counts every decision. A decision is stored only on the version it was made on.
    pub version: u64,
    /// The timer.
    pub timer: Timer,
    /// The place of the next record in the journal.
    pub next_seq: u64,
}

/// The timer.
pub fn load(connection: &Connection) -> Result<Loaded, Error> {
    let (version, state, entry, open) = connection
        .prepare_cached(
            "SELECT version, state, entry_id, open_start_ms, open_from_ms, open_attended, open_recovered, \
             seen_boot, seen_boottime, seen_monotonic, seen_wall_ms FROM timer WHERE id = 1",
        )?
        .query_row([], |row| {
            let state: String = row.get(1)?;
            let open = if state == "running" { Some(read_open(row)?) } else { None };
            Ok((row.get(0).map(sql::count)?, state, row.get(2).map(sql::maybe_entry)?, open))
        })?;
    let current = entry.map(|id| entries::entry(connection, id)).transpose()?.flatten();
    let timer = match (current, open) {
        (Some(entry), Some(open)) => Timer::Running { entry, open },
        (Some(entry), None) => Timer::Paused { entry },
        (None, None) if state == "idle" => Timer::Idle,
        _ => return Err(Error::Strange { what: "the timer", text: state }),
    };
    Ok(Loaded { version, timer, next_seq: next_seq(connection)? })
}

fn read_open(row: &Row<'_>) -> rusqlite::Result<Open> {
    Ok(Open {
        start: UnixMs(row.get(3)?),
        from: sql::millis(row.get(4)?),
        attended: row.get(5)?,
        recovered: row.get(6)?,
        seen: ClockSample {
            boot: sql::boot(row.get(7)?),
            boottime: sql::millis(row.get(8)?),
            monotonic: sql::millis(row.get(9)?),
            wall: UnixMs(row.get(10)?),
        },
    })
}

/// The place of the next record in the journal.
pub(super) fn next_seq(connection: &Connection) -> Result<u64, Error> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM event")?;
    Ok(statement.query_row([], |row| row.get(0)).map(sql::count)?)
}

/// The details of the entry that was current last, and of the one that was worked on last where that is gone.
pub fn last_details(connection: &Connection) -> Result<Option<Details>, Error> {
    let found: Option<[u8; 16]> = connection
        .prepare_cached(
            "SELECT coalesce((SELECT e.id FROM timer t JOIN entry e ON e.id = t.last_entry_id WHERE t.id = 1), \
             (SELECT id FROM entry ORDER BY until_ms DESC LIMIT 1))",
        )?
        .query_row([], |row| row.get(0))?;
    let entry = found.map(|id| entries::entry(connection, EntryId::from_bytes(id))).transpose()?.flatten();
    Ok(entry.map(|entry| entry.details))
}

/// What entries that are not current count within `around`: what a stated time could meet.
pub fn taken(connection: &Connection, around: Span) -> Result<Vec<Taken>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT s.entry_id, s.start_ms, s.end_ms FROM segment s INDEXED BY segment_by_end \
         WHERE s.end_ms > ?1 AND s.start_ms < ?2 \
         AND s.entry_id IS NOT (SELECT entry_id FROM timer WHERE id = 1) ORDER BY s.end_ms",
    )?;
    let rows = statement.query_map(params![around.start.0, around.end.0], |row| {
        let span = Span::new(UnixMs(row.get(1)?), UnixMs(row.get(2)?));
        Ok(Taken { entry: EntryId::from_bytes(row.get(0)?), span })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How the last change can be taken back.
pub fn reversal(connection: &Connection) -> Result<Option<Reversal>, Error> {
    let mut statement = connection.prepare_cached("SELECT reversal FROM reversal WHERE id = 1")?;
    let found: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
    found.map(|json| sql::from_json("a reversal", &json)).transpose()
}
