//! What transforms made of an item, as bytes that can be kept: the payload and the labels, and nothing that is the
//! host's to say. A retry thaws the very same.
//!
//! Invariant: the form is additive. A field that is new here has a default, since older hosts froze without it.

use serde::{Deserialize, Serialize};

use crate::attachment::SharedAttachment;
use crate::bindings::stint::plugin::types as wit;
use crate::domain::FileMissing;
use crate::item::{Item, Payload, Screenshot};

/// Why kept bytes can't be handed to a plugin.
#[derive(Debug, thiserror::Error)]
pub enum ThawError {
    /// They are not what was kept.
    #[error("read what the transforms made of the item: {source}")]
    Damaged {
        /// Why.
        #[from]
        source: serde_json::Error,
    },
    /// The file is missing.
    #[error(transparent)]
    File(#[from] FileMissing),
}

impl Item {
    /// The payload and the labels as bytes. The file of a screenshot is kept elsewhere: see [`Item::file`].
    pub fn freeze(&self) -> Result<Vec<u8>, serde_json::Error> {
        let labels = self.labels.iter().map(|label| (label.key.clone(), label.value.clone())).collect();
        serde_json::to_vec(&Frozen { labels, payload: FrozenPayload::of(&self.payload) })
    }

    /// Puts what was frozen in place of what the item has. The file is asked for by the name it had.
    pub fn thaw(
        &mut self,
        frozen: &[u8],
        file: impl FnOnce(FileName) -> Option<SharedAttachment>,
    ) -> Result<(), ThawError> {
        let Frozen { labels, payload } = serde_json::from_slice(frozen)?;
        self.payload = payload.thawed(file)?;
        self.labels = labels.into_iter().map(|(key, value)| wit::Label { key, value }).collect();
        Ok(())
    }

    /// Takes over what a transform may change, and nothing else.
    pub fn take_from(&mut self, kept: Self) {
        self.payload = kept.payload;
        self.labels = kept.labels;
    }

    /// The item's file, if it has one.
    pub fn file(&self) -> Option<&SharedAttachment> {
        match &self.payload {
            Payload::Screenshot(shot) => Some(&shot.file),
            _ => None,
        }
    }
}

/// What a file was called, and what it is. Its bytes don't say either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileName {
    /// Its name, without any folder.
    pub name: String,
    /// Its media type.
    pub mime: String,
}

#[derive(Serialize, Deserialize)]
struct Frozen {
    labels: Vec<(String, String)>,
    payload: FrozenPayload,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum FrozenPayload {
    TimeEntry(Box<TimeEntry>),
    Screenshot {
        entry_id: Option<String>,
        monitor: String,
        taken_at: i64,
        width: u32,
        height: u32,
        file: FileName,
    },
    Activity(Activity),
    Custom(Custom),
}

impl FrozenPayload {
    fn of(payload: &Payload) -> Self {
        match payload {
            Payload::TimeEntry(entry) => Self::TimeEntry(Box::new(entry.clone().into())),
            Payload::Activity(activity) => Self::Activity(activity.clone().into()),
            Payload::Custom(custom) => Self::Custom(custom.clone().into()),
            Payload::Screenshot(shot) => Self::Screenshot {
                entry_id: shot.entry_id.clone(),
                monitor: shot.monitor.clone(),
                taken_at: shot.taken_at,
                width: shot.width,
                height: shot.height,
                file: FileName { name: shot.file.name().to_owned(), mime: shot.file.mime().to_owned() },
            },
        }
    }

    fn thawed(self, open: impl FnOnce(FileName) -> Option<SharedAttachment>) -> Result<Payload, FileMissing> {
        Ok(match self {
            Self::TimeEntry(entry) => Payload::TimeEntry((*entry).into()),
            Self::Activity(activity) => Payload::Activity(activity.into()),
            Self::Custom(custom) => Payload::Custom(custom.into()),
            Self::Screenshot { entry_id, monitor, taken_at, width, height, file } => {
                let file = open(file).ok_or(FileMissing)?;
                Payload::Screenshot(Screenshot { entry_id, monitor, taken_at, width, height, file })
            }
        })
    }
}

/// A record of the contract, field by field, in a form that can be written and read.
macro_rules! mirror {
    ($($name:ident { $($field:ident: $kind:ty,)* })*) => {$(
        #[derive(Serialize, Deserialize)]
        struct $name {
            $($field: $kind,)*
        }

        impl From<wit::$name> for $name {
            fn from(it: wit::$name) -> Self {
                Self { $($field: Mirror::frozen(it.$field),)* }
            }
        }

        impl From<$name> for wit::$name {
            fn from(it: $name) -> Self {
                Self { $($field: Mirror::thawed(it.$field),)* }
            }
        }

        impl Mirror<wit::$name> for $name {
            fn frozen(it: wit::$name) -> Self { it.into() }
            fn thawed(self) -> wit::$name { self.into() }
        }
    )*};
}

/// Something that is kept in place of `Of`.
trait Mirror<Of> {
    fn frozen(it: Of) -> Self;
    fn thawed(self) -> Of;
}

macro_rules! itself {
    ($($kind:ty),*) => {$(
        impl Mirror<$kind> for $kind {
            fn frozen(it: Self) -> Self { it }
            fn thawed(self) -> Self { self }
        }
    )*};
}

itself!(String, i64, u64, bool, Option<String>, Option<i64>);

impl<Of, M: Mirror<Of>> Mirror<Vec<Of>> for Vec<M> {
    fn frozen(it: Vec<Of>) -> Self {
        it.into_iter().map(M::frozen).collect()
    }

    fn thawed(self) -> Vec<Of> {
        self.into_iter().map(M::thawed).collect()
    }
}

mirror! {
    TimeEntry { event: Event, entry: Entry, }
    Entry {
        id: String,
        project: Option<String>,
        task: Option<String>,
        note: Option<String>,
        tags: Vec<String>,
        billable: bool,
        started_at: i64,
        ended_at: Option<i64>,
        worked_ms: u64,
        segments: Vec<Segment>,
        gaps: Vec<Gap>,
        timezone: String,
        origin: Origin,
        extra: String,
    }
    Segment { span: Interval, worked_ms: u64, claimed: bool, }
    Gap { span: Interval, kind: String, kept: bool, }
    Interval { start: i64, end: i64, }
    Origin { person: String, machine: String, installation: String, }
    Activity { entry_id: Option<String>, window: Interval, samples: Vec<Sample>, }
    Sample { at: i64, idle_ms: u64, app: Option<String>, title: Option<String>, }
    Custom { kind: String, data: String, }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Event {
    Started,
    Paused,
    Resumed,
    Stopped,
    Edited,
    Deleted,
    Other(String),
}

impl Mirror<wit::Event> for Event {
    fn frozen(it: wit::Event) -> Self {
        match it {
            wit::Event::Started => Self::Started,
            wit::Event::Paused => Self::Paused,
            wit::Event::Resumed => Self::Resumed,
            wit::Event::Stopped => Self::Stopped,
            wit::Event::Edited => Self::Edited,
            wit::Event::Deleted => Self::Deleted,
            wit::Event::Other(word) => Self::Other(word),
        }
    }

    fn thawed(self) -> wit::Event {
        match self {
            Self::Started => wit::Event::Started,
            Self::Paused => wit::Event::Paused,
            Self::Resumed => wit::Event::Resumed,
            Self::Stopped => wit::Event::Stopped,
            Self::Edited => wit::Event::Edited,
            Self::Deleted => wit::Event::Deleted,
            Self::Other(word) => wit::Event::Other(word),
        }
    }
}

#[cfg(test)]
#[path = "frozen_tests.rs"]
mod tests;
