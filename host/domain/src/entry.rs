//! An entry of the timeline: what was worked on, in which stretches, and which stretches are in question.
//!
//! Invariant: the worked time of an entry is the sum of its segments and nothing else. A gap counts exactly when
//! it is kept, and then by a segment of its own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    gap::{Gap, GapKind},
    id::{EntryId, GapId},
    time::{Millis, Span, UnixMs},
};

/// What a person says about an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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

    /// Where its last segment ends, and never before its start: not even where it has none, nor where the wall
    /// clock was set back behind it.
    pub fn last_end(&self) -> UnixMs {
        self.segments.iter().map(|segment| segment.span.end).fold(self.started_at, UnixMs::max)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "one".into() };
        let id = EntryId::from_bytes([1; 16]);
        Entry::new(id, Details::default(), UnixMs(1_000), "Europe/Vienna".into(), origin)
    }

    fn span(start: i64, end: i64) -> Span {
        Span::new(UnixMs(start), UnixMs(end))
    }

    fn gap(id: u8, span: Span, kept: bool) -> Gap {
        Gap { id: GapId::from_bytes([id; 16]), kind: GapKind::Sleep, span, kept }
    }

    #[test]
    fn segments_and_gaps_find_their_places() {
        let mut entry = entry();
        for start in [3_000, 1_000, 2_000] {
            entry.add_segment(Segment::claimed(span(start, start + 500)));
            entry.add_gap(gap(1, span(start + 500, start + 1_000), false));
        }
        let starts: Vec<_> = entry.segments.iter().map(|segment| segment.span.start.0).collect();
        assert_eq!(starts, [1_000, 2_000, 3_000]);
        let starts: Vec<_> = entry.gaps.iter().map(|gap| gap.span.start.0).collect();
        assert_eq!(starts, [1_500, 2_500, 3_500]);
        assert_eq!((entry.worked(), entry.last_end()), (Millis(1_500), UnixMs(3_500)));
    }

    #[test]
    fn what_starts_together_stays_in_the_order_it_came() {
        let mut entry = entry();
        for end in [3_000, 2_000] {
            entry.add_segment(Segment::claimed(span(1_000, end)));
            entry.add_gap(gap(1, span(1_000, end), false));
        }
        assert_eq!([entry.segments[0].span, entry.gaps[0].span], [span(1_000, 3_000); 2]);
    }

    #[test]
    fn what_has_no_length_is_left_out() {
        let mut entry = entry();
        entry.add_segment(Segment::claimed(span(1_000, 1_000)));
        entry.add_segment(Segment { worked: Millis::ZERO, ..Segment::claimed(span(1_000, 1_500)) });
        entry.add_gap(gap(1, span(1_000, 1_000), true));
        assert!(entry.segments.is_empty() && entry.gaps.is_empty());
        entry.add_segment(Segment { worked: Millis(5), ..Segment::claimed(span(1_000, 1_000)) });
        assert_eq!(entry.worked(), Millis(5), "work counts though the wall clock stood still");
    }

    #[test]
    fn an_entry_ends_no_earlier_than_it_starts() {
        let mut entry = entry();
        assert_eq!(entry.last_end(), UnixMs(1_000));
        entry.add_segment(Segment::claimed(span(200, 700)));
        assert_eq!(entry.last_end(), UnixMs(1_000), "the wall clock was set back");
    }

    #[test]
    fn a_gap_that_is_kept_from_the_start_counts_once() {
        let mut entry = entry();
        entry.add_gap(gap(1, span(1_000, 1_400), true));
        assert_eq!(entry.worked(), Millis(400));
        assert!(!entry.set_gap_kept(GapId::from_bytes([1; 16]), true));
        assert_eq!(entry.worked(), Millis(400));
    }

    #[test]
    fn dropping_one_gap_leaves_the_others() {
        let mut entry = entry();
        entry.add_gap(gap(1, span(1_000, 1_400), true));
        entry.add_gap(gap(2, span(1_400, 1_500), true));
        assert!(entry.set_gap_kept(GapId::from_bytes([1; 16]), false));
        assert_eq!(entry.worked(), Millis(100));
        assert!(!entry.gaps[0].kept && entry.gaps[1].kept);
        assert!(!entry.set_gap_kept(GapId::from_bytes([3; 16]), false), "there is no such gap");
        assert_eq!(entry.gap(GapId::from_bytes([2; 16])), Some(&entry.gaps[1]));
        assert_eq!(entry.gap(GapId::from_bytes([3; 16])), None);
    }

    #[test]
    fn a_snapshot_says_the_sum() {
        let mut entry = entry();
        entry.add_segment(Segment::claimed(span(1_000, 1_500)));
        assert_eq!(Snapshot::from(entry.clone()), Snapshot { entry, worked: Millis(500) });
    }
}
