//! Rows of the old program, from a file to the queue. The files are made here, as the old program made them.

mod files;
mod rows;
mod rubbish;

use std::{fs, path::Path, sync::Arc};

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use stint_domain::{
    delivery::{DeliveryState, PlainState},
    entry::{Entry, Origin},
    failure::Cause,
    id::EntryId,
    item::{Kind, Payload},
    time::{Millis, UnixMs},
    timer::Event,
};
use stint_store::{
    Mode, Options, Store,
    legacy::{CreatedAt, Legacy, LegacyRow, LegacyStatus},
    queue::{self, Imported, Room, Was, listing::Listed},
    target, timeline,
};
use tempfile::TempDir;

use super::{
    Converted, Converter, ImportError, ImportRow, Left,
    batch::import,
    picture::tests::{data_url, picture},
};

const NOW: UnixMs = UnixMs(1_740_000_000_000);
const MONDAY: i64 = 1_736_330_000;
const ENTRY: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

fn converter(with_sent: bool) -> Converter {
    let whose = Origin { person: "ada".into(), machine: "desk".into(), installation: "ours".into() };
    Converter::new(whose, "Europe/Vienna".into(), with_sent)
}

fn row(id: i64, entity_type: &str, payload: &Value) -> LegacyRow {
    LegacyRow {
        id,
        entity_type: entity_type.into(),
        payload: payload.to_string(),
        status: LegacyStatus::Pending,
        retry_count: 0,
        created_at: CreatedAt::Integer(MONDAY + id * 60),
        error_message: None,
    }
}

fn event_row(id: i64, what: &str) -> LegacyRow {
    row(id, &format!("time_entry_{what}"), &json!({"timeEntryId": ENTRY}))
}

fn converted(row: LegacyRow) -> Converted {
    converter(false).convert(row).unwrap().unwrap()
}

fn left(row: LegacyRow) -> String {
    converter(false).convert(row).unwrap_err().to_string()
}

fn told(converted: &Converted) -> (Event, &Entry) {
    match &converted.item.payload {
        Payload::TimeEntry { event, entry, .. } => (*event, &entry.entry),
        other => panic!("{other:?}"),
    }
}

/// A store with these targets, each accepting these kinds.
fn store(folder: &Path, targets: &[(&str, &[Kind])]) -> Arc<Store> {
    let options = Options { mode: Mode::Inline, ..Options::new(folder, |_| {}) };
    let store = Arc::new(Store::open(options, NOW).unwrap().store);
    let specs: Vec<_> = targets
        .iter()
        .map(|(name, accepts)| target::Spec { name: (*name).into(), accepts: accepts.to_vec() })
        .collect();
    store.write_blocking(move |tx| target::sync(tx, &specs, NOW).map(drop)).unwrap();
    store
}

fn bring_in(store: &Arc<Store>, rows: &[Converted]) -> Vec<Imported> {
    let rows = rows.iter().cloned().map(ImportRow::from).collect();
    block(import(store, rows, None, NOW, Room::default())).unwrap()
}

/// All deliveries, the oldest first.
fn listed(store: &Store) -> Vec<Listed> {
    let query = queue::listing::Query { limit: 100_000, ..queue::listing::Query::default() };
    let mut all = store.read(|tx| queue::list(tx, &query)).unwrap().deliveries;
    all.reverse();
    all
}

fn balances(store: &Store) -> bool {
    store.read(|tx| target::statuses(tx)).unwrap().iter().all(|status| status.counts.balances())
}

/// A file of the old program, in its first, second or third shape.
struct Old {
    folder: TempDir,
    connection: Connection,
    shape: usize,
}

impl Old {
    fn new(shape: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let connection = Connection::open(folder.path().join("tracker.db")).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE sync_queue (id INTEGER PRIMARY KEY AUTOINCREMENT, entity_type TEXT NOT NULL, \
                 payload TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', \
                 retry_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, last_retry_at INTEGER)",
            )
            .unwrap();
        let columns = ["priority INTEGER NOT NULL DEFAULT 2", "error_message TEXT"];
        for column in &columns[..shape] {
            connection.execute_batch(&format!("ALTER TABLE sync_queue ADD COLUMN {column}")).unwrap();
        }
        Self { folder, connection, shape }
    }

    fn add(&self, entity_type: &str, payload: &Value, status: &str, error: &str) {
        let (column, value) = if self.shape == 2 { (", error_message", ", ?6") } else { ("", "") };
        let statement = format!(
            "INSERT INTO sync_queue (entity_type, payload, status, retry_count, created_at{column}) \
             VALUES (?1, ?2, ?3, ?4, ?5{value})"
        );
        let retries = if status == "failed" { 5 } else { 0 };
        let mut statement = self.connection.prepare(&statement).unwrap();
        let payload = payload.to_string();
        let common = params![entity_type, payload, status, retries, MONDAY];
        if self.shape == 2 {
            statement.execute(params![entity_type, payload, status, retries, MONDAY, error]).unwrap();
        } else {
            statement.execute(common).unwrap();
        }
    }

    /// All rows, converted; and why some are left.
    fn read(&self, with_sent: bool) -> (Vec<Converted>, Vec<(i64, Left)>) {
        let legacy = Legacy::open(&self.folder.path().join("tracker.db")).unwrap();
        let mut converter = converter(with_sent);
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for read in legacy.rows() {
            let (number, row) = read.unwrap();
            match row.map_err(Left::from).and_then(|row| converter.convert(row)) {
                Ok(converted) => good.extend(converted),
                Err(left) => bad.push((number, left)),
            }
        }
        (good, bad)
    }
}
