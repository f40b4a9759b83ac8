//! An item: one thing that targets are told, under one id for its whole life.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::{
    entry::Snapshot,
    id::{EntryId, ItemId},
    import::Import,
    time::{Millis, Span, UnixMs},
    timer::Event,
};

pub use crate::treatment::Treatment;

/// What an item is about. Targets say which kinds they accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// An event of an entry, with the entry's snapshot.
    TimeEntry,
    /// A picture of a screen.
    Screenshot,
    /// A window of focus and idle samples.
    Activity,
    /// Anything else that was put into the queue by name.
    Custom,
}

/// How much an item matters when there is not room or time for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// Never dropped, always first.
    Critical = 0,
    /// Dropped only when nothing low is left.
    Normal = 1,
    /// Dropped first.
    Low = 2,
}

impl Kind {
    /// All kinds, in the order of their words.
    pub const ALL: [Self; 4] = [Self::TimeEntry, Self::Screenshot, Self::Activity, Self::Custom];

    /// The word for it in the configuration, in JSON and in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TimeEntry => "time-entry",
            Self::Screenshot => "screenshot",
            Self::Activity => "activity",
            Self::Custom => "custom",
        }
    }

    /// How much an item of this kind matters.
    pub const fn priority(self) -> Priority {
        match self {
            Self::TimeEntry => Priority::Critical,
            Self::Activity | Self::Custom => Priority::Normal,
            Self::Screenshot => Priority::Low,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Priority {
    /// The number that stores and queries use: lower is sooner.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The priority with this number; anything past the last is the last.
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Critical,
            1 => Self::Normal,
            _ => Self::Low,
        }
    }
}

/// A file that belongs to an item, named by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub size: u64,
    /// Its media type.
    pub mime: String,
}

/// One look at the person's activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitySample {
    /// When it was taken.
    pub at: UnixMs,
    /// How long nobody had touched the machine.
    #[serde(rename = "idle_ms")]
    pub idle: Millis,
    /// The application in front.
    pub app: Option<String>,
    /// Its window's title, where titles are asked for.
    pub title: Option<String>,
}

/// What the targets are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Payload {
    /// An event of an entry.
    TimeEntry {
        /// What happened.
        event: Event,
        /// The whole entry at that moment.
        entry: Box<Snapshot>,
        /// What it was before it was imported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        import: Option<Box<Import>>,
    },
    /// A picture of a screen.
    Screenshot {
        /// The entry that was current.
        entry_id: Option<EntryId>,
        /// The screen's name.
        monitor: String,
        /// When it was taken.
        taken_at: UnixMs,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// The picture.
        file: Attachment,
        /// What was done to the picture before it was kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        treated: Vec<Treatment>,
        /// What it was before it was imported.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        import: Option<Box<Import>>,
    },
    /// A window of focus and idle samples.
    Activity {
        /// The entry that was current.
        entry_id: Option<EntryId>,
        /// From when to when.
        window: Span,
        /// The samples, in order.
        samples: Vec<ActivitySample>,
    },
    /// Anything else.
    Custom {
        /// What it is, for the plugins that know it.
        name: String,
        /// Its content.
        data: serde_json::Value,
    },
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its id for ever: recorded twice, it is there once.
    pub id: ItemId,
    /// When it happened.
    pub occurred_at: UnixMs,
    /// What the targets are told.
    pub payload: Payload,
}

impl Item {
    /// What it is about.
    pub const fn kind(&self) -> Kind {
        match self.payload {
            Payload::TimeEntry { .. } => Kind::TimeEntry,
            Payload::Screenshot { .. } => Kind::Screenshot,
            Payload::Activity { .. } => Kind::Activity,
            Payload::Custom { .. } => Kind::Custom,
        }
    }

    /// How much it matters.
    pub const fn priority(&self) -> Priority {
        self.kind().priority()
    }

    /// What it was before it was imported, if it was.
    pub fn import(&self) -> Option<&Import> {
        match &self.payload {
            Payload::TimeEntry { import, .. } | Payload::Screenshot { import, .. } => import.as_deref(),
            Payload::Activity { .. } | Payload::Custom { .. } => None,
        }
    }

    /// The entry that it belongs to.
    pub fn entry_id(&self) -> Option<EntryId> {
        match &self.payload {
            Payload::TimeEntry { entry, .. } => Some(entry.entry.id),
            Payload::Screenshot { entry_id, .. } | Payload::Activity { entry_id, .. } => *entry_id,
            Payload::Custom { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_serde_writes() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
            assert_eq!(kind.to_string(), kind.word());
        }
    }

    #[test]
    fn time_is_critical_and_pictures_go_first_overboard() {
        assert_eq!(Kind::TimeEntry.priority(), Priority::Critical);
        assert_eq!(Kind::Activity.priority(), Priority::Normal);
        assert_eq!(Kind::Custom.priority(), Priority::Normal);
        assert_eq!(Kind::Screenshot.priority(), Priority::Low);
        for priority in [Priority::Critical, Priority::Normal, Priority::Low] {
            assert_eq!(Priority::from_number(priority.number()), priority);
        }
        assert_eq!(Priority::from_number(200), Priority::Low);
    }

    #[test]
    fn an_item_knows_its_entry_and_its_json_stays_as_it_is() {
        let entry_id = Some(EntryId::from_bytes([1; 16]));
        let file = Attachment { sha256: "ab".into(), size: 3, mime: "image/png".into() };
        let shot = Payload::Screenshot {
            entry_id,
            monitor: "HDMI-1".into(),
            taken_at: UnixMs(5),
            width: 2,
            height: 1,
            file,
            treated: Vec::new(),
            import: None,
        };
        let item = Item { id: ItemId::from_bytes([2; 16]), occurred_at: UnixMs(5), payload: shot };
        assert_eq!(
            (item.kind(), item.priority(), item.entry_id()),
            (Kind::Screenshot, Priority::Low, entry_id)
        );
        assert_eq!(
            serde_json::to_string(&item).unwrap(),
            r#"{"id":"02020202-0202-0202-0202-020202020202","occurred_at":5,"payload":{"kind":"screenshot","entry_id":"01010101-0101-0101-0101-010101010101","monitor":"HDMI-1","taken_at":5,"width":2,"height":1,"file":{"sha256":"ab","size":3,"mime":"image/png"}}}"#
        );
        let activity =
            Payload::Activity { entry_id, window: Span::new(UnixMs(0), UnixMs(9)), samples: vec![] };
        let item = Item { payload: activity, ..item };
        assert_eq!((item.kind(), item.entry_id()), (Kind::Activity, entry_id));
        let custom = Payload::Custom { name: "note".into(), data: serde_json::json!({"a": 1}) };
        let item = Item { payload: custom, ..item };
        assert_eq!((item.kind(), item.entry_id()), (Kind::Custom, None));
        assert_eq!(serde_json::from_str::<Item>(&serde_json::to_string(&item).unwrap()).unwrap(), item);
        assert_eq!(item.import(), None);
    }
}
