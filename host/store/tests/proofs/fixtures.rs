//! A file of every version that was ever released, kept as SQL so that a change of one can be read. Each is made into
//! a database and opened by today's store: it comes to today's version with all that was in it.
//!
//! The newest fixture is what today's tables are. When the tables change, either the version has not been released
//! yet, and `STINT_BLESS=1 cargo test -p stint-store fixtures` writes the fixture anew, or they get a new version,
//! a step that leads there, and a fixture beside the old ones.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use stint_domain::{
    id::ItemId,
    item::{Attachment, Item, Payload},
};
use stint_store::{BlobHash, Error, Mode, Options, Store, queue::NewItem, schema::VERSION, target};

use crate::jobs;
use crate::plan;

fn path(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/v{version}.sql"))
}

fn open(dir: &Path) -> Store {
    let options = Options::new(dir, |alert| panic!("{alert}"));
    let opened = Store::open(Options { mode: Mode::Inline, ..options }, plan::moment(0).wall).unwrap();
    assert!(opened.alerts.is_empty(), "{:?}", opened.alerts);
    opened.store
}

/// A bit of everything that the store keeps.
fn fill(store: &Store) {
    let write = |job: fn(&rusqlite::Transaction<'_>) -> Result<(), Error>| store.write_blocking(job).unwrap();
    write(|tx| target::sync(tx, &plan::targets(), plan::moment(0).wall).map(drop));
    write(|tx| (0..6).try_for_each(|step| jobs::verb(tx, step)));
    write(|tx| {
        [1, 2, 3]
            .into_iter()
            .try_for_each(|step| jobs::record(tx, &NewItem::of(&plan::item(0, step))?, None, step))
    });
    let content = b"a small picture".to_vec();
    let file = Attachment {
        sha256: BlobHash::of(&content).to_string(),
        size: content.len() as u64,
        mime: "image/png".into(),
    };
    let taken_at = plan::moment(7).wall;
    let payload = Payload::Screenshot {
        entry_id: None,
        monitor: "HDMI-1".into(),
        taken_at,
        width: 2,
        height: 1,
        file,
        treated: Vec::new(),
        import: None,
    };
    let item = Item { id: ItemId::from_bytes([8; 16]), occurred_at: taken_at, payload };
    let (item, blob) = (NewItem::of(&item).unwrap(), store.blobs().put(content).unwrap());
    store.write_blocking(move |tx| jobs::record(tx, &item, Some(&blob), 7)).unwrap();
    write(|tx| {
        let Some((lease, serials)) = jobs::claim(tx, 1, 8)? else { return Ok(()) };
        stint_store::queue::begin(tx, &lease, &serials, plan::moment(8).wall)?;
        jobs::settle(tx, lease, &serials, 8).map(drop)
    });
}

/// Everything in a database, as SQL that makes it again.
fn dump(store: &Store) -> String {
    store
        .read(|tx| {
            let mut sql = String::new();
            let mut schema =
                tx.prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid")?;
            let things: Vec<(String, String, String)> =
                schema.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
            for (_, _, text) in &things {
                let _ = writeln!(sql, "{text};");
            }
            for (_, table, _) in things.iter().filter(|(kind, ..)| kind == "table") {
                let _ = write!(sql, "{}", rows(tx, table)?);
            }
            Ok::<_, Error>(sql)
        })
        .unwrap()
}

fn rows(connection: &Connection, table: &str) -> rusqlite::Result<String> {
    let mut names = connection.prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?;
    let names: Vec<String> = names.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
    let quoted: Vec<_> = names.iter().map(|name| format!("quote(\"{name}\")")).collect();
    let values = quoted.join(" || ', ' || ");
    let mut statement = connection.prepare(&format!("SELECT {values} FROM \"{table}\""))?;
    let mut lines: Vec<String> = statement.query_map((), |row| row.get(0))?.collect::<Result<_, _>>()?;
    lines.sort();
    Ok(lines
        .iter()
        .fold(String::new(), |sql, line| sql + &format!("INSERT INTO \"{table}\" VALUES ({line});\n")))
}

/// Makes the database of a fixture.
fn make(version: i64, dir: &Path) {
    let sql = fs::read_to_string(path(version)).unwrap();
    let connection = Connection::open(dir.join("stint.db")).unwrap();
    let pragmas = "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA foreign_keys = OFF;";
    connection
        .execute_batch(&format!("{pragmas} BEGIN; {sql} COMMIT; PRAGMA user_version = {version}"))
        .unwrap();
}

#[test]
fn the_newest_fixture_is_what_todays_tables_are() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    fill(&store);
    let now = dump(&store);
    if std::env::var_os("STINT_BLESS").is_some() {
        fs::create_dir_all(path(VERSION).parent().unwrap()).unwrap();
        fs::write(path(VERSION), &now).unwrap();
    }
    let kept = fs::read_to_string(path(VERSION)).unwrap();
    assert!(
        now == kept,
        "the tables or what is written to them changed: if version {VERSION} was released, give them a new version; \
         if not, write the fixture anew with STINT_BLESS=1 cargo test -p stint-store fixtures"
    );
}

#[test]
fn every_old_file_comes_to_todays_version_with_all_that_was_in_it() {
    for version in 1..=VERSION {
        let folder = tempfile::tempdir().unwrap();
        make(version, folder.path());
        let store = open(folder.path());
        let found = |question: &'static str| -> i64 {
            store.read(|tx| Ok::<_, Error>(tx.query_row(question, (), |row| row.get(0))?)).unwrap()
        };
        assert_eq!(found("SELECT user_version FROM pragma_user_version"), VERSION);
        assert_eq!(found("SELECT count(*) FROM pragma_foreign_key_check"), 0);
        assert_eq!(found("SELECT count(*) FROM event"), 6, "version {version}");
        assert_eq!(found("SELECT count(*) FROM item"), 10, "version {version}");
        assert_eq!(found("SELECT count(*) FROM delivery"), 19, "version {version}");
        assert_eq!(found("SELECT count(*) FROM delivery WHERE state = 'sent'"), 3, "version {version}");
        assert_eq!(store.backups().len(), usize::from(version < VERSION), "version {version}");
        if version == VERSION {
            assert!(dump(&store) == fs::read_to_string(path(version)).unwrap(), "not a byte was changed");
        }
    }
}
