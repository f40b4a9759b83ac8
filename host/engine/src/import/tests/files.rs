//! Whole files: they come in once, without their tokens, however the import ends.

use super::*;

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
