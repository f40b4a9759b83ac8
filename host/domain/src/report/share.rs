//! How a segment's work lies over its span: evenly, since nothing better is known.
//!
//! Invariant: what lies before an instant is rounded once and for all. So the parts of any division, by days or by
//! ranges, in one go or in several, sum exactly to the segment's work.

use jiff::Timestamp;

use crate::{
    entry::Segment,
    time::{Millis, Span, UnixMs},
};

/// The instant as the calendar knows it. One beyond the years −9999 to 9999 is the nearest inside: a broken clock may
/// write any number, and a report must not fail for it.
pub(super) fn on_calendar(at: UnixMs) -> Timestamp {
    let nearest = if at.0.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_millisecond(at.0).unwrap_or(nearest)
}

/// A segment's work, spread evenly over its span on the calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    span: Span,
    worked: Millis,
}

impl Spread {
    pub(super) fn of(segment: &Segment) -> Self {
        let [start, end] =
            [segment.span.start, segment.span.end].map(|at| UnixMs(on_calendar(at).as_millisecond()));
        Self { span: Span::new(start, end), worked: segment.worked }
    }

    /// The part of the span within the window. Work without any length lies whole at its instant, and belongs to
    /// the window that starts there, not to the one that ends there.
    pub(super) fn clip(self, window: Span) -> Option<Span> {
        if self.is_an_instant() {
            let at = self.span.start;
            return (window.start <= at && at < window.end).then_some(self.span);
        }
        let (start, end) = (self.span.start.max(window.start), self.span.end.min(window.end));
        (start < end).then_some(Span { start, end })
    }

    /// The work within a part of the span, as `clip` or a division of it gave it.
    pub(super) fn within(self, part: Span) -> Millis {
        if self.is_an_instant() {
            return self.worked;
        }
        self.before(part.end).since(self.before(part.start))
    }

    fn is_an_instant(self) -> bool {
        self.span.start == self.span.end
    }

    /// The work before an instant of the span, rounded down.
    fn before(self, at: UnixMs) -> Millis {
        let (gone, whole) = (at.since(self.span.start), self.span.length());
        let exact = u128::from(self.worked.0) * u128::from(gone.0) / u128::from(whole.0);
        Millis(u64::try_from(exact).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_only_touches_a_span_has_nothing_of_it() {
        let span = |start, end| Span::new(UnixMs(start), UnixMs(end));
        let spread = Spread::of(&Segment::claimed(span(10, 20)));
        assert_eq!(spread.clip(span(0, 10)), None);
        assert_eq!(spread.clip(span(20, 30)), None);
        assert_eq!(spread.clip(span(19, 30)), Some(span(19, 20)));
        assert_eq!(spread.clip(span(0, 11)), Some(span(10, 11)));
    }
}
