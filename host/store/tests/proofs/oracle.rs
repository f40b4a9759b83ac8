//! Does what is left balance? What was acknowledged is there, what was not is there whole or not at all, and nothing
//! is there that was never issued.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};
use stint_domain::time::UnixMs;
use stint_store::{BlobHash, Blobs, Mode, Options, Store, queue::NewItem, target, timeline};

use crate::plan;
use crate::script::Size;

/// What the script was told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// What was acknowledged, in the script's words.
    pub(crate) done: BTreeSet<String>,
    /// What was refused, with the reason.
    pub(crate) refused: Vec<String>,
}

impl Told {
    /// Takes one line of the script's.
    pub(crate) fn hear(&mut self, line: &str) {
        if let Some(what) = line.strip_prefix("done ") {
            self.done.insert(what.to_owned());
        } else if let Some(what) = line.strip_prefix("refused ") {
            self.refused.push(what.to_owned());
        }
    }

    /// What the script wrote to this file. A last line that was cut was not written.
    pub(crate) fn read(path: &Path) -> Self {
        let mut told = Self::default();
        let text = fs::read_to_string(path).unwrap_or_default();
        text.split_inclusive('\n')
            .filter_map(|line| line.strip_suffix('\n'))
            .for_each(|line| told.hear(line));
        told
    }
}

/// Opens what is left and says everything that does not balance.
pub(crate) fn judge(dir: &Path, told: &Told, size: Size) -> Vec<String> {
    let options = Options::new(dir, |_| ());
    let opened = match Store::open(Options { mode: Mode::Inline, ..options }, UnixMs(0)) {
        Ok(opened) => opened,
        Err(error) => return vec![format!("it does not open: {error}")],
    };
    let mut wrong: Vec<String> =
        opened.alerts.iter().map(|alert| format!("it was damaged: {alert}")).collect();
    let blobs = opened.store.blobs();
    let found = opened.store.read(|tx| {
        Ok::<_, stint_store::Error>([
            whole(tx)?,
            journal(tx)?,
            commands(tx, told, size)?,
            items(tx, blobs, told, size)?,
            deliveries(tx, told)?,
        ])
    });
    match found {
        Ok(found) => wrong.extend(found.into_iter().flatten()),
        Err(error) => wrong.push(format!("it can't be read: {error}")),
    }
    if wrong.is_empty()
        && let Err(error) = opened.store.write_blocking(|tx| target::sync(tx, &plan::targets(), UnixMs(0)))
    {
        wrong.push(format!("it can't be written: {error}"));
    }
    wrong
}

type Found = Result<Vec<String>, stint_store::Error>;

/// The file is sound, and no row points nowhere.
fn whole(connection: &Connection) -> Found {
    let mut wrong = Vec::new();
    for pragma in ["integrity_check", "foreign_key_check"] {
        let mut statement = connection.prepare(&format!("PRAGMA {pragma}"))?;
        let mut rows = statement.query(())?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                wrong.push(format!("{pragma}: {line}"));
            }
        }
    }
    Ok(wrong)
}

/// The journal has no gap, and the timer stands where its last record says.
fn journal(connection: &Connection) -> Found {
    let mut wrong = Vec::new();
    let (count, last): (i64, i64) =
        connection.query_row("SELECT count(*), coalesce(max(seq), 0) FROM event", (), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let first: i64 = connection.query_row("SELECT coalesce(min(seq), 1) FROM event", (), |row| row.get(0))?;
    if count != last - first + 1 {
        wrong.push(format!("the journal has a gap: {count} records from {first} to {last}"));
    }
    let what: Option<String> = connection
        .query_row("SELECT what FROM event WHERE what <> 'noted' ORDER BY seq DESC LIMIT 1", (), |row| {
            row.get(0)
        })
        .optional()?;
    let state: String = connection.query_row("SELECT state FROM timer", (), |row| row.get(0))?;
    let expected = match what.as_deref() {
        Some("started" | "resumed") => "running",
        Some("paused") => "paused",
        _ => "idle",
    };
    if state != expected {
        wrong.push(format!("the timer is {state} after {what:?}"));
    }
    let alone = "SELECT count(*) FROM event e WHERE what <> 'noted' AND NOT EXISTS (SELECT 1 FROM item i WHERE i.event_id = e.item)";
    let alone: i64 = connection.query_row(alone, (), |row| row.get(0))?;
    if alone > 0 {
        wrong.push(format!("{alone} records have no item"));
    }
    Ok(wrong)
}

/// What was answered is answered the same again, and came with its record.
fn commands(connection: &Connection, told: &Told, size: Size) -> Found {
    let mut wrong = Vec::new();
    for step in 0..size.sessions * size.steps {
        let id = plan::command_id(step);
        let answered = timeline::first_answer(connection, id)?.is_some();
        if !answered && told.done.contains(&format!("verb {step}")) {
            wrong.push(format!("acknowledged and lost: verb {step}"));
        }
        let records: i64 = connection.query_row(
            "SELECT count(*) FROM event WHERE command_id = ?1 AND what <> 'noted'",
            [id.as_bytes()],
            |row| row.get(0),
        )?;
        if records != i64::from(answered) {
            wrong.push(format!("verb {step} has {records} records"));
        }
    }
    Ok(wrong)
}

/// Every item is the one that was issued, with all its content.
fn items(connection: &Connection, blobs: &Blobs, told: &Told, size: Size) -> Found {
    let mut wrong = Vec::new();
    let mut known = 0;
    for producer in 0..size.threads.max(1) {
        for step in 0..size.sessions * size.steps {
            let item = NewItem::of(&plan::item(producer, step))?;
            let found: Option<(Vec<u8>, Option<BlobHash>)> = connection
                .query_row(
                    "SELECT payload, blob_hash FROM item WHERE event_id = ?1",
                    [item.id.as_bytes()],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((payload, hash)) = found else {
                if told.done.contains(&format!("item {producer} {step}")) {
                    wrong.push(format!("acknowledged and lost: item {producer} {step}"));
                }
                continue;
            };
            known += 1;
            if payload != item.payload {
                wrong.push(format!("item {producer} {step} has another body"));
            }
            let content =
                hash.map(|hash| blobs.get(connection, hash).and_then(|blob| blob.read(0, usize::MAX)));
            match content.transpose() {
                Ok(content)
                    if content.as_ref() == plan::blob(producer, step).as_deref().map(|blob| &blob.bytes) => {}
                Ok(_) => wrong.push(format!("item {producer} {step} has other content")),
                Err(error) => wrong.push(format!("item {producer} {step}: {error}")),
            }
        }
    }
    let all: i64 =
        connection.query_row("SELECT count(*) FROM item WHERE kind <> 'time-entry'", (), |row| row.get(0))?;
    if all != known {
        wrong.push(format!("{all} items where {known} were issued"));
    }
    Ok(wrong)
}

/// Every item has a delivery for each target that accepts it, the counts agree with the rows, and what was told as
/// sent is sent.
fn deliveries(connection: &Connection, told: &Told) -> Found {
    let mut wrong = Vec::new();
    let missing = "SELECT i.id, t.name FROM item i, target t WHERE (t.name = 'all' OR i.kind IN ('time-entry', 'custom'))
                   AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item_id = i.id AND d.target_id = t.id)";
    let mut statement = connection.prepare(missing)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        wrong.push(format!(
            "item #{} has no delivery to {}",
            row.get::<_, i64>(0)?,
            row.get::<_, String>(1)?
        ));
    }
    let counted = "SELECT name, issued, sent, (SELECT count(*) FROM delivery WHERE target_id = t.id),
                   (SELECT count(*) FROM delivery WHERE target_id = t.id AND state = 'sent') FROM target t";
    let mut statement = connection.prepare(counted)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let [issued, sent, all, done] = [row.get::<_, i64>(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
        if (issued, sent) != (all, done) {
            wrong.push(format!(
                "{}: counted {issued}/{sent}, there are {all}/{done}",
                row.get::<_, String>(0)?
            ));
        }
    }
    for what in told.done.iter().filter_map(|what| what.strip_prefix("sent ")) {
        let state: Option<String> = connection
            .query_row(
                "SELECT state FROM delivery d JOIN target t ON t.id = d.target_id WHERE t.name = 'all' AND item_id = ?1",
                [what.parse::<i64>().unwrap()],
                |row| row.get(0),
            )
            .optional()?;
        if state.as_deref() != Some("sent") {
            wrong.push(format!("acknowledged and lost: #{what} was sent and is {state:?}"));
        }
    }
    Ok(wrong)
}
