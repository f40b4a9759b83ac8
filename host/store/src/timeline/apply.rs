//! Making a decision durable: the timer, its entries, the journal, and one item for each thing that targets are
//! told, in the transaction that is handed in. The network has no part in it.
//!
//! Invariants: a decision is stored on the version it was made on or not at all; the journal has no gap; a command
//! that was answered once is answered the same again and changes nothing more.

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use stint_domain::{
    id::{CommandId, Entropy, ItemId},
    item::{Item, Payload},
    time::UnixMs,
    timer::{Answer, Decision, EntryChange, Happening, Open, Record, Timer},
};

use super::{entries, load, load::Loaded};
use crate::{
    Error,
    queue::{self, NewItem, Recorded, Room},
    sql,
};

/// A command whose first answer is to be remembered.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// Its id.
    pub id: CommandId,
    /// What was answered.
    pub answer: &'a Answer,
    /// What was asked.
    pub asked: Option<&'a Asked>,
}

/// What a command asked, remembered beside its answer: whoever sends an id again must ask the same again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What a person calls it.
    pub word: String,
    /// What tells it from others of that word.
    pub digest: String,
}

/// What is kept of a command.
#[derive(Serialize)]
struct Kept<'a> {
    #[serde(flatten)]
    answer: &'a Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<&'a Asked>,
}

/// The same, when only the question is wanted.
#[derive(Deserialize)]
struct Question {
    asked: Option<Asked>,
}

/// What new items need.
#[derive(Clone, Copy, Debug)]
pub struct Sink {
    /// The moment.
    pub now: UnixMs,
    /// Fresh random bytes for the items' ids.
    pub entropy: Entropy,
    /// How much may wait at one target.
    pub room: Room,
}

/// What was answered to this command when it came first.
pub fn first_answer(connection: &Connection, id: CommandId) -> Result<Option<Answer>, Error> {
    let mut statement = connection.prepare_cached("SELECT answer FROM command WHERE id = ?1")?;
    let found: Option<String> = statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
    found.map(|json| sql::from_json("an answer", &json)).transpose()
}

/// What was asked by this command when it came first, where that was remembered.
pub fn asked(connection: &Connection, id: CommandId) -> Result<Option<Asked>, Error> {
    let mut statement = connection.prepare_cached("SELECT answer FROM command WHERE id = ?1")?;
    let found: Option<String> = statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?;
    let question: Option<Question> = found.map(|json| sql::from_json("a command", &json)).transpose()?;
    Ok(question.and_then(|question| question.asked))
}

/// Remembers the first answer to a command that changed nothing, so that it is given again.
pub fn remember_answer(connection: &Connection, command: Command<'_>, now: UnixMs) -> Result<(), Error> {
    connection.prepare_cached("INSERT INTO command (id, at_ms, answer) VALUES (?1, ?2, ?3)")?.execute(
        params![
            command.id.as_bytes(),
            now.0,
            sql::to_json(&Kept { answer: command.answer, asked: command.asked })?
        ],
    )?;
    Ok(())
}

/// Stores a decision that was made on this `version`. The caller has looked for a first answer in the same
/// transaction; a command id that was used nevertheless is refused by the table.
pub fn apply(
    connection: &Connection,
    version: u64,
    decision: &Decision,
    command: Option<Command<'_>>,
    sink: Sink,
) -> Result<Recorded, Error> {
    check(connection, version, decision)?;
    if let Some(command) = command {
        remember_answer(connection, command, sink.now)?;
    }
    if let Some(current) = decision.timer.entry() {
        entries::save(connection, current)?;
    }
    save_timer(connection, &decision.timer)?;
    for change in &decision.entries {
        match change {
            EntryChange::Saved(entry) => entries::save(connection, entry)?,
            EntryChange::Removed(id) => entries::remove(connection, *id)?,
        }
    }
    if let Some(reversal) = &decision.reversal {
        connection
            .prepare_cached("INSERT OR REPLACE INTO reversal (id, reversal) VALUES (1, ?1)")?
            .execute([sql::to_json(reversal)?])?;
    }
    let items =
        append(connection, &decision.records, command.map(|command| command.id), &sink.entropy, sink.now)?;
    queue::record(connection, &items, sink.now, sink.room)
}

/// Stores what a look at the clocks came to: a heartbeat, where the running stretch was merely seen again.
pub fn keep(
    connection: &Connection,
    loaded: &Loaded,
    decision: &Decision,
    sink: Sink,
) -> Result<Recorded, Error> {
    if let Some(open) = only_seen(&loaded.timer, decision) {
        heartbeat(connection, loaded.version, open)?;
        return Ok(Recorded::default());
    }
    apply(connection, loaded.version, decision, None, sink)
}

/// The running stretch, where nothing but the moment it was last seen differs.
fn only_seen<'a>(before: &Timer, decision: &'a Decision) -> Option<&'a Open> {
    let (Timer::Running { entry: was, open: from }, Timer::Running { entry, open }) =
        (before, &decision.timer)
    else {
        return None;
    };
    let same = was == entry && Open { seen: open.seen, ..from.clone() } == *open;
    let alone = decision.records.is_empty() && decision.entries.is_empty() && decision.reversal.is_none();
    (same && alone).then_some(open)
}

/// The heartbeat: when the running stretch was last seen. It touches one row, and is refused like a decision where
/// the timer was changed since.
pub fn heartbeat(connection: &Connection, version: u64, open: &Open) -> Result<(), Error> {
    let written = connection
        .prepare_cached(
            "UPDATE timer SET seen_boot = ?2, seen_boottime = ?3, seen_monotonic = ?4, seen_wall_ms = ?5 \
             WHERE id = 1 AND version = ?1 AND state = 'running'",
        )?
        .execute(params![
            i64::try_from(version).unwrap_or(i64::MAX),
            open.seen.boot.as_bytes(),
            sql::signed(open.seen.boottime),
            sql::signed(open.seen.monotonic),
            open.seen.wall.0,
        ])?;
    if written == 1 { Ok(()) } else { Err(Error::Outrun { expected: version, actual: actual(connection)? }) }
}

fn actual(connection: &Connection) -> Result<u64, Error> {
    let mut statement = connection.prepare_cached("SELECT version FROM timer WHERE id = 1")?;
    Ok(statement.query_row([], |row| row.get(0)).map(sql::count)?)
}

fn check(connection: &Connection, version: u64, decision: &Decision) -> Result<(), Error> {
    let actual = actual(connection)?;
    if actual != version {
        return Err(Error::Outrun { expected: version, actual });
    }
    let first = load::next_seq(connection)?;
    for (next, record) in (first..).zip(&decision.records) {
        if record.seq != next {
            return Err(Error::Gap { given: record.seq, next });
        }
    }
    Ok(())
}

fn save_timer(connection: &Connection, timer: &Timer) -> Result<(), Error> {
    let open = match timer {
        Timer::Running { open, .. } => Some(open),
        Timer::Idle | Timer::Paused { .. } => None,
    };
    let entry = timer.entry().map(|entry| *entry.id.as_bytes());
    connection
        .prepare_cached(
            "UPDATE timer SET version = version + 1, state = ?1, entry_id = ?2, \
             last_entry_id = coalesce(?2, entry_id, last_entry_id), open_start_ms = ?3, open_from_ms = ?4, \
             open_attended = ?5, open_recovered = ?6, seen_boot = ?7, seen_boottime = ?8, seen_monotonic = ?9, \
             seen_wall_ms = ?10 WHERE id = 1",
        )?
        .execute(params![
            sql::word_of(timer.state()),
            entry,
            open.map(|open| open.start.0),
            open.map(|open| sql::signed(open.from)),
            open.map(|open| open.attended),
            open.map(|open| open.recovered),
            open.map(|open| *open.seen.boot.as_bytes()),
            open.map(|open| sql::signed(open.seen.boottime)),
            open.map(|open| sql::signed(open.seen.monotonic)),
            open.map(|open| open.seen.wall.0),
        ])?;
    Ok(())
}

/// Appends to the journal, and makes the items that targets are told.
fn append(
    connection: &Connection,
    records: &[Record],
    command: Option<CommandId>,
    entropy: &Entropy,
    now: UnixMs,
) -> Result<Vec<NewItem>, Error> {
    let mut items = Vec::new();
    for record in records {
        let (word, note, entry, item) = match &record.what {
            Happening::Noted(note, entry) => ("noted", Some(sql::to_json(note)?), *entry, None),
            Happening::Told(event, snapshot) => {
                let id = ItemId::new(now, &entropy_at(entropy, items.len()));
                let payload = Payload::TimeEntry { event: *event, entry: snapshot.clone(), import: None };
                items.push(NewItem::of(&Item { id, occurred_at: record.at, payload })?);
                (event.word(), None, snapshot.entry.id, Some(id))
            }
        };
        connection
            .prepare_cached(
                "INSERT INTO event (seq, at_ms, entry_id, what, note, item, command_id) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                i64::try_from(record.seq).unwrap_or(i64::MAX),
                record.at.0,
                entry.as_bytes(),
                word,
                note,
                item.as_ref().map(ItemId::as_bytes),
                command.as_ref().map(CommandId::as_bytes),
            ])?;
    }
    Ok(items)
}

/// Random bytes for the id at this place, different from those at any other.
pub(crate) fn entropy_at(entropy: &Entropy, place: usize) -> Entropy {
    let mut bytes = *entropy;
    for (byte, place) in bytes.iter_mut().rev().zip(place.to_le_bytes()) {
        *byte ^= place;
    }
    bytes
}
