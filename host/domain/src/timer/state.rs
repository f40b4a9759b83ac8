//! The timer's states. What can't be has no value: only a running timer has an open stretch.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::{
    clock::ClockSample,
    entry::{Basis, Entry, Segment},
    time::{Millis, Span, UnixMs},
};

/// The timer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Timer {
    /// No entry is current.
    #[default]
    Idle,
    /// Time is counted for the entry.
    Running {
        /// The current entry, with its closed stretches.
        entry: Entry,
        /// The stretch that is being counted.
        open: Open,
    },
    /// The entry is current, and no time is counted.
    Paused {
        /// The current entry.
        entry: Entry,
    },
}

/// The name of a state alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// No entry is current.
    Idle,
    /// Time is counted.
    Running,
    /// An entry is current, and no time is counted.
    Paused,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Paused => "paused",
        })
    }
}

/// The stretch that is being counted. It holds no sleep, no reboot and no clock step: each of those ends it and
/// begins another, so its length is one difference of the monotonic clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Where it began on the wall clock.
    pub start: UnixMs,
    /// What the monotonic clock read where it began.
    pub from: Millis,
    /// When the timer was last known to run: the heartbeat.
    pub seen: ClockSample,
    /// Whether a host watches it. Where one does, a missing heartbeat is a crash; where none does, none is due.
    pub attended: bool,
    /// Whether it bridges a short crash.
    #[serde(default)]
    pub recovered: bool,
}

impl Open {
    /// A stretch that begins now.
    pub const fn at(sample: ClockSample, attended: bool) -> Self {
        Self { start: sample.wall, from: sample.monotonic, seen: sample, attended, recovered: false }
    }

    /// What it counts when the monotonic clock reads `monotonic`.
    pub const fn worked(&self, monotonic: Millis) -> Millis {
        monotonic.since(self.from)
    }

    /// The segment it becomes when it ends at this reading of the clocks.
    pub fn closed(&self, monotonic: Millis, wall: UnixMs) -> Segment {
        Segment {
            span: Span::new(self.start, wall),
            worked: self.worked(monotonic),
            basis: if self.attended { Basis::Measured } else { Basis::Unattended },
            recovered: self.recovered,
            gap: None,
        }
    }
}

impl Timer {
    /// The name of its state.
    pub const fn state(&self) -> State {
        match self {
            Self::Idle => State::Idle,
            Self::Running { .. } => State::Running,
            Self::Paused { .. } => State::Paused,
        }
    }

    /// The current entry.
    pub const fn entry(&self) -> Option<&Entry> {
        match self {
            Self::Idle => None,
            Self::Running { entry, .. } | Self::Paused { entry } => Some(entry),
        }
    }

    /// The current entry, to amend.
    pub(crate) const fn entry_mut(&mut self) -> Option<&mut Entry> {
        match self {
            Self::Idle => None,
            Self::Running { entry, .. } | Self::Paused { entry } => Some(entry),
        }
    }

    /// The current entry as of `sample`: a running stretch is shown closed there.
    pub fn snapshot(&self, sample: &ClockSample) -> Option<Entry> {
        let mut entry = self.entry()?.clone();
        if let Self::Running { open, .. } = self {
            let until = if sample.boot == open.seen.boot { sample } else { &open.seen };
            entry.add_segment(open.closed(until.monotonic, until.wall));
        }
        Some(entry)
    }

    /// All the work of the current entry as of `sample`.
    pub fn worked(&self, sample: &ClockSample) -> Millis {
        self.snapshot(sample).map_or(Millis::ZERO, |entry| entry.worked())
    }
}
