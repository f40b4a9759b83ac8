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
