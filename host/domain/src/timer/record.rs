//! What the journal says: every change of the timeline and every oddity of the clock, in one gapless sequence.

use serde::{Deserialize, Serialize};

use crate::{
    entry::Snapshot,
    id::{EntryId, GapId},
    time::{Millis, UnixMs},
};

/// What targets are told about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was opened.
    Started,
    /// It is paused now.
    Paused,
    /// It runs again.
    Resumed,
    /// It is finished.
    Stopped,
    /// It was changed by hand; an entry added by hand is first heard of like this.
    Edited,
    /// It is gone.
    Deleted,
}

impl Event {
    /// The word for it in JSON and in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Stopped => "stopped",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
        }
    }
}

/// What the journal notes for people alone: no target is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "note")]
pub enum Note {
    /// The machine slept.
    Slept {
        /// The gap it left.
        gap: GapId,
    },
    /// The wall clock was moved, forwards or backwards. Durations are as they were.
    ClockStepped {
        /// By so many milliseconds.
        by_ms: i64,
    },
    /// The host was held up. The time counts.
    Stalled {
        /// For so long.
        #[serde(rename = "length_ms")]
        length: Millis,
    },
    /// The host had crashed for a moment. The time counts.
    Recovered {
        /// For so long.
        #[serde(rename = "length_ms")]
        length: Millis,
    },
    /// The host had crashed for longer: the entry was paused at its last heartbeat.
    Interrupted {
        /// The gap it left.
        gap: Option<GapId>,
    },
    /// The machine was started anew: the entry was paused at its last heartbeat.
    Rebooted {
        /// The gap it left.
        gap: Option<GapId>,
    },
    /// Nobody touched the machine.
    WentIdle {
        /// The gap it left.
        gap: GapId,
    },
}

/// What one record of the journal is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// Something that targets are told: it makes one item.
    Told(Event, Box<Snapshot>),
    /// Something for people alone.
    Noted(Note, EntryId),
}

/// One record of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Its place: one more than the record before it, without a gap.
    pub seq: u64,
    /// When it happened, as the wall clock stood then or as the person stated.
    pub at: UnixMs,
    /// What happened.
    pub what: Happening,
}
