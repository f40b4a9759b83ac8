//! Rows of the old program, from a file to the queue. The files are made here, as the old program made them.

use std::{fs, path::Path, sync::Arc};

use proptest::prelude::*;
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

#[test]
fn an_event_becomes_an_item_of_the_imported_kind_with_the_payload_beside() {
    let payload =
        json!({"timeEntryId": ENTRY, "projectId": "web", "accessToken": "t", "n": {"refreshToken": 1}});
    let done = converted(row(7, "time_entry_start", &payload));
    let (event, entry) = told(&done);
    assert_eq!((event, entry.id.to_string().as_str(), done.secrets), (Event::Started, ENTRY, 2));
    assert_eq!(entry.details.project.as_deref(), Some("web"));
    assert_eq!((entry.started_at, entry.ended_at), (UnixMs((MONDAY + 420) * 1_000), None));
    let origin = &entry.origin;
    assert_eq!(
        (origin.person.as_str(), origin.machine.as_str(), origin.installation.as_str(), entry.zone.as_str()),
        ("ada", "desk", "import", "Europe/Vienna")
    );
    let import = done.item.import().unwrap();
    assert_eq!((import.legacy_id, import.entity_type.as_str()), (7, "time_entry_start"));
    assert_eq!(import.payload, json!({"timeEntryId": ENTRY, "projectId": "web", "n": {}}));
    assert_eq!((done.item.occurred_at, &done.was, &done.picture), (entry.started_at, &Was::Pending, &None));
}

#[test]
fn events_are_told_with_the_work_that_the_rows_before_add_up_to() {
    let mut converter = converter(false);
    let sent = |row| LegacyRow { status: LegacyStatus::Sent, ..row };
    let rows = [
        // Already sent, so it is not imported, but what it says counts.
        sent(event_row(0, "start")),
        event_row(10, "pause"),
        event_row(11, "pause"),
        event_row(20, "resume"),
        event_row(25, "resume"),
        event_row(30, "stop"),
        event_row(31, "stop"),
    ];
    let mut seen = Vec::new();
    for row in rows {
        if let Some(converted) = converter.convert(row).unwrap() {
            let (event, entry) = told(&converted);
            let ended = entry.ended_at.map(|at| at.since(UnixMs(MONDAY * 1_000)).0 / 60_000);
            assert_eq!(entry.started_at, UnixMs(MONDAY * 1_000));
            seen.push((event.word(), entry.worked().0 / 60_000, ended));
        }
    }
    let expected = [
        ("paused", 10, None),
        ("paused", 10, None),
        ("resumed", 10, None),
        ("resumed", 10, None),
        ("stopped", 20, Some(30)),
        ("stopped", 20, Some(30)),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn an_event_whose_start_is_unknown_claims_no_work_and_a_clock_set_back_takes_none() {
    let alone = converted(row(9, "time_entry_stop", &json!({})));
    assert_eq!(told(&alone).1.worked(), Millis::ZERO);
    let other = converted(row(10, "time_entry_stop", &json!({})));
    assert_ne!(told(&alone).1.id, told(&other).1.id, "events that name no entry stand alone");
    let mut converter = converter(false);
    converter.convert(event_row(50, "start")).unwrap();
    let back = converter.convert(event_row(40, "pause")).unwrap().unwrap();
    assert_eq!(told(&back).1.worked(), Millis::ZERO);
}

#[test]
fn a_screenshot_keeps_its_bytes_its_true_type_and_its_entry() {
    let bytes = picture(5, 4, 1);
    let payload =
        json!({"imageData": data_url(&bytes), "timeEntryId": "17", "accessToken": "t", "timestamp": 5});
    let done = converted(row(3, "screenshot", &payload));
    let Payload::Screenshot { entry_id, monitor, taken_at, width, height, file, import } = &done.item.payload
    else {
        panic!("{done:?}")
    };
    assert_eq!((*entry_id, monitor.as_str()), (Some(EntryId::imported("17")), "unknown"));
    assert_eq!((*taken_at, *width, *height), (UnixMs(5_000), 5, 4));
    assert_eq!((file.mime.as_str(), file.size), ("image/png", bytes.len() as u64));
    assert_eq!(import.as_ref().unwrap().payload, json!({"timeEntryId": "17", "timestamp": 5}));
    assert_eq!((done.picture.as_deref(), done.secrets), (Some(&bytes[..]), 1));
}

#[test]
fn a_row_that_makes_no_sense_is_left_with_the_reason_and_nothing_of_its_content() {
    let with =
        |payload: &str| LegacyRow { payload: payload.into(), ..row(1, "time_entry_start", &json!({})) };
    assert_eq!(left(with("{\"accessToken\": canary")), "its payload is no JSON from line 1, column 17 on");
    assert_eq!(left(with("[\"canary\"]")), "its payload is no JSON object");
    assert_eq!(left(with(&"[".repeat(5_000))), "its payload is no JSON from line 1, column 128 on");
    assert_eq!(
        left(row(1, "canary", &json!({}))),
        "its entity_type is neither screenshot nor time_entry_start, _pause, _resume or _stop"
    );
    let created_at = CreatedAt::Text("canary".into());
    assert!(left(LegacyRow { created_at, ..event_row(1, "stop") }).starts_with("its created_at is no time"));
    let absurd = LegacyRow { created_at: CreatedAt::Integer(i64::MAX), ..event_row(1, "stop") };
    assert!(left(absurd).starts_with("its created_at is no time"));
    for payload in [json!({}), json!({"imageData": 7}), json!({"imageData": "canary"})] {
        assert!(left(row(1, "screenshot", &payload)).starts_with("its imageData is no data URL"));
    }
    assert_eq!(
        Left::from(stint_store::legacy::Unreadable::Status).to_string(),
        "its status is none of pending, failed and sent"
    );
}

#[test]
fn what_had_failed_comes_with_its_cause_and_message_and_without_its_token() {
    let failed = LegacyRow {
        status: LegacyStatus::Failed,
        retry_count: 5,
        error_message: Some("HTTP 401: Unauthorized, Bearer canary-canary-canary, sent tok-canary-1".into()),
        ..row(1, "time_entry_stop", &json!({"accessToken": "tok-canary-1", "note": "with tok-canary-1"}))
    };
    let done = converted(failed);
    let message = Some("HTTP 401: Unauthorized, Bearer [secret], sent [secret]".into());
    assert_eq!(done.was, Was::Failed { attempts: 5, cause: Cause::Unauthorized, message });
    assert_eq!(done.item.import().unwrap().payload, json!({"note": "with [secret]"}));
    assert_eq!(done.secrets, 4);
}

#[test]
fn the_id_does_not_depend_on_tokens_nor_on_what_is_imported_beside() {
    let plain = json!({"timeEntryId": ENTRY, "a": {"b": 1}});
    let with = json!({"timeEntryId": ENTRY, "a": {"b": 1, "_encrypted": true}, "accessToken": "x", "refreshToken": "y"});
    assert_eq!(
        converted(row(1, "time_entry_start", &plain)).item.id,
        converted(row(1, "time_entry_start", &with)).item.id
    );
    assert_ne!(
        converted(row(1, "time_entry_start", &plain)).item.id,
        converted(row(2, "time_entry_start", &plain)).item.id
    );
}

/// A file with something of everything, a token wherever one can stand.
fn full(shape: usize) -> Old {
    let old = Old::new(shape);
    let tokens = |payload: Value| {
        let mut payload = payload;
        let members = payload.as_object_mut().unwrap();
        members.insert("accessToken".into(), json!("CANARY-access-token"));
        members
            .insert("deep".into(), json!([{"refreshToken": "CANARY-refresh", "_encrypted": "CANARY-enc"}]));
        members.insert("text".into(), json!("sent as Bearer CANARY-access-token"));
        members.insert("json".into(), json!("{\"accessToken\": \"CANARY-nested\"}"));
        payload
    };
    let error = "HTTP 404: Not Found for CANARY-access-token";
    old.add("time_entry_start", &tokens(json!({"timeEntryId": ENTRY, "project": "Web"})), "sent", "");
    old.add("time_entry_pause", &tokens(json!({"timeEntryId": ENTRY})), "failed", error);
    old.add("time_entry_resume", &tokens(json!({"timeEntryId": ENTRY})), "pending", "");
    old.add("time_entry_stop", &tokens(json!({"timeEntryId": "no-uuid"})), "pending", "");
    let small = data_url(&picture(3, 3, 1));
    old.add("screenshot", &tokens(json!({"timeEntryId": ENTRY, "imageData": small})), "pending", "");
    // Large enough for a file of its own: noise doesn't compress.
    let noise: Vec<u8> = (0..400_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let noise = stint_pixels::Picture::from_rgba(400, 250, noise).unwrap();
    let large = data_url(&stint_pixels::encode(&noise, stint_pixels::Format::Png).unwrap());
    old.add("screenshot", &tokens(json!({"timeEntryId": "no-uuid", "imageData": large})), "failed", error);
    old.add("screenshot", &tokens(json!({"imageData": "data:image/png;base64,CANARY"})), "pending", "");
    old
}

#[test]
fn files_of_all_shapes_come_in_once_and_do_not_collide() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[("work", &[Kind::TimeEntry, Kind::Screenshot])]);
    let mut before = 0;
    for shape in 0..=2 {
        let old = full(shape);
        // What tells the three files apart is what was tracked, not where the rows lie.
        old.connection
            .execute(
                "UPDATE sync_queue SET payload = replace(payload, '\"text\"', '\"' || ?1 || '\"')",
                [format!("t{shape}")],
            )
            .unwrap();
        let (rows, bad) = old.read(true);
        assert_eq!(bad.len(), 1);
        assert_eq!(bad[0].0, 7);
        assert!(bad[0].1.to_string().starts_with("its imageData is no base64"), "{}", bad[0].1);
        assert_eq!(bring_in(&store, &rows), [Imported::New; 6]);
        assert_eq!(bring_in(&store, &rows), [Imported::Known; 6]);
        assert_eq!(bring_in(&store, &old.read(true).0), [Imported::Known; 6]);
        let all = listed(&store);
        assert_eq!(all.len(), before + 6);
        let states: Vec<DeliveryState> = all[before..].iter().map(|listed| listed.state).collect();
        let expected = if shape == 0 {
            use DeliveryState::{Failed, Ready, Sent, Waiting};
            vec![Sent, Failed, Waiting, Ready, Waiting, Failed]
        } else {
            // The entries are those of the first file, whose failed event holds their lane.
            states.clone()
        };
        assert_eq!(states, expected);
        let message = all[before + 1].error.as_deref();
        assert_eq!(message, (shape == 2).then_some("HTTP 404: Not Found for [secret]"));
        assert_eq!((all[before + 1].attempts, all[before].state.plain()), (5, PlainState::Sent));
        before = all.len();
    }
    assert!(balances(&store));
    assert_eq!(store.read(|tx| timeline::load(tx)).unwrap().version, 0, "the timeline knows nothing of it");
}

#[test]
fn no_token_is_anywhere_in_the_data_directory() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[("work", &[Kind::TimeEntry, Kind::Screenshot])]);
    for shape in 0..=2 {
        bring_in(&store, &full(shape).read(true).0);
    }
    store.back_up(NOW).unwrap();
    store.close();
    let (mut files, mut folders) = (0, vec![folder.path().to_owned()]);
    while let Some(folder) = folders.pop() {
        for found in fs::read_dir(folder).unwrap() {
            let path = found.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = fs::read(&path).unwrap();
            let canary = bytes.windows(6).position(|window| window == b"CANARY");
            assert_eq!(canary, None, "{}", path.display());
        }
    }
    assert!(files >= 3, "a database, a backup and a picture");
}

#[test]
fn an_import_that_was_cut_off_ends_as_one_that_was_not() {
    let ended = |cut: bool| {
        let folder = tempfile::tempdir().unwrap();
        let old = full(2);
        let targets: &[(&str, &[Kind])] = &[("work", &[Kind::TimeEntry, Kind::Screenshot])];
        if cut {
            let first = store(folder.path(), targets);
            bring_in(&first, &old.read(true).0[..3]);
            first.close();
        }
        let store = store(folder.path(), targets);
        old.read(true).0.chunks(3).for_each(|batch| drop(bring_in(&store, batch)));
        listed(&store)
            .into_iter()
            .map(|listed| (listed.id, listed.state, listed.attempts, listed.error, listed.payload))
            .collect::<Vec<_>>()
    };
    assert_eq!(ended(true), ended(false));
}

#[test]
fn what_was_delivered_and_purged_does_not_come_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[("work", &[Kind::TimeEntry, Kind::Screenshot])]);
    let old = Old::new(0);
    old.add("time_entry_start", &json!({"timeEntryId": ENTRY}), "sent", "");
    assert_eq!(bring_in(&store, &old.read(true).0), [Imported::New]);
    let later = NOW + Millis::from_mins(60 * 24 * 8);
    let purge = move |tx: &rusqlite::Transaction<'_>| {
        queue::upkeep::purge(tx, Millis::from_mins(60 * 24 * 7), 10, later)
    };
    assert_eq!(store.write_blocking(purge).unwrap().items, 1);
    assert_eq!(listed(&store), []);
    assert_eq!(bring_in(&store, &old.read(true).0), [Imported::Known]);
    assert_eq!(listed(&store), []);
}

#[test]
fn what_nobody_takes_stays_where_it_is_and_so_does_all_when_nobody_takes_anything() {
    let rows = full(2).read(false).0;
    let folder = tempfile::tempdir().unwrap();
    let some = store(folder.path(), &[("time", &[Kind::TimeEntry]), ("other", &[Kind::Activity])]);
    let outcomes = bring_in(&some, &rows);
    assert_eq!(outcomes[..3], [Imported::New; 3]);
    assert_eq!(outcomes[3..], [Imported::Unwanted; 2]);
    let ask = |target: Option<&str>| {
        block(import(&some, Vec::new(), target.map(str::to_owned), NOW, Room::default()))
    };
    assert_eq!(ask(Some("time")).unwrap(), []);
    assert_eq!(
        ask(Some("other")).unwrap_err().to_string(),
        "failed to import: target \"other\" takes neither time entries nor screenshots"
    );
    assert!(ask(Some("none")).unwrap_err().to_string().starts_with("failed to find target \"none\""));
    let folder = tempfile::tempdir().unwrap();
    let none = store(folder.path(), &[]);
    let refused = block(import(&none, Vec::new(), None, NOW, Room::default())).unwrap_err();
    assert_eq!(refused.to_string(), "failed to import: no target takes time entries or screenshots");
    assert!(matches!(refused, ImportError::NobodyWants { target: None }));
}

#[test]
fn a_picture_that_is_not_the_items_own_is_refused_with_the_whole_batch() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[("work", &[Kind::TimeEntry, Kind::Screenshot])]);
    let good = ImportRow::from(converted(event_row(1, "start")));
    let payload = json!({"imageData": data_url(&picture(2, 2, 1))});
    let shot = ImportRow::from(converted(row(2, "screenshot", &payload)));
    let other =
        ImportRow::from(converted(row(3, "screenshot", &json!({"imageData": data_url(&picture(2, 2, 7))}))));
    for picture in [None, other.picture, Some("no base64".into())] {
        let rows = vec![good.clone(), ImportRow { picture, ..shot.clone() }];
        let refused = block(import(&store, rows, None, NOW, Room::default())).unwrap_err();
        assert_eq!(
            refused.to_string(),
            format!("failed to import item {}: its picture is not the one that it names", shot.item.id)
        );
    }
    assert_eq!(listed(&store), []);
    assert_eq!(ImportError::Stopping.to_string(), "failed to import: the host is stopping");
    let json = serde_json::to_string(&shot).unwrap();
    assert_eq!(serde_json::from_str::<ImportRow>(&json).unwrap(), shot, "a row travels as JSON");
}

#[test]
fn what_is_imported_is_delivered_with_its_picture() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path(), &[("work", &[Kind::TimeEntry, Kind::Screenshot])]);
    let bytes = picture(40, 30, 3);
    let shot = converted(row(2, "screenshot", &json!({"imageData": data_url(&bytes)})));
    bring_in(&store, std::slice::from_ref(&shot));
    let Payload::Screenshot { file, .. } = serde_json::from_slice(&listed(&store)[0].payload).unwrap() else {
        panic!("no screenshot")
    };
    let hash = stint_store::BlobHash::from_hex(&file.sha256).unwrap();
    let kept = store
        .read(|tx| {
            Ok::<_, stint_store::Error>(store.blobs().get(tx, hash).unwrap().read(0, bytes.len()).unwrap())
        })
        .unwrap();
    assert_eq!(kept, bytes);
}

/// Any JSON, with the names that matter among those that don't.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop_oneof![
        Just("accessToken".to_owned()),
        Just("_encrypted".to_owned()),
        Just("imageData".to_owned()),
        Just("timeEntryId".to_owned()),
        Just("startedAt".to_owned()),
        Just("tags".to_owned()),
        Just("project".to_owned()),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("data:image/png;base64,iVBORw0KGgo=")),
        Just(json!("{\"accessToken\": \"x\"}")),
        "Bearer [a-z]{10,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_row_holds_it_is_converted_without_tokens_or_left(
        payload in prop_oneof![any_json().prop_map(|json| json.to_string()), ".{0,40}"],
        entity_type in prop_oneof![
            Just("screenshot".to_owned()), Just("time_entry_start".to_owned()), Just("time_entry_stop".to_owned()), ".{0,8}"
        ],
        created_at in prop_oneof![
            any::<i64>().prop_map(CreatedAt::Integer),
            any::<f64>().prop_map(CreatedAt::Real),
            ".{0,20}".prop_map(CreatedAt::Text),
            Just(CreatedAt::Integer(MONDAY)),
        ],
        error_message in prop::option::of(".{0,40}"),
        failed: bool,
    ) {
        let status = if failed { LegacyStatus::Failed } else { LegacyStatus::Pending };
        let row = LegacyRow { id: 1, entity_type, payload, status, retry_count: 1, created_at, error_message };
        if let Ok(done) = converter(false).convert(row.clone()) {
            let done = done.expect("only what was sent is left out");
            prop_assert_eq!(converter(true).convert(row).unwrap().unwrap().item.id, done.item.id);
            let kept = done.item.import().unwrap().payload.to_string();
            prop_assert!(!kept.contains("accessToken\"") && !kept.contains("\"_encrypted\""), "{}", kept);
        }
    }
}
