//! A time entry as it was when its event happened: each event carries the whole of it and can stand alone.

use serde::{Serialize, Serializer};

use super::UnixMs;

/// A span of time; `end` is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
// The bindings lift lists of plain numbers in place, which needs the contract's own layout.
#[repr(C)]
#[allow(clippy::exhaustive_structs, reason = "the contract freezes its fields")]
pub struct Interval {
    /// The first moment.
    pub start: UnixMs,
    /// The moment behind the last one.
    pub end: UnixMs,
}

/// What happened to a time entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Work began.
    Started,
    /// Work was interrupted.
    Paused,
    /// Work went on.
    Resumed,
    /// The entry came to its end.
    Stopped,
    /// A person changed the entry after the fact.
    Edited,
    /// A person deleted the entry; its last snapshot comes along.
    Deleted,
    /// An event that a later host knows. Treat it as [`Event::Edited`].
    Other(String),
}

impl Event {
    /// The event as a word: `started`, `paused`, `resumed`, `stopped`, `edited`, `deleted` or the later one.
    pub fn as_str(&self) -> &str {
        match self {
            Event::Started => "started",
            Event::Paused => "paused",
            Event::Resumed => "resumed",
            Event::Stopped => "stopped",
            Event::Edited => "edited",
            Event::Deleted => "deleted",
            Event::Other(word) => word,
        }
    }
}

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Who recorded an entry, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The person's name as the configuration or the operating system gives it.
    pub person: String,
    /// The machine's name.
    pub machine: String,
    /// A random identifier that was made when stint was installed.
    pub installation: String,
}

/// A stretch of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
// See `Interval` for the layout.
#[repr(C)]
pub struct Segment {
    /// Where the stretch lies on the wall clock.
    pub span: Interval,
    /// How long it was, by a clock that nobody sets. It may differ from the span's length.
    pub worked_ms: u64,
    /// True when a person stated this time, false when it was measured.
    pub claimed: bool,
}

/// A stretch that may not have been work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Where the stretch lies on the wall clock.
    pub span: Interval,
    /// Why: `sleep`, `idle`, `stall`, or a word that a later host knows.
    pub kind: String,
    /// True when the person kept it as work.
    pub kept: bool,
}

/// A time entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// A UUID, the same in all of the entry's items.
    pub id: String,
    /// The project, if one was named.
    pub project: Option<String>,
    /// The task, if one was named.
    pub task: Option<String>,
    /// What the person wrote about the work.
    pub note: Option<String>,
    /// The entry's tags.
    pub tags: Vec<String>,
    /// Whether the work is billed.
    pub billable: bool,
    /// When the entry began.
    pub started_at: UnixMs,
    /// When it ended; absent while it is running or paused.
    pub ended_at: Option<UnixMs>,
    /// All work in this entry so far: its segments and the gaps that were kept.
    pub worked_ms: u64,
    /// The stretches of work.
    pub segments: Vec<Segment>,
    /// The stretches that may not have been work.
    pub gaps: Vec<Gap>,
    /// The person's time zone at the time, as an IANA name.
    pub timezone: String,
    /// Who recorded it, and where.
    pub origin: Origin,
    /// Whatever else is known: a JSON object, as text.
    #[serde(serialize_with = "super::item::json_text")]
    pub extra: String,
}
