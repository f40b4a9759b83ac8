//! An entry of the timeline: what was worked on, in which stretches, and which stretches are in question.
//!
//! Invariant: the worked time of an entry is the sum of its segments and nothing else. A gap counts exactly when
//! it is kept, and then by a segment of its own.

use serde::{Deserialize, Serialize};

use crate::{
    gap::{Gap, GapKind},
    id::{EntryId, GapId},
    time::{Millis, Span, UnixMs},
};

/// What a person says about an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The project it counts for.
    pub project: Option<String>,
    /// The task within the project.
    pub task: Option<String>,
    /// A free text.
    pub note: Option<String>,
    /// Free labels, in the order given.
    pub tags: Vec<String>,
    /// Whether somebody is to be billed for it.
    pub billable: bool,
}

/// Where an entry was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Who worked.
    pub person: String,
    /// The machine's name.
    pub machine: String,
    /// The installation on that machine: made once, never changed.
    pub installation: String,
}

/// How the length of a segment is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// By the monotonic clock, with a host that watched.
    Measured,
    /// By the monotonic clock, with nobody watching between its two ends.
    Unattended,
    /// By a person's word: the difference of two stated instants, or what a cut left of a stretch.
    Claimed,
}

/// A stretch of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it lies on the wall clock.
    pub span: Span,
    /// How long it counts. A measured length may differ from the span by the wall clock's drift.
    #[serde(rename = "worked_ms")]
    pub worked: Millis,
    /// How that length is known.
    pub basis: Basis,
    /// Whether it bridges a crash that was short enough to be credited.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovered: bool,
    /// The kept gap that it stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<GapId>,
}

impl Segment {
    /// A segment by a person's word.
    pub fn claimed(span: Span) -> Self {
        Self { span, worked: span.length(), basis: Basis::Claimed, recovered: false, gap: None }
    }

    /// The segment that makes a kept gap count.
    fn of_gap(gap: &Gap) -> Self {
        let basis = if gap.kind == GapKind::Idle { Basis::Measured } else { Basis::Claimed };
        Self { span: gap.span, worked: gap.span.length(), basis, recovered: false, gap: Some(gap.id) }
    }
}

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id, for as long as it lives.
    pub id: EntryId,
    /// What the person says about it.
    #[serde(flatten)]
    pub details: Details,
    /// When it was started.
    pub started_at: UnixMs,
    /// When its last work ended; nothing while it runs or is paused.
    pub ended_at: Option<UnixMs>,
    /// Its closed stretches of work, in order.
    pub segments: Vec<Segment>,
    /// Its gaps, in order, kept or not.
    pub gaps: Vec<Gap>,
    /// The person's time zone when it was started, as an IANA name.
    pub zone: String,
    /// Where it was recorded.
    pub origin: Origin,
}

impl Entry {
    /// An entry that starts here and has no work yet.
    pub fn new(id: EntryId, details: Details, started_at: UnixMs, zone: String, origin: Origin) -> Self {
        Self { id, details, started_at, ended_at: None, segments: Vec::new(), gaps: Vec::new(), zone, origin }
    }

    /// All its work.
    pub fn worked(&self) -> Millis {
        self.segments.iter().map(|segment| segment.worked).sum()
    }

    /// Where its last segment ends, or its start while it has none.
    pub fn last_end(&self) -> UnixMs {
        self.segments.iter().map(|segment| segment.span.end).max().unwrap_or(self.started_at)
    }

    /// Adds a segment at its place. One that counts nothing says nothing, and is left out.
    pub fn add_segment(&mut self, segment: Segment) {
        if segment.worked == Millis::ZERO {
            return;
        }
        let place = self.segments.partition_point(|other| other.span.start <= segment.span.start);
        self.segments.insert(place, segment);
    }

    /// Adds a gap at its place, with its segment where it is kept. One without any length is left out.
    pub fn add_gap(&mut self, gap: Gap) {
        if gap.span.length() == Millis::ZERO {
            return;
        }
        if gap.kept {
            self.add_segment(Segment::of_gap(&gap));
        }
        let place = self.gaps.partition_point(|other| other.span.start <= gap.span.start);
        self.gaps.insert(place, gap);
    }

    /// The gap with this id.
    pub fn gap(&self, id: GapId) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.id == id)
    }

    /// Makes a gap count, or not. Says whether that changed anything.
    pub fn set_gap_kept(&mut self, id: GapId, kept: bool) -> bool {
        let Some(gap) = self.gaps.iter_mut().find(|gap| gap.id == id && gap.kept != kept) else {
            return false;
        };
        gap.kept = kept;
        let segment = Segment::of_gap(gap);
        if kept {
            self.add_segment(segment);
        } else {
            self.segments.retain(|segment| segment.gap != Some(id));
        }
        self.ended_at = self.ended_at.map(|_| self.last_end());
        true
    }
}

/// An entry as a target is told of it: with the sum that every backend wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The entry, with its running stretch closed at the moment of the snapshot.
    #[serde(flatten)]
    pub entry: Entry,
    /// All its work.
    #[serde(rename = "worked_ms")]
    pub worked: Millis,
}

impl From<Entry> for Snapshot {
    fn from(entry: Entry) -> Self {
        Self { worked: entry.worked(), entry }
    }
}
