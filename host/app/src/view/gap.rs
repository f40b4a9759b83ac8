//! A stretch in question, with the command that decides it.

use stint_domain::{gap::GapKind, id::GapId, time::UnixMs};

use super::{Paper, entry::short};
use crate::{
    text::{Page, Tone},
    time::{length, stretch},
};

/// A stretch in question.
pub(super) struct Question {
    pub(super) id: GapId,
    pub(super) kind: GapKind,
    pub(super) from: UnixMs,
    pub(super) to: UnixMs,
    pub(super) length_ms: u64,
    pub(super) kept: bool,
}

impl Question {
    /// Writes what it is, whether it counts, and how to say otherwise.
    pub(super) fn write(&self, indent: usize, paper: &Paper, page: &mut Page) {
        let (counts, otherwise) = if self.kept { ("counts", "drop") } else { ("doesn't count", "keep") };
        let text = format!(
            "{} {}, {}: {counts}; else: stint gap {otherwise} {}",
            self.kind.word(),
            stretch(self.from, Some(self.to), &paper.zone),
            length(self.length_ms),
            short(&self.id),
        );
        page.say(indent, Tone::Plain, &text);
    }
}
