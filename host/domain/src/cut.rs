//! What stated instants do to an entry: a claim adds to it, a cut takes away from it. What is cut through keeps its
//! stated part, as a claim; what lies wholly outside is gone.
//!
//! Invariant: a claim leaves no gap where it lies, so that keeping a gap later can't count the same time again; and
//! no cut makes an entry count more.

use crate::{
    entry::{Basis, Entry, Segment},
    time::{Span, UnixMs},
};

impl Entry {
    /// Counts a stretch by a person's word. It must hold no segment yet. A gap that reaches into it is settled by
    /// that word, and keeps only what lies before.
    pub fn claim(&mut self, span: Span) {
        self.gaps.retain_mut(|gap| {
            if gap.span.overlaps(span) {
                gap.span = Span::new(gap.span.start, gap.span.end.min(span.start));
            }
            gap.span.start < gap.span.end
        });
        self.add_segment(Segment::claimed(span));
    }

    /// Removes everything after `end`.
    pub fn cut_after(&mut self, end: UnixMs) {
        self.cut(|span| Span { start: span.start, end: span.end.min(end) });
    }

    /// Removes everything before `start`.
    pub fn cut_before(&mut self, start: UnixMs) {
        self.cut(|span| Span { start: span.start.max(start), end: span.end });
    }

    /// Applies `keep` to every span: one that it shortens is cut, one that it turns over is removed.
    fn cut(&mut self, keep: impl Fn(Span) -> Span) {
        self.gaps.retain_mut(|gap| {
            gap.span = keep(gap.span);
            gap.span.start < gap.span.end
        });
        self.segments.retain_mut(|segment| {
            let kept = keep(segment.span);
            if kept == segment.span {
                return true;
            }
            segment.span = kept;
            segment.worked = segment.worked.min(kept.length());
            segment.basis = Basis::Claimed;
            kept.start < kept.end
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entry::{Details, Origin},
        gap::{Gap, GapKind},
        id::{EntryId, GapId},
        time::Millis,
    };

    fn span(start: i64, end: i64) -> Span {
        Span::new(UnixMs(start), UnixMs(end))
    }

    /// Work from 100 to 200, a kept gap to 300, a dropped one to 400, work to 500: all of it measured.
    fn entry() -> Entry {
        let origin = Origin { person: "ada".into(), machine: "desk".into(), installation: "one".into() };
        let id = EntryId::from_bytes([1; 16]);
        let mut entry = Entry::new(id, Details::default(), UnixMs(100), "UTC".into(), origin);
        for part in [span(100, 200), span(400, 500)] {
            entry.add_segment(Segment { basis: Basis::Measured, ..Segment::claimed(part) });
        }
        for (id, part, kept) in [(1, span(200, 300), true), (2, span(300, 400), false)] {
            let id = GapId::from_bytes([id; 16]);
            entry.add_gap(Gap { id, kind: GapKind::Idle, span: part, kept });
        }
        entry
    }

    fn parts(entry: &Entry) -> (Vec<(Span, Basis)>, Vec<Span>) {
        let segments = entry.segments.iter().map(|segment| (segment.span, segment.basis)).collect();
        (segments, entry.gaps.iter().map(|gap| gap.span).collect())
    }

    #[test]
    fn a_cut_at_a_border_changes_no_neighbour() {
        use Basis::Measured;
        let mut cut = entry();
        cut.cut_after(UnixMs(300));
        cut.cut_before(UnixMs(200));
        assert_eq!(parts(&cut), (vec![(span(200, 300), Measured)], vec![span(200, 300)]));
        let mut cut = entry();
        cut.cut_after(UnixMs(500));
        cut.cut_before(UnixMs(100));
        assert_eq!(cut, entry());
    }

    #[test]
    fn a_cut_through_leaves_the_stated_part_as_a_claim() {
        let mut cut = entry();
        cut.cut_after(UnixMs(450));
        cut.cut_before(UnixMs(150));
        let segments = vec![
            (span(150, 200), Basis::Claimed),
            (span(200, 300), Basis::Measured),
            (span(400, 450), Basis::Claimed),
        ];
        assert_eq!(parts(&cut), (segments, vec![span(200, 300), span(300, 400)]));
        assert_eq!(cut.worked(), Millis(200));
    }

    #[test]
    fn a_gap_and_its_segment_are_cut_alike() {
        let mut cut = entry();
        cut.cut_after(UnixMs(250));
        assert_eq!(parts(&cut).1, [span(200, 250)]);
        assert_eq!(cut.worked(), Millis(150));
        assert!(cut.set_gap_kept(GapId::from_bytes([1; 16]), false));
        assert_eq!(cut.worked(), Millis(100));
    }

    #[test]
    fn a_cut_never_adds_what_was_not_measured() {
        let mut cut = entry();
        cut.segments[0].worked = Millis(40);
        cut.cut_after(UnixMs(190));
        assert_eq!(cut.worked(), Millis(40));
        cut.cut_after(UnixMs(130));
        assert_eq!(cut.worked(), Millis(30));
    }

    #[test]
    fn a_claim_leaves_of_a_gap_what_lies_before_it() {
        let mut claimed = entry();
        claimed.cut_after(UnixMs(400));
        claimed.claim(span(350, 450));
        assert_eq!(parts(&claimed).1, [span(200, 300), span(300, 350)]);
        claimed.claim(span(300, 350));
        assert_eq!(parts(&claimed).1, [span(200, 300)]);
        assert_eq!(claimed.worked(), Millis(350));
    }
}
