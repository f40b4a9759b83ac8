//! One thing to deliver, and what it carries.

use serde::{Serialize, Serializer};

use super::{Attachment, Entry, Event, Interval, UnixMs};

/// A word that the configuration attached to an item, for example `team = "ops"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// What it is about.
    pub key: String,
    /// What it says.
    pub value: String,
}

/// Something happened to a time entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeEntry {
    /// What happened.
    pub event: Event,
    /// The entry as it was then.
    pub entry: Entry,
}

/// A picture of one monitor.
#[derive(Debug, PartialEq, Serialize)]
pub struct Screenshot {
    /// The entry that ran when the picture was taken, if one did.
    pub entry_id: Option<String>,
    /// The monitor's name, for example `DP-1`.
    pub monitor: String,
    /// When it was taken.
    pub taken_at: UnixMs,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The picture itself.
    pub file: Attachment,
}

/// What the person's desk looked like at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The moment.
    pub at: UnixMs,
    /// How long no key or pointer had been touched.
    pub idle_ms: u64,
    /// The application in focus, where it is known and may be told.
    pub app: Option<String>,
    /// The title of its window, likewise.
    pub title: Option<String>,
}

/// Samples of presence over a window of time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Activity {
    /// The entry that ran, if one did.
    pub entry_id: Option<String>,
    /// The window that the samples were taken in.
    pub window: Interval,
    /// The samples, oldest first.
    pub samples: Vec<Sample>,
}

/// Anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Custom {
    /// A word for what it is.
    pub kind: String,
    /// JSON, as text.
    #[serde(serialize_with = "json_text")]
    pub data: String,
}

/// What an item carries.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Payload {
    /// Something happened to a time entry.
    TimeEntry(TimeEntry),
    /// A picture of one monitor.
    Screenshot(Screenshot),
    /// Samples of presence.
    Activity(Activity),
    /// Anything else.
    Custom(Custom),
}

impl Payload {
    /// The kind as the configuration's `accepts` names it.
    pub fn kind(&self) -> &str {
        match self {
            Payload::TimeEntry(_) => "time-entry",
            Payload::Screenshot(_) => "screenshot",
            Payload::Activity(_) => "activity",
            Payload::Custom(custom) => &custom.kind,
        }
    }
}

/// One thing to deliver.
#[derive(Debug, PartialEq, Serialize)]
pub struct Item {
    /// A UUID version 7: later items compare greater.
    pub id: String,
    /// The idempotency key: the same for every attempt to bring this item to this target. Hand it to the backend.
    pub key: String,
    /// The same for the item's time entry; absent when the item belongs to none.
    pub entry_key: Option<String>,
    /// What the backend called this entry when one of its items was delivered before.
    pub entry_remote_id: Option<String>,
    /// When it happened.
    pub occurred_at: UnixMs,
    /// Counts from 1. Greater than 1 means that the backend may have seen this item.
    pub attempt: u32,
    /// 0 is critical (time), 1 is activity, 2 is screenshots.
    pub priority: u8,
    /// Words that the configuration attached.
    pub labels: Vec<Label>,
    /// What the item carries.
    pub payload: Payload,
}

impl Item {
    /// The time entry's event, if the item carries one.
    pub fn time_entry(&self) -> Option<&TimeEntry> {
        if let Payload::TimeEntry(time_entry) = &self.payload { Some(time_entry) } else { None }
    }

    /// The screenshot, if the item carries one.
    pub fn screenshot(&self) -> Option<&Screenshot> {
        if let Payload::Screenshot(screenshot) = &self.payload { Some(screenshot) } else { None }
    }

    /// The value of a label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.labels.iter().find(|label| label.key == key).map(|label| label.value.as_str())
    }
}

/// Writes JSON that travels as text as what it is; text that isn't JSON stays text.
#[expect(clippy::ptr_arg, reason = "serde hands the field itself")]
pub(super) fn json_text<S: Serializer>(text: &String, serializer: S) -> Result<S::Ok, S::Error> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => value.serialize(serializer),
        Err(_) => serializer.serialize_str(text),
    }
}
