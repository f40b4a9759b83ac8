//! `stint import`: what the old program had in its queue, with and without a host.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rusqlite::{Connection, OpenFlags, params};
use serde_json::{Value, json};

use crate::desk::{Desk, Said, until};

/// A database of the old program in its last shape.
struct Old {
    path: PathBuf,
    connection: Connection,
}

impl Old {
    fn new(desk: &Desk) -> Self {
        let path = desk.path("tracker.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch(
                "CREATE TABLE sync_queue (id INTEGER PRIMARY KEY AUTOINCREMENT, entity_type TEXT NOT NULL, \
                 payload TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', \
                 retry_count INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, last_retry_at INTEGER, \
                 priority INTEGER NOT NULL DEFAULT 2, error_message TEXT)",
            )
            .unwrap();
        Self { path, connection }
    }

    fn add(&self, entity_type: &str, payload: &Value, status: &str) {
        let retries = if status == "failed" { 5 } else { 0 };
        let error = (status == "failed").then_some("HTTP 404: Not Found");
        self.connection
            .prepare_cached(
                "INSERT INTO sync_queue (entity_type, payload, status, retry_count, created_at, error_message) \
                 VALUES (?1, ?2, ?3, ?4, 1736330000, ?5)",
            )
            .unwrap()
            .execute(params![entity_type, payload.to_string(), status, retries, error])
            .unwrap();
    }

    /// A day with something of everything, and two rows that can't be imported.
    fn a_day(desk: &Desk) -> Self {
        let old = Self::new(desk);
        let event =
            json!({"timeEntryId": "17", "accessToken": "CANARY-access", "n": [{"refreshToken": "CANARY-r"}]});
        old.add("time_entry_start", &event, "sent");
        old.add("time_entry_pause", &event, "failed");
        old.add("time_entry_resume", &event, "pending");
        old.add("time_entry_stop", &event, "pending");
        let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        let url = format!("data:image/png;base64,{picture}");
        old.add("screenshot", &json!({"imageData": url, "timeEntryId": "17", "_encrypted": true}), "pending");
        old.add("time_entry_lunch", &json!({"accessToken": "CANARY"}), "pending");
        old.add("screenshot", &json!({"imageData": "data:image/png;base64,CANARY"}), "pending");
        old
    }

    fn name(&self) -> &str {
        self.path.to_str().unwrap()
    }
}

/// How many rows came in, as the database says.
fn came_in(desk: &Desk) -> u64 {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let Ok(connection) = Connection::open_with_flags(desk.data().join("stint.db"), flags) else { return 0 };
    connection
        .query_row("SELECT count(*) FROM imported", (), |row| row.get::<_, i64>(0))
        .unwrap_or(0)
        .cast_unsigned()
}

fn summary(said: &Said) -> Value {
    let read = serde_json::from_str(&said.stdout);
    assert!(read.is_ok(), "{said:?}");
    read.unwrap()
}

fn a_day_is_imported(desk: &Desk) {
    let old = Old::a_day(desk);
    let before = (fs::read(&old.path).unwrap(), fs::metadata(&old.path).unwrap().modified().unwrap());
    let said = desk.stint(&["import", old.name(), "--json"]);
    assert_eq!(said.code, 65, "{said:?}");
    let left = json!([
        {"id": 6, "reason": "its entity_type is neither screenshot nor time_entry_start, _pause, _resume or _stop"},
        {"id": 7, "reason": "its imageData is no base64 from its character 6 on"},
    ]);
    let expected = json!({
        "version": 1, "rows": 7, "already_there": 0, "sent_skipped": 1, "secrets_stripped": 7, "left": left,
        "imported": {
            "time-entry": {"pending": 2, "failed": 1, "sent": 0},
            "screenshot": {"pending": 1, "failed": 0, "sent": 0},
        },
        "unwanted": {"time-entry": 0, "screenshot": 0},
    });
    assert_eq!(summary(&said), expected);
    assert!(said.stderr.contains("failed to import 2 of 7 rows"), "{said:?}");
    let again = desk.stint(&["import", old.name(), "--sent"]);
    assert_eq!(again.code, 65);
    assert_eq!(
        again.stdout,
        "imported 1 event of a time entry: 1 sent\nalready there: 4\nsecrets taken out: 2\n\
         left row 6: its entity_type is neither screenshot nor time_entry_start, _pause, _resume or _stop\n\
         left row 7: its imageData is no base64 from its character 6 on\n"
    );
    let third = desk.stint(&["import", old.name(), "--sent"]);
    assert!(third.stdout.starts_with("nothing new in 7 rows\nalready there: 5\nleft row 6"), "{third:?}");
    let after = (fs::read(&old.path).unwrap(), fs::metadata(&old.path).unwrap().modified().unwrap());
    assert_eq!(before, after, "the old file is as it was");
    let queue = desk.json(&["status"])["queue"].take();
    assert_eq!(queue, json!({"pending": 3, "failed": 1, "sent": 1, "dropped": 0}));
    assert_eq!(desk.timer()["state"], "idle", "the timer knows nothing of it");
    for said in [&said, &again, &third] {
        assert!(!said.stdout.contains("CANARY") && !said.stderr.contains("CANARY"), "{said:?}");
    }
}

fn has_no_canary(folder: &Path) {
    for found in fs::read_dir(folder).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() {
            has_no_canary(&path);
        } else if let Ok(bytes) = fs::read(&path) {
            assert!(!bytes.windows(6).any(|window| window == b"CANARY"), "{}", path.display());
        }
    }
}

#[test]
fn a_day_comes_in_without_a_host() {
    let desk = Desk::new();
    a_day_is_imported(&desk);
    has_no_canary(&desk.data());
}

#[test]
fn a_day_comes_in_with_a_host() {
    let desk = Desk::new();
    let host = desk.host();
    a_day_is_imported(&desk);
    assert_eq!(host.end(), 0);
    has_no_canary(&desk.data());
    assert!(!desk.log().contains("CANARY"));
}

#[test]
fn where_nobody_takes_it_nothing_comes_in() {
    let desk = Desk::new();
    desk.configure("");
    let old = Old::a_day(&desk);
    let said = desk.stint(&["import", old.name()]);
    assert_eq!((said.code, said.stdout.as_str()), (77, ""), "{said:?}");
    assert_eq!(
        said.stderr,
        "error: failed to import: no target takes time entries or screenshots\n \
         hint: name a target in the configuration that accepts them, then import: what nobody takes would be \
         purged before anybody got it\n"
    );
    desk.configure("[targets.time]\nplugin = \"nothing\"\naccepts = [\"time-entry\"]\n");
    let said = desk.stint(&["import", old.name(), "--target", "other"]);
    assert_eq!(said.code, 65, "{said:?}");
    assert!(said.stderr.contains("failed to find target \"other\""), "{said:?}");
    let said = desk.stint(&["import", old.name(), "--target", "time"]);
    assert!(said.stdout.contains("left out: 1 screenshot, which no target accepts\n"), "{said:?}");
    assert!(
        said.stderr.contains("note: no host is running; what came in is delivered once `stint run` does")
    );
    assert_eq!(came_in(&desk), 3);
}

#[test]
fn what_is_no_old_queue_is_refused_before_anything_is_done() {
    let desk = Desk::new();
    for (name, text) in [("none.db", "No such file or directory"), ("stint.toml", "file is not a database")] {
        let said = desk.stint(&["import", name]);
        assert_eq!((said.code, said.stdout.as_str()), (65, ""), "{said:?}");
        assert!(said.stderr.contains(text), "{said:?}");
    }
    assert_eq!(desk.stint(&["import"]).code, 2);
    assert!(!desk.data().exists(), "nothing was made");
}

#[test]
fn a_killed_import_is_finished_by_the_next_one() {
    let desk = Desk::new();
    let old = Old::new(&desk);
    old.connection.execute_batch("BEGIN").unwrap();
    for number in 0..4_000 {
        old.add("time_entry_pause", &json!({"timeEntryId": number % 7}), "pending");
    }
    old.connection.execute_batch("COMMIT").unwrap();
    let mut command = desk.command(&["import", old.name()]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until("the first batch", || came_in(&desk) > 0);
    child.kill().unwrap();
    child.wait().unwrap();
    let first = came_in(&desk);
    assert!(first.is_multiple_of(100), "a batch is in or not: {first}");
    let said = desk.json(&["import", old.name()]);
    assert_eq!(said["already_there"], first);
    assert_eq!(said["imported"]["time-entry"]["pending"], 4_000 - first);
    assert_eq!((came_in(&desk), desk.items()), (4_000, 4_000));
}

#[test]
fn ten_thousand_rows_come_in_within_bounded_memory() {
    let desk = Desk::new();
    let old = Old::new(&desk);
    old.connection.execute_batch("BEGIN").unwrap();
    let note = STANDARD.encode(vec![0_u8; 6_000]);
    for number in 0..10_000 {
        let words = format!("{number} {note}");
        old.add("time_entry_pause", &json!({"timeEntryId": number % 100, "words": words}), "pending");
    }
    old.connection.execute_batch("COMMIT").unwrap();
    let bytes = fs::metadata(&old.path).unwrap().len();
    assert!(bytes > 80_000_000, "{bytes}");
    // The shell's limit is on all memory of its own that a process writes to: half of what is in the file.
    let stint = desk.command(&["import", old.name(), "--json"]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -d 40000 && exec \"$0\" \"$@\""])
        .arg(stint.get_program())
        .args(stint.get_args());
    limited.env_clear().envs(stint.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let said = Said::of(limited.current_dir(stint.get_current_dir().unwrap()));
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(summary(&said)["imported"]["time-entry"]["pending"], 10_000);
}
