//! Everything a plugin is told about an item, and everything the host understands of a failure.

use std::sync::Arc;

use stint_domain::entry::{Details, Origin, Segment};
use stint_domain::gap::{Gap, GapKind};
use stint_domain::id::{EntryId, GapId, ItemId};
use stint_domain::import::Import;
use stint_domain::key::KeySeed;
use stint_domain::time::UnixMs;

use super::*;
use crate::attachment::MemoryAttachment;

fn span(start: i64, end: i64) -> Span {
    Span::new(UnixMs(start), UnixMs(end))
}

fn route(file: Option<SharedAttachment>) -> Route {
    let (item, entry) = (ItemId::from_bytes([2; 16]), EntryId::from_bytes([1; 16]));
    let seed = KeySeed::new("work");
    Route {
        key: ItemKey::new(item, &seed),
        entry_key: Some(EntryKey::new(entry, &seed)),
        entry_remote_id: Some("42".into()),
        attempt: 3,
        labels: vec![("team".into(), "ops".into())],
        file,
    }
}

fn item(payload: host::Payload) -> host::Item {
    host::Item { id: ItemId::from_bytes([2; 16]), occurred_at: UnixMs(7_000), payload }
}

#[test]
fn a_time_entry_is_told_whole() {
    let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "one".into() };
    let details = Details {
        project: Some("blue".into()),
        tags: vec!["x".into()],
        billable: true,
        ..Details::default()
    };
    let id = EntryId::from_bytes([1; 16]);
    let mut entry = Entry::new(id, details, UnixMs(1_000), "Europe/Vienna".into(), origin);
    entry.add_segment(Segment { basis: Basis::Measured, ..Segment::claimed(span(1_000, 3_000)) });
    entry.add_gap(Gap {
        id: GapId::from_bytes([3; 16]),
        kind: GapKind::Sleep,
        span: span(3_000, 4_000),
        kept: true,
    });
    entry.ended_at = Some(UnixMs(4_000));
    let told =
        host::Payload::TimeEntry { event: Event::Stopped, entry: Box::new(entry.into()), import: None };
    let item = Item::routed(item(told), route(None)).unwrap();
    assert_eq!(item.id, "02020202-0202-0202-0202-020202020202");
    assert_eq!(item.key, route(None).key.to_string());
    assert_eq!(item.entry_key, route(None).entry_key.map(|key| key.to_string()));
    assert_eq!((item.occurred_at, item.attempt, item.priority), (7_000, 3, 0));
    assert_eq!((item.entry_remote_id.as_deref(), item.labels[0].key.as_str()), (Some("42"), "team"));
    let Payload::TimeEntry(told) = item.payload else { panic!("another payload") };
    assert!(matches!(told.event, wit::Event::Stopped));
    let entry = told.entry;
    assert_eq!((entry.started_at, entry.ended_at, entry.worked_ms), (1_000, Some(4_000), 3_000));
    assert_eq!(
        (entry.project.as_deref(), entry.billable, entry.timezone.as_str()),
        (Some("blue"), true, "Europe/Vienna")
    );
    let segments: Vec<_> =
        entry.segments.iter().map(|it| (it.span.start, it.worked_ms, it.claimed)).collect();
    assert_eq!(segments, [(1_000, 2_000, false), (3_000, 1_000, true)]);
    assert_eq!(
        (entry.gaps[0].kind.as_str(), entry.gaps[0].kept, entry.extra.as_str()),
        ("sleep", true, "{}")
    );
}

#[test]
fn what_an_imported_event_was_goes_along() {
    let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "import".into() };
    let id = EntryId::from_bytes([1; 16]);
    let entry = Entry::new(id, Details::default(), UnixMs(1_000), "Europe/Vienna".into(), origin);
    let import = Some(Box::new(Import {
        legacy_id: 17,
        entity_type: "time_entry_start".into(),
        payload: serde_json::json!({"a": 1}),
    }));
    let told = host::Payload::TimeEntry { event: Event::Started, entry: Box::new(entry.into()), import };
    let Payload::TimeEntry(told) = Item::routed(item(told), route(None)).unwrap().payload else {
        panic!("another payload")
    };
    let extra: serde_json::Value = serde_json::from_str(&told.entry.extra).unwrap();
    assert_eq!(
        extra["import"],
        serde_json::json!({"legacy_id": 17, "entity_type": "time_entry_start", "payload": {"a": 1}})
    );
}

#[test]
fn a_screenshot_needs_its_picture() {
    let shot = || host::Payload::Screenshot {
        entry_id: Some(EntryId::from_bytes([1; 16])),
        monitor: "DP-1".into(),
        taken_at: UnixMs(5),
        width: 2,
        height: 1,
        file: host::Attachment { sha256: "ab".into(), size: 3, mime: "image/png".into() },
        treated: vec![host::Treatment::WindowHidden, host::Treatment::Scaled],
        import: None,
    };
    let missing = Item::routed(item(shot()), route(None)).err().unwrap();
    assert_eq!(missing.to_string(), "hand the item to a plugin: its file is missing");
    let file: SharedAttachment = Arc::new(MemoryAttachment::new("a.png", "image/png", vec![1, 2, 3]));
    let item = Item::routed(item(shot()), route(Some(file))).unwrap();
    assert_eq!((item.priority, item.payload.kind()), (2, "screenshot"));
    let Payload::Screenshot(shot) = item.payload else { panic!("another payload") };
    assert_eq!((shot.monitor.as_str(), shot.taken_at, shot.file.size()), ("DP-1", 5, 3));
    let last = item.labels.last().unwrap();
    assert_eq!((last.key.as_str(), last.value.as_str()), ("treated", "window-hidden,scaled"));
}

#[test]
fn activity_and_custom_items_are_told() {
    let sample =
        host::ActivitySample { at: UnixMs(1), idle: Millis(2), app: Some("editor".into()), title: None };
    let activity = host::Payload::Activity { entry_id: None, window: span(0, 9), samples: vec![sample] };
    let Payload::Activity(told) = Item::routed(item(activity), route(None)).unwrap().payload else {
        panic!("another payload")
    };
    assert_eq!(
        (told.window.end, told.samples[0].idle_ms, told.samples[0].app.as_deref()),
        (9, 2, Some("editor"))
    );
    let custom = host::Payload::Custom { name: "note".into(), data: serde_json::json!({"a": 1}) };
    let item = Item::routed(item(custom), route(None)).unwrap();
    assert_eq!(item.payload.kind(), "note");
    assert!(matches!(item.payload, Payload::Custom(custom) if custom.data == "{\"a\":1}"));
}

#[test]
fn a_failure_keeps_what_it_says_both_ways() {
    for cause in Cause::ALL {
        let ours =
            Failure { cause, message: "m".into(), retry_after: Some(Millis(5)), http_status: Some(429) };
        let back = Failure::from(wit::Failure::from(ours.clone()));
        assert_eq!((back.retry_after, back.http_status), (ours.retry_after, ours.http_status));
        match cause {
            Cause::Dns | Cause::Connect => assert_eq!(back.cause, Cause::Offline),
            Cause::Trap | Cause::NoAnswer | Cause::Damaged | Cause::Other => {
                assert_eq!((back.cause, back.message), (Cause::Other, format!("{}: m", cause.word())));
            }
            same => assert_eq!((back.cause, back.message.as_str()), (same, "m")),
        }
    }
}

#[test]
fn a_call_without_an_answer_is_a_crash_or_no_answer_and_never_the_hosts_own_fault() {
    let cause = |error: CallError| error.failure().map(|failure| failure.cause);
    let limit = std::time::Duration::from_secs(1);
    assert_eq!(cause(CallError::Panicked { message: "m".into() }), Some(Cause::Trap));
    assert_eq!(cause(CallError::Trapped { trap: "t".into() }), Some(Cause::Trap));
    assert_eq!(cause(CallError::StackOverflow), Some(Cause::Trap));
    assert_eq!(cause(CallError::OutOfMemory { limit: 1 }), Some(Cause::Trap));
    assert_eq!(cause(CallError::OutOfCpu { limit }), Some(Cause::NoAnswer));
    assert_eq!(cause(CallError::OutOfTime { limit }), Some(Cause::NoAnswer));
    assert_eq!(cause(CallError::OverBound { reason: "r".into() }), Some(Cause::NoAnswer));
    assert_eq!(cause(CallError::WrongAnswer { reason: "r".into() }), Some(Cause::NoAnswer));
    assert_eq!(cause(CallError::Host { reason: "r".into() }), None);
    let message = CallError::Panicked { message: "no project".into() }.failure().unwrap().message;
    assert_eq!(message, "it panicked: no project");
}
