//! What a person can ask of the timer, and which stretch of the past it may touch.

use stint_domain::{
    entry::{Details, Entry},
    id::{EntryId, GapId},
    time::{Span, UnixMs},
    timer::{Command, Edit},
};

/// Something a person asks of the timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// One of the timer's verbs.
    Verb(Command),
    /// A finished entry, added by hand.
    Add {
        /// What is said about it.
        details: Details,
        /// From when.
        start: UnixMs,
        /// To when.
        end: UnixMs,
    },
    /// A change to an entry.
    Edit {
        /// The entry.
        entry: EntryId,
        /// The change.
        edit: Edit,
    },
    /// An entry is to go.
    Delete {
        /// The entry.
        entry: EntryId,
    },
    /// A gap is to count, or not.
    SetGap {
        /// The gap.
        gap: GapId,
        /// Whether it counts.
        kept: bool,
    },
    /// The last change is to be taken back.
    Undo,
}

/// What becomes of a running timer when its host leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnQuit {
    /// It runs on, unattended.
    #[default]
    Keep,
    /// It is paused.
    Pause,
    /// It is stopped.
    Stop,
}

impl Ask {
    /// The stretch in which another entry's work could stand against it: from the earliest time it could claim to the
    /// end of time, since a wall clock that was set back has work in the future. Nothing, where it claims no time.
    /// `subject` is the entry that it is about.
    pub(crate) fn reach(&self, subject: Option<&Entry>) -> Option<Span> {
        let from = match self {
            Self::Verb(command) => command.at?,
            Self::Add { start, .. } => *start,
            Self::Edit { edit, .. } => {
                let stated = edit.start.into_iter().chain(edit.end).min()?;
                subject.map_or(stated, |entry| stated.min(entry.started_at))
            }
            Self::SetGap { gap, .. } => subject?.gap(*gap)?.span.start,
            Self::Delete { .. } | Self::Undo => return None,
        };
        Some(Span::new(from, UnixMs(i64::MAX)))
    }
}
