//! One bench: how it is registered and how it is measured. Subject and control take turns, and the order within a
//! pair is swapped every time, so that neither a slow minute of the machine nor going first favours one of them.

use std::error::Error;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::figures::{extremes, median};
use super::{Bar, Stopwatch};

/// How many pairs are measured at least and at most, after one that only warms up. Short pairs are repeated until
/// they add up to a while, because a neighbour on the machine disturbs them most.
const PAIRS: RangeInclusive<usize> = 7..=101;
const A_WHILE: Duration = Duration::from_secs(8);

/// Why a bench could not be measured, in its author's words.
pub type Failure = Box<dyn Error>;

/// One run of a subject or a control: it prepares what it needs and times its work with the stopwatch.
pub type Work = Box<dyn FnMut(&mut Stopwatch) -> Result<(), Failure>>;

/// A subject and the control it is compared with.
pub struct Pair {
    subject: Work,
    control: Work,
}

impl Pair {
    /// Both should take milliseconds at least: the clock's own cost and resolution are below a microsecond.
    pub fn new(
        subject: impl FnMut(&mut Stopwatch) -> Result<(), Failure> + 'static,
        control: impl FnMut(&mut Stopwatch) -> Result<(), Failure> + 'static,
    ) -> Self {
        Self { subject: Box::new(subject), control: Box::new(control) }
    }
}

/// Something promised about speed or cost, and how to find out.
pub struct Bench {
    name: &'static str,
    unit: &'static str,
    bar: Bar,
    method: Method,
}

/// Preparation is part of the method, so that a bench that wasn't asked for costs nothing.
enum Method {
    Slowdown(Box<dyn FnMut() -> Result<Pair, Failure>>),
    Throughput(Box<dyn FnMut() -> Result<Pair, Failure>>),
    Count(Box<dyn FnMut() -> Result<f64, Failure>>),
}

/// What a bench found.
#[derive(Debug)]
pub struct Measured {
    /// The bench's name.
    pub name: &'static str,
    /// What the figure counts: `× control` for a ratio, the bench's own words for a count.
    pub unit: &'static str,
    /// What the figure is held against.
    pub bar: Bar,
    /// The figure, with its timing unless it is a count.
    pub result: Result<(f64, Option<Timing>), Failure>,
}

/// Where a ratio comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timing {
    /// The subject's median time.
    pub subject: Duration,
    /// The control's median time.
    pub control: Duration,
    /// The smallest ratio of a pair.
    pub min: f64,
    /// The largest ratio of a pair.
    pub max: f64,
    /// How many pairs were measured.
    pub pairs: usize,
}

/// How a bench ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The figure keeps its bar.
    Met,
    /// It doesn't.
    Missed,
    /// There is no figure.
    Broken,
}

impl Bench {
    /// The subject may take at most `bound` times as long as the control.
    pub fn slowdown(
        name: &'static str,
        bound: f64,
        prepare: impl FnMut() -> Result<Pair, Failure> + 'static,
    ) -> Self {
        Self {
            name, unit: "× control", bar: Bar::AtMost(bound), method: Method::Slowdown(Box::new(prepare))
        }
    }

    /// The subject must get done, in the same time, at least `bound` times what the control does.
    pub fn throughput(
        name: &'static str,
        bound: f64,
        prepare: impl FnMut() -> Result<Pair, Failure> + 'static,
    ) -> Self {
        Self {
            name,
            unit: "× control",
            bar: Bar::AtLeast(bound),
            method: Method::Throughput(Box::new(prepare)),
        }
    }

    /// A count has no control and no noise: it is taken once.
    pub fn count(
        name: &'static str,
        unit: &'static str,
        bar: Bar,
        count: impl FnMut() -> Result<f64, Failure> + 'static,
    ) -> Self {
        Self { name, unit, bar, method: Method::Count(Box::new(count)) }
    }

    /// The name it was registered with.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Finds out.
    pub fn measure(&mut self) -> Measured {
        let result = match &mut self.method {
            Method::Slowdown(prepare) => {
                prepare().and_then(|pair| compare(pair, |ours, theirs| ours / theirs))
            }
            Method::Throughput(prepare) => {
                prepare().and_then(|pair| compare(pair, |ours, theirs| theirs / ours))
            }
            Method::Count(count) => count().map(|value| (value, None)),
        };
        Measured { name: self.name, unit: self.unit, bar: self.bar, result }
    }
}

impl Measured {
    /// Whether the bar is kept.
    pub fn verdict(&self) -> Verdict {
        match &self.result {
            Ok((value, _)) if self.bar.met_by(*value) => Verdict::Met,
            Ok(_) => Verdict::Missed,
            Err(_) => Verdict::Broken,
        }
    }
}

/// Runs the pairs and takes the median of their ratios.
fn compare(mut pair: Pair, ratio: impl Fn(f64, f64) -> f64) -> Result<(f64, Option<Timing>), Failure> {
    run_pair(&mut pair, true)?;
    let mut times = Vec::new();
    while wants_more(&times) {
        times.push(run_pair(&mut pair, times.len() % 2 == 1)?);
    }
    Ok(summary(&times, ratio).ok_or("failed to compare: no pair was measured")?)
}

fn wants_more(times: &[(Duration, Duration)]) -> bool {
    let total: Duration = times.iter().map(|(subject, control)| *subject + *control).sum();
    times.len() < *PAIRS.start() || (times.len() < *PAIRS.end() && total < A_WHILE)
}

/// One run of each, with the subject first or second.
fn run_pair(pair: &mut Pair, subject_first: bool) -> Result<(Duration, Duration), Failure> {
    if subject_first {
        let subject = run_once(&mut pair.subject, "subject")?;
        return Ok((subject, run_once(&mut pair.control, "control")?));
    }
    let control = run_once(&mut pair.control, "control")?;
    Ok((run_once(&mut pair.subject, "subject")?, control))
}

fn run_once(work: &mut Work, side: &str) -> Result<Duration, Failure> {
    let mut watch = Stopwatch::default();
    work(&mut watch)?;
    if watch.elapsed().is_zero() {
        return Err(format!("the {side} timed nothing; wrap its work in Stopwatch::time").into());
    }
    Ok(watch.elapsed())
}

fn summary(times: &[(Duration, Duration)], ratio: impl Fn(f64, f64) -> f64) -> Option<(f64, Option<Timing>)> {
    let ratios =
        || times.iter().map(|(subject, control)| ratio(subject.as_secs_f64(), control.as_secs_f64()));
    let (min, max) = extremes(ratios())?;
    let timing = Timing {
        subject: Duration::from_secs_f64(median(times.iter().map(|(subject, _)| subject.as_secs_f64()))?),
        control: Duration::from_secs_f64(median(times.iter().map(|(_, control)| control.as_secs_f64()))?),
        min,
        max,
        pairs: times.len(),
    };
    Some((median(ratios())?, Some(timing)))
}

#[cfg(test)]
mod tests;
