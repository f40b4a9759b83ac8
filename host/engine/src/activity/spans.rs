//! Samples of activity, merged: one for each stretch that looks the same, so that an hour in one window is a few samples
//! and not seven hundred.

use stint_capture::Look;
use stint_domain::{
    item::ActivitySample,
    time::{Millis, Span, UnixMs},
};

/// A window of samples is told after so long.
const WINDOW: Millis = Millis::from_mins(10);
/// Or after so many samples.
const SAMPLES_MAX: usize = 500;
/// Idle time below this is typing and reading.
const BRIEF: Millis = Millis::from_secs(60);

/// Samples that are not told yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Spans {
    from: Option<UnixMs>,
    samples: Vec<ActivitySample>,
}

/// Samples that are to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) window: Span,
    pub(super) samples: Vec<ActivitySample>,
}

impl Spans {
    /// Adds a look. A stretch is told by its first sample; while nobody is there, by its last one too, whose idle time
    /// says how long that was.
    pub(super) fn add(&mut self, at: UnixMs, look: Look) -> Option<Told> {
        let full =
            self.from.is_some_and(|from| at.since(from) >= WINDOW) || self.samples.len() >= SAMPLES_MAX;
        let told = if full { self.take(at) } else { None };
        self.from.get_or_insert(at);
        let sample = ActivitySample { at, idle: look.idle, app: look.app, title: look.title };
        let is_idle = |sample: &ActivitySample| sample.idle >= BRIEF;
        let like = |one: &ActivitySample, other: &ActivitySample| {
            (&one.app, &one.title, is_idle(one)) == (&other.app, &other.title, is_idle(other))
        };
        match &mut self.samples[..] {
            [.., before, last] if like(before, last) && like(last, &sample) && is_idle(last) => {
                *last = sample;
            }
            [.., last] if like(last, &sample) && !is_idle(last) => {}
            _ => self.samples.push(sample),
        }
        told
    }

    /// All that isn't told yet.
    pub(super) fn take(&mut self, until: UnixMs) -> Option<Told> {
        let from = self.from.take()?;
        let samples = std::mem::take(&mut self.samples);
        (!samples.is_empty()).then(|| Told { window: Span::new(from, until.max(from)), samples })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(app: &str, idle_s: u64) -> Look {
        Look { app: Some(app.to_owned()), idle: Millis::from_secs(idle_s), ..Look::default() }
    }

    #[test]
    fn a_stretch_that_looks_the_same_is_one_sample() {
        let mut spans = Spans::default();
        for second in 0..120 {
            let app = if second < 60 { "editor" } else { "browser" };
            assert_eq!(spans.add(UnixMs(second * 1_000), look(app, 0)), None);
        }
        let told = spans.take(UnixMs(120_000)).unwrap();
        assert_eq!(told.window, Span::new(UnixMs(0), UnixMs(120_000)));
        let seen: Vec<_> =
            told.samples.iter().map(|sample| (sample.at.0, sample.app.as_deref().unwrap())).collect();
        assert_eq!(seen, [(0, "editor"), (60_000, "browser")]);
        assert_eq!(spans.take(UnixMs(121_000)), None);
    }

    #[test]
    fn absence_is_told_by_its_first_and_last_sample() {
        let mut spans = Spans::default();
        for second in 0..300_u64 {
            spans.add(UnixMs(second.cast_signed() * 1_000), look("editor", second));
        }
        spans.add(UnixMs(300_000), look("editor", 0));
        let told = spans.take(UnixMs(301_000)).unwrap();
        let idle: Vec<_> = told.samples.iter().map(|sample| sample.idle.0 / 1_000).collect();
        assert_eq!(idle, [0, 60, 299, 0]);
    }

    #[test]
    fn a_window_is_told_when_it_is_full() {
        let mut spans = Spans::default();
        let told: Vec<_> =
            (0..=1_200).filter_map(|second| spans.add(UnixMs(second * 1_000), look("editor", 0))).collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].window, Span::new(UnixMs(0), UnixMs(600_000)));
        let mut restless = Spans::default();
        let told = (0..600).find_map(|second| restless.add(UnixMs(second), look(&second.to_string(), 0)));
        assert_eq!(told.unwrap().samples.len(), SAMPLES_MAX);
    }
}
