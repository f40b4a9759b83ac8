//! Recording against the bare minimum: a loop of the same statements for a single item, an insert into one table
//! with nothing around it for a batch of a hundred. That table knows its items again, as any queue must that is handed
//! an item twice. Every commit waits for the disk on both sides.

use rusqlite::{Connection, TransactionBehavior, config::DbConfig, params};
use stint_domain::id::EntryId;
use stint_store::{
    Mode,
    queue::{self, NewItem, statements},
    schema,
};
use stint_tests::ratio::{Bench, Failure, Pair, Stopwatch};
use tempfile::TempDir;

use super::yard::{NOW, ROOM, Yard, folder};

/// How many singles a run takes: enough that one slow commit does not decide a pair (the disk needs now a fraction of
/// a millisecond and now four), few enough that both sides of a pair see the machine in the same mood.
const SINGLES: u64 = 10;
/// How many batches, for the same reasons.
const BATCHES: usize = 5;

/// A bare connection with the settings that make the store's commits durable, and the one that keeps a statement from
/// being prepared again and again.
struct Bare {
    connection: Connection,
    _folder: TempDir,
}

impl Bare {
    fn with(tables: &str) -> Result<Self, Failure> {
        let folder = folder()?;
        let connection = Connection::open(folder.path().join("bare.db"))?;
        connection.execute_batch(
            "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA wal_autocheckpoint = 4000; PRAGMA foreign_keys = ON",
        )?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.execute_batch(tables)?;
        connection.set_prepared_statement_cache_capacity(256);
        Ok(Self { connection, _folder: folder })
    }
}

/// One item, one delivery, one commit.
pub(crate) fn single() -> Bench {
    Bench::throughput("queue: a single durable enqueue", 0.85, || {
        let mut ours = Yard::empty(Mode::Inline)?;
        let mut theirs = Bare::with(schema::SCHEMA)?;
        theirs
            .connection
            .execute("INSERT INTO target (name, key_seed, accepts) VALUES ('work', 'work', 15)", [])?;
        let mut same = Yard::empty(Mode::Inline)?;
        Ok(Pair::new(
            move |watch| {
                for item in ours.new_items(SINGLES) {
                    let items = [item];
                    let job = move |transaction: &rusqlite::Transaction<'_>| {
                        queue::record(transaction, &items, NOW, ROOM).map(drop)
                    };
                    watch.time(|| ours.write(job))?;
                }
                Ok(())
            },
            move |watch| {
                let items = same.new_items(SINGLES);
                items.iter().try_for_each(|item| bare_single(&mut theirs.connection, watch, item))
            },
        ))
    })
}

/// The statements that recording makes of one event, with nothing in between.
fn bare_single(connection: &mut Connection, watch: &mut Stopwatch, item: &NewItem) -> Result<(), Failure> {
    let body = [7_u8; 32];
    watch.time(|| -> rusqlite::Result<()> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let entry = item.entry.as_ref().map(EntryId::as_bytes);
        let target: i64 = transaction.prepare_cached(statements::TARGETS)?.query_row([], |row| row.get(0))?;
        transaction.prepare_cached(statements::INSERT_ITEM)?.execute(params![
            NOW.0,
            item.id.as_bytes(),
            "time-entry",
            0,
            entry,
            NOW.0,
            body,
            None::<[u8; 32]>,
            false,
            item.payload,
        ])?;
        let serial = transaction.last_insert_rowid();
        transaction.prepare_cached(statements::HEAD)?.exists(params![target, entry])?;
        transaction
            .prepare_cached(statements::INSERT_DELIVERY)?
            .execute(params![target, serial, entry, true, 0, "ready"])?;
        transaction
            .prepare_cached(statements::TALLY)?
            .execute(params![target, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        transaction.commit()
    })?;
    Ok(())
}

/// A hundred items with a delivery each, and one commit.
pub(crate) fn batch() -> Bench {
    Bench::throughput("queue: a batch of 100 against one table", 0.5, || {
        let mut ours = Yard::empty(Mode::Inline)?;
        let mut theirs = Bare::with(
            "CREATE TABLE bare (id INTEGER PRIMARY KEY, event_id BLOB NOT NULL UNIQUE, payload BLOB NOT NULL)",
        )?;
        let mut same = Yard::empty(Mode::Inline)?;
        Ok(Pair::new(
            move |watch| {
                (0..BATCHES).try_for_each(|_| {
                    let items = ours.new_items(100);
                    let job = move |transaction: &rusqlite::Transaction<'_>| {
                        queue::record(transaction, &items, NOW, ROOM).map(drop)
                    };
                    Ok(watch.time(|| ours.write(job))?)
                })
            },
            move |watch| {
                (0..BATCHES).try_for_each(|_| {
                    let items = same.new_items(100);
                    Ok(watch.time(|| bare_batch(&mut theirs.connection, &items))?)
                })
            },
        ))
    })
}

fn bare_batch(connection: &mut Connection, items: &[NewItem]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut insert = transaction.prepare_cached(
            "INSERT INTO bare (event_id, payload) VALUES (?1, ?2) ON CONFLICT (event_id) DO NOTHING",
        )?;
        for item in items {
            insert.execute(params![item.id.as_bytes(), item.payload])?;
        }
    }
    transaction.commit()
}
