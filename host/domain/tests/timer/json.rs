//! What is stored and what plugins and people read: the JSON of entries, snapshots, records and the way back. Stored
//! records outlive the program that wrote them, so a change here needs a migration.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use stint_domain::{
    clock::ClockSample,
    entry::{Basis, Details, Entry, Origin, Segment, Snapshot},
    gap::{Gap, GapKind},
    id::{BootId, EntryId, GapId},
    time::{Millis, Span, UnixMs},
    timer::{Answer, EntryChange, Event, Happening, Note, OnIdle, Open, Record, Reversal, State, Timer},
};

/// Pins the JSON of `value`, and that reading it gives the value back.
fn pin<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, expected: &Value) {
    assert_eq!(&serde_json::to_value(value).unwrap(), expected);
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value);
}

fn entry() -> Entry {
    let gap = GapId::from_bytes([2; 16]);
    let span = |start, end| Span::new(UnixMs(start), UnixMs(end));
    Entry {
        id: EntryId::from_bytes([1; 16]),
        details: Details {
            project: Some("stint".into()),
            task: None,
            note: Some("naïve “quotes”".into()),
            tags: vec!["deep".into()],
            billable: true,
        },
        started_at: UnixMs(1_000),
        ended_at: Some(UnixMs(9_000)),
        segments: vec![
            Segment {
                span: span(1_000, 4_000),
                worked: Millis(2_999),
                basis: Basis::Measured,
                recovered: true,
                gap: None,
            },
            Segment {
                span: span(4_000, 9_000),
                worked: Millis(5_000),
                basis: Basis::Claimed,
                recovered: false,
                gap: Some(gap),
            },
        ],
        gaps: vec![Gap { id: gap, kind: GapKind::Sleep, span: span(4_000, 9_000), kept: true }],
        zone: "Europe/Vienna".into(),
        origin: Origin { person: "ada".into(), machine: "desk".into(), installation: "one".into() },
    }
}

fn entry_json() -> Value {
    json!({
        "id": "01010101-0101-0101-0101-010101010101",
        "project": "stint",
        "task": null,
        "note": "naïve “quotes”",
        "tags": ["deep"],
        "billable": true,
        "started_at": 1_000,
        "ended_at": 9_000,
        "segments": [
            {"span": {"start": 1_000, "end": 4_000}, "worked_ms": 2_999, "basis": "measured", "recovered": true},
            {
                "span": {"start": 4_000, "end": 9_000},
                "worked_ms": 5_000,
                "basis": "claimed",
                "gap": "02020202-0202-0202-0202-020202020202",
            },
        ],
        "gaps": [{
            "id": "02020202-0202-0202-0202-020202020202",
            "kind": "sleep",
            "span": {"start": 4_000, "end": 9_000},
            "kept": true,
        }],
        "zone": "Europe/Vienna",
        "origin": {"person": "ada", "machine": "desk", "installation": "one"},
    })
}

fn snapshot_json() -> Value {
    let mut json = entry_json();
    json["worked_ms"] = json!(7_999);
    json
}

fn open() -> Open {
    let seen = ClockSample {
        boot: BootId::from_bytes([3; 16]),
        boottime: Millis(700),
        monotonic: Millis(500),
        wall: UnixMs(2_000),
    };
    Open { start: UnixMs(1_000), from: Millis(400), seen, attended: true, recovered: false }
}

#[test]
fn an_entry_and_its_snapshot() {
    pin(&entry(), &entry_json());
    pin(&Snapshot::from(entry()), &snapshot_json());
}

#[test]
fn the_kinds_and_bases_have_their_words() {
    for (basis, word) in
        [(Basis::Measured, "measured"), (Basis::Unattended, "unattended"), (Basis::Claimed, "claimed")]
    {
        pin(&basis, &json!(word));
    }
    for kind in [GapKind::Sleep, GapKind::Reboot, GapKind::Interrupted, GapKind::Idle] {
        pin(&kind, &json!(kind.word()));
    }
    for event in
        [Event::Started, Event::Paused, Event::Resumed, Event::Stopped, Event::Edited, Event::Deleted]
    {
        pin(&event, &json!(event.word()));
    }
    for (on_idle, word) in [(OnIdle::Ask, "ask"), (OnIdle::Keep, "keep"), (OnIdle::Drop, "drop")] {
        pin(&on_idle, &json!(word));
    }
    for state in [State::Idle, State::Running, State::Paused] {
        pin(&state, &json!(state.to_string()));
    }
}

#[test]
fn the_timer_in_each_state() {
    pin(&Timer::default(), &json!({"state": "idle"}));
    pin(&Timer::Paused { entry: entry() }, &json!({"state": "paused", "entry": entry_json()}));
    let open_json = json!({
        "start": 1_000,
        "from": 400,
        "seen": {
            "boot": "03030303-0303-0303-0303-030303030303",
            "boottime": 700,
            "monotonic": 500,
            "wall": 2_000,
        },
        "attended": true,
        "recovered": false,
    });
    let running = Timer::Running { entry: entry(), open: open() };
    pin(&running, &json!({"state": "running", "entry": entry_json(), "open": open_json}));
}

#[test]
fn the_records_of_the_journal() {
    let told = Happening::Told(Event::Stopped, Box::new(Snapshot::from(entry())));
    let record = Record { seq: 7, at: UnixMs(9_000), what: told };
    pin(&record, &json!({"seq": 7, "at": 9_000, "what": {"told": ["stopped", snapshot_json()]}}));

    let (id, gap) = (EntryId::from_bytes([1; 16]), GapId::from_bytes([2; 16]));
    let gap_json = "02020202-0202-0202-0202-020202020202";
    for (note, json) in [
        (Note::Slept { gap }, json!({"note": "slept", "gap": gap_json})),
        (Note::ClockStepped { by_ms: -5 }, json!({"note": "clock-stepped", "by_ms": -5})),
        (Note::Stalled { length: Millis(5) }, json!({"note": "stalled", "length_ms": 5})),
        (Note::Recovered { length: Millis(5) }, json!({"note": "recovered", "length_ms": 5})),
        (Note::Interrupted { gap: None }, json!({"note": "interrupted", "gap": null})),
        (Note::Rebooted { gap: Some(gap) }, json!({"note": "rebooted", "gap": gap_json})),
        (Note::WentIdle { gap }, json!({"note": "went-idle", "gap": gap_json})),
    ] {
        let record = Record { seq: 8, at: UnixMs(1), what: Happening::Noted(note, id) };
        let noted = json!({"noted": [json, "01010101-0101-0101-0101-010101010101"]});
        pin(&record, &json!({"seq": 8, "at": 1, "what": noted}));
    }
}

#[test]
fn the_way_back() {
    let verb = Reversal::Verb {
        word: "stop".into(),
        timer: Box::new(Timer::Idle),
        back: vec![EntryChange::Removed(EntryId::from_bytes([1; 16]))],
        forth: vec![EntryChange::Saved(Box::new(entry()))],
    };
    let json = json!({"verb": {
        "word": "stop",
        "timer": {"state": "idle"},
        "back": [{"removed": "01010101-0101-0101-0101-010101010101"}],
        "forth": [{"saved": entry_json()}],
    }});
    pin(&verb, &json);
    let amendment = Reversal::Amendment { word: "add".into(), before: None, after: Some(Box::new(entry())) };
    pin(&amendment, &json!({"amendment": {"word": "add", "before": null, "after": entry_json()}}));
}

#[test]
fn the_answer() {
    let answer = Answer { changed: true, state: State::Paused, entry_id: None, message: "paused".into() };
    pin(&answer, &json!({"changed": true, "state": "paused", "entry_id": null, "message": "paused"}));
}

#[test]
fn what_was_stored_before_a_field_was_there_can_be_read() {
    let segment = r#"{"span":{"start":1,"end":5},"worked_ms":4,"basis":"unattended"}"#;
    let segment: Segment = serde_json::from_str(segment).unwrap();
    assert_eq!((segment.recovered, segment.gap, segment.basis), (false, None, Basis::Unattended));
}
