//! Items to test with. Change the fields that a test is about; the rest is the same in every test.

use crate::policy::{Link, Power, Snapshot, Timer};
use crate::types::{
    Activity, Attachment, Custom, Entry, Event, Interval, Item, Origin, Payload, Sample, Screenshot, Segment,
    TimeEntry, UnixMs,
};

/// 2026-03-02T12:00:00Z, a Monday.
pub(super) const NOON: UnixMs = 1_772_452_800_000;

const HOUR_MS: i64 = 3_600_000;

/// An entry of one hour that ended at noon.
pub fn entry() -> Entry {
    let span = Interval { start: NOON - HOUR_MS, end: NOON };
    Entry {
        id: "0195570b-0000-7000-8000-00000000000e".to_owned(),
        project: Some("Website".to_owned()),
        task: Some("Review".to_owned()),
        note: Some("Read the first draft".to_owned()),
        tags: vec!["draft".to_owned()],
        billable: true,
        started_at: span.start,
        ended_at: Some(span.end),
        worked_ms: 3_600_000,
        segments: vec![Segment { span, worked_ms: 3_600_000, claimed: false }],
        gaps: Vec::new(),
        timezone: "Europe/Berlin".to_owned(),
        origin: Origin {
            person: "ada".to_owned(),
            machine: "desk-1".to_owned(),
            installation: "0195570b-0000-7000-8000-000000000001".to_owned(),
        },
        extra: "{}".to_owned(),
    }
}

/// An item that carries this.
pub fn item(payload: Payload) -> Item {
    let (priority, of_entry) = match &payload {
        Payload::TimeEntry(_) => (0, true),
        Payload::Screenshot(screenshot) => (2, screenshot.entry_id.is_some()),
        Payload::Activity(activity) => (1, activity.entry_id.is_some()),
        Payload::Custom(_) => (1, false),
    };
    Item {
        id: "0195573a-9d00-7000-8000-000000000002".to_owned(),
        key: "9f0c1f6e-1111-5000-8000-000000000003".to_owned(),
        entry_key: of_entry.then(|| "9f0c1f6e-2222-5000-8000-000000000004".to_owned()),
        entry_remote_id: None,
        occurred_at: NOON,
        attempt: 1,
        priority,
        labels: Vec::new(),
        payload,
    }
}

/// An item that says that this happened to [`entry`].
pub fn time_entry(event: Event) -> Item {
    item(Payload::TimeEntry(TimeEntry { event, entry: entry() }))
}

/// An item with this picture, taken at noon during [`entry`].
pub fn screenshot(file: Attachment) -> Item {
    let (width, height) = file.0.pixels.unwrap_or((1920, 1080));
    item(Payload::Screenshot(Screenshot {
        entry_id: Some(entry().id),
        monitor: "DP-1".to_owned(),
        taken_at: NOON,
        width,
        height,
        file,
    }))
}

/// An item with one sample of presence: this application in focus, with this window title.
pub fn activity(app: &str, title: &str) -> Item {
    item(Payload::Activity(Activity {
        entry_id: Some(entry().id),
        window: Interval { start: NOON - 60_000, end: NOON },
        samples: vec![Sample {
            at: NOON - 30_000,
            idle_ms: 0,
            app: Some(app.to_owned()),
            title: Some(title.to_owned()),
        }],
    }))
}

/// An item of a kind of its own, with JSON as its data.
pub fn custom(kind: &str, data: &serde_json::Value) -> Item {
    item(Payload::Custom(Custom { kind: kind.to_owned(), data: data.to_string() }))
}

/// A snapshot with nothing to deliver: the network is up, power comes from the mains, the timer runs.
pub fn snapshot(now: UnixMs, utc_offset: i32) -> Snapshot {
    Snapshot {
        now,
        utc_offset,
        counts: Vec::new(),
        oldest_pending_ms: None,
        last_pass: None,
        link: Link::Up,
        metered: Some(false),
        power: Power::Mains,
        timer: Timer::Running,
        items_per_minute: 0.0,
        extra: "{}".to_owned(),
    }
}
