//! Cutting an entry at a stated instant. What is cut through keeps its stated part, as a claim; what lies wholly
//! outside is gone.

use crate::{
    entry::{Basis, Entry, Segment},
    time::{Span, UnixMs},
};

impl Entry {
    /// Removes everything after `end`.
    pub fn cut_after(&mut self, end: UnixMs) {
        self.cut(|span| Span { start: span.start, end: span.end.min(end) });
    }

    /// Removes everything before `start`.
    pub fn cut_before(&mut self, start: UnixMs) {
        self.cut(|span| Span { start: span.start.max(start), end: span.end });
    }

    /// Applies `keep` to every span: one that it shortens is cut, one that it turns over is removed. Gaps follow,
    /// and a segment whose gap was cut stands on its own.
    fn cut(&mut self, keep: impl Fn(Span) -> Span) {
        self.gaps.retain(|gap| keep(gap.span) == gap.span);
        let gaps = &self.gaps;
        self.segments.retain_mut(|segment| {
            let kept = keep(segment.span);
            if kept == segment.span {
                return true;
            }
            if kept.end <= kept.start {
                return false;
            }
            *segment =
                Segment { span: kept, worked: kept.length(), basis: Basis::Claimed, ..segment.clone() };
            segment.gap = segment.gap.filter(|id| gaps.iter().any(|gap| gap.id == *id));
            true
        });
    }
}
