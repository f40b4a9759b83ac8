//! Items, on their way into a sandbox and back out of it.
//!
//! Everything but the attachment is the contract's own type; the attachment is shared, and becomes a handle of the
//! store it enters.

use std::sync::Arc;

use wasmtime::component::{Resource, ResourceTable, ResourceTableError};

use crate::attachment::{Attached, SharedAttachment};
use crate::bindings::stint::plugin::types as wit;

/// One thing to deliver.
#[derive(Clone)]
pub struct Item {
    /// A UUID of version 7.
    pub id: String,
    /// The idempotency key of this item at this target.
    pub key: String,
    /// The same for the item's time entry.
    pub entry_key: Option<String>,
    /// What the backend called the entry before.
    pub entry_remote_id: Option<String>,
    /// When it happened.
    pub occurred_at: i64,
    /// Counts from 1.
    pub attempt: u32,
    /// 0 is critical.
    pub priority: u8,
    /// Words from the configuration.
    pub labels: Vec<wit::Label>,
    /// What it carries.
    pub payload: Payload,
}

/// What an item carries.
#[derive(Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly every item is a time entry, and a box would cost each of them"
)]
pub enum Payload {
    /// Something happened to a time entry.
    TimeEntry(wit::TimeEntry),
    /// A picture of one monitor.
    Screenshot(Screenshot),
    /// Samples of presence.
    Activity(wit::Activity),
    /// Anything else.
    Custom(wit::Custom),
}

/// A picture of one monitor.
#[derive(Clone)]
pub struct Screenshot {
    /// The entry that ran.
    pub entry_id: Option<String>,
    /// The monitor's name.
    pub monitor: String,
    /// When it was taken.
    pub taken_at: i64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The picture itself.
    pub file: SharedAttachment,
}

impl Payload {
    /// The word for the kind of payload, as a manifest's `accepts` has it.
    pub fn kind(&self) -> &str {
        match self {
            Self::TimeEntry(_) => "time-entry",
            Self::Screenshot(_) => "screenshot",
            Self::Activity(_) => "activity",
            Self::Custom(custom) => &custom.kind,
        }
    }
}

impl Item {
    /// The item as a plugin gets it, its attachment a handle in the table of the plugin's store.
    pub(crate) fn enter(self, table: &mut ResourceTable) -> Result<wit::Item, ResourceTableError> {
        let payload = match self.payload {
            Payload::TimeEntry(inner) => wit::Payload::TimeEntry(inner),
            Payload::Activity(inner) => wit::Payload::Activity(inner),
            Payload::Custom(inner) => wit::Payload::Custom(inner),
            Payload::Screenshot(shot) => wit::Payload::Screenshot(wit::Screenshot {
                entry_id: shot.entry_id,
                monitor: shot.monitor,
                taken_at: shot.taken_at,
                width: shot.width,
                height: shot.height,
                file: table.push(Attached(shot.file))?,
            }),
        };
        Ok(wit::Item {
            id: self.id,
            key: self.key,
            entry_key: self.entry_key,
            entry_remote_id: self.entry_remote_id,
            occurred_at: self.occurred_at,
            attempt: self.attempt,
            priority: self.priority,
            labels: self.labels,
            payload,
        })
    }

    /// The item as a plugin gave it back; its handle ends here.
    pub(crate) fn leave(item: wit::Item, table: &mut ResourceTable) -> Result<Self, ResourceTableError> {
        let payload = match item.payload {
            wit::Payload::TimeEntry(inner) => Payload::TimeEntry(inner),
            wit::Payload::Activity(inner) => Payload::Activity(inner),
            wit::Payload::Custom(inner) => Payload::Custom(inner),
            wit::Payload::Screenshot(shot) => Payload::Screenshot(Screenshot {
                entry_id: shot.entry_id,
                monitor: shot.monitor,
                taken_at: shot.taken_at,
                width: shot.width,
                height: shot.height,
                file: leave_file(shot.file, table)?,
            }),
        };
        Ok(Self {
            id: item.id,
            key: item.key,
            entry_key: item.entry_key,
            entry_remote_id: item.entry_remote_id,
            occurred_at: item.occurred_at,
            attempt: item.attempt,
            priority: item.priority,
            labels: item.labels,
            payload,
        })
    }
}

fn leave_file(
    handle: Resource<Attached>,
    table: &mut ResourceTable,
) -> Result<SharedAttachment, ResourceTableError> {
    Ok(Arc::clone(&table.delete(handle)?.0))
}
