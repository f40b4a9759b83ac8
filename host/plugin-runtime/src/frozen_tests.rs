//! What transforms made, written and read again.

use std::sync::Arc;

use super::*;
use crate::attachment::MemoryAttachment;

fn item(payload: Payload) -> Item {
    Item {
        id: "id".into(),
        key: "key".into(),
        entry_key: None,
        entry_remote_id: Some("77".into()),
        occurred_at: 5,
        attempt: 2,
        priority: 1,
        labels: vec![wit::Label { key: "team".into(), value: "blue".into() }],
        payload,
    }
}

fn entry() -> wit::TimeEntry {
    wit::TimeEntry {
        event: wit::Event::Other("merged".into()),
        entry: wit::Entry {
            id: "e".into(),
            project: Some("p".into()),
            task: None,
            note: Some("ä\u{0}\"".into()),
            tags: vec!["x".into()],
            billable: true,
            started_at: -1,
            ended_at: Some(i64::MAX),
            worked_ms: u64::MAX,
            segments: vec![wit::Segment {
                span: wit::Interval { start: 1, end: 2 },
                worked_ms: 1,
                claimed: true,
            }],
            gaps: vec![wit::Gap {
                span: wit::Interval { start: 3, end: 4 },
                kind: "sleep".into(),
                kept: false,
            }],
            timezone: "Europe/Vienna".into(),
            origin: wit::Origin { person: "a".into(), machine: "b".into(), installation: "c".into() },
            extra: "{}".into(),
        },
    }
}

/// What a plugin would be handed, in words.
fn shown(item: &Item) -> String {
    let labels: Vec<_> = item.labels.iter().map(|label| (&label.key, &label.value)).collect();
    let payload = match &item.payload {
        Payload::TimeEntry(entry) => format!("{entry:?}"),
        Payload::Activity(activity) => format!("{activity:?}"),
        Payload::Custom(custom) => format!("{custom:?}"),
        Payload::Screenshot(shot) => {
            format!("{:?} {} {} {}", shot.entry_id, shot.monitor, shot.width, shot.file.sha256())
        }
    };
    format!("{} {} {labels:?} {payload}", item.id, item.attempt)
}

#[test]
fn what_is_thawed_is_what_was_frozen() {
    let file: SharedAttachment = Arc::new(MemoryAttachment::new("a.png", "image/png", vec![1, 2]));
    let shot = Screenshot {
        entry_id: None,
        monitor: "HDMI-1".into(),
        taken_at: 9,
        width: 2,
        height: 1,
        file: Arc::clone(&file),
    };
    let sample = wit::Sample { at: 1, idle_ms: 2, app: Some("vim".into()), title: None };
    let activity = wit::Activity {
        entry_id: Some("e".into()),
        window: wit::Interval { start: 0, end: 9 },
        samples: vec![sample],
    };
    for payload in [
        Payload::TimeEntry(entry()),
        Payload::Activity(activity),
        Payload::Custom(wit::Custom { kind: "note".into(), data: "[1]".into() }),
        Payload::Screenshot(shot),
    ] {
        let before = item(payload);
        let frozen = before.freeze().unwrap();
        let mut after = item(Payload::Custom(wit::Custom { kind: String::new(), data: String::new() }));
        after.labels.clear();
        after
            .thaw(&frozen, |named| {
                assert_eq!((named.name.as_str(), named.mime.as_str()), ("a.png", "image/png"));
                before.file().cloned()
            })
            .unwrap();
        assert_eq!(shown(&after), shown(&before));
        assert_eq!(after.freeze().unwrap(), frozen, "byte for byte");
    }
}

#[test]
fn every_event_has_its_word() {
    use wit::Event::{Deleted, Edited, Paused, Resumed, Started, Stopped};
    let words = [Started, Paused, Resumed, Stopped, Edited, Deleted].map(|event| {
        let mut before = item(Payload::TimeEntry(wit::TimeEntry { event, ..entry() }));
        let frozen = before.freeze().unwrap();
        let text = shown(&before);
        before.thaw(&frozen, |_| None).unwrap();
        assert_eq!(shown(&before), text);
        let json: serde_json::Value = serde_json::from_slice(&frozen).unwrap();
        json["payload"]["time-entry"]["event"].as_str().unwrap().to_owned()
    });
    assert_eq!(words, ["started", "paused", "resumed", "stopped", "edited", "deleted"]);
}

#[test]
fn a_transform_changes_payload_and_labels_alone() {
    let mut mine = item(Payload::TimeEntry(entry()));
    let theirs = Item {
        entry_remote_id: Some("stolen".into()),
        occurred_at: 0,
        priority: 0,
        labels: Vec::new(),
        ..item(Payload::Custom(wit::Custom { kind: "k".into(), data: "1".into() }))
    };
    mine.take_from(theirs);
    assert_eq!((mine.entry_remote_id.as_deref(), mine.occurred_at, mine.priority), (Some("77"), 5, 1));
    assert!(mine.labels.is_empty() && mine.payload.kind() == "k");
}

#[test]
fn bytes_that_are_not_ours_and_a_lost_picture_are_told() {
    let mut broken = item(Payload::TimeEntry(entry()));
    let error = broken.thaw(b"[", |_| None).unwrap_err().to_string();
    assert!(error.starts_with("read what the transforms made of the item: EOF"), "{error}");
    let shot = br#"{"labels":[],"payload":{"screenshot":{"entry_id":null,"monitor":"m","taken_at":1,"width":1,"height":1,"file":{"name":"a","mime":"b"}}}}"#;
    let error = broken.thaw(shot, |_| None).unwrap_err().to_string();
    assert_eq!(error, "hand the item to a plugin: its file is missing");
}
