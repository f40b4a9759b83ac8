//! What a person can ask of the timer, and which stretch of the past it may touch.

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use stint_domain::{
    bounds::TooMuch,
    entry::{Details, Entry},
    id::{EntryId, GapId},
    time::{Span, UnixMs},
    timer::{Command, Edit},
};
use stint_store::{hex, timeline::Asked};

/// Something a person asks of the timer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
    /// What is asked, as it is remembered beside the answer: the same id means the same question.
    pub(crate) fn asked(&self) -> Asked {
        // What is asked has text keys and whole numbers, so it has a JSON.
        let text = serde_json::to_vec(self).unwrap_or_default();
        Asked { word: self.word().to_owned(), digest: hex(&Sha256::digest(text)[..8]) }
    }

    /// What a person calls it.
    const fn word(&self) -> &'static str {
        match self {
            Self::Verb(command) => command.verb.word(),
            Self::Add { .. } => "add",
            Self::Edit { .. } => "edit",
            Self::Delete { .. } => "delete",
            Self::SetGap { kept: true, .. } => "gap keep",
            Self::SetGap { kept: false, .. } => "gap drop",
            Self::Undo => "undo",
        }
    }

    /// Refuses more than can be said about an entry.
    pub(crate) fn within_bounds(&self) -> Result<(), TooMuch> {
        match self {
            Self::Verb(Command { details, .. }) | Self::Add { details, .. } => details.within_bounds(),
            Self::Edit { edit, .. } => {
                let (project, task, note) = (edit.project.clone(), edit.task.clone(), edit.note.clone());
                let (project, task, note) = (project.flatten(), task.flatten(), note.flatten());
                let tags = edit.tags.clone().unwrap_or_default();
                Details { project, task, note, tags, billable: false }.within_bounds()
            }
            Self::Delete { .. } | Self::SetGap { .. } | Self::Undo => Ok(()),
        }
    }

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
