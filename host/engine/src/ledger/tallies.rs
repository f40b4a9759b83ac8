//! Counts of what happened since the host started. The names of targets and plugins come from the configuration, so
//! there are never many.

use std::collections::BTreeMap;

use stint_domain::{failure::Cause, time::Millis};
use stint_plugin_runtime::Report;

use super::Event;

/// The upper ends of the classes that durations are counted in, in milliseconds.
pub(super) const CLASSES_MS: [u64; 11] = [5, 10, 25, 50, 100, 250, 1_000, 2_500, 10_000, 60_000, 240_000];

/// All counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Tallies {
    pub(super) targets: BTreeMap<String, TargetTally>,
    pub(super) plugins: BTreeMap<String, PluginTally>,
}

/// One target's.
#[derive(Clone, Debug, Default)]
pub(super) struct TargetTally {
    /// Attempts by outcome and cause; no cause where it is a success.
    pub(super) outcomes: BTreeMap<(&'static str, &'static str), u64>,
    pub(super) took: Durations,
    pub(super) claims: u64,
    pub(super) claimed: u64,
    pub(super) passes: u64,
    pub(super) in_flight: u64,
}

/// One plugin's.
#[derive(Clone, Debug, Default)]
pub(super) struct PluginTally {
    pub(super) calls: u64,
    pub(super) failed: u64,
    pub(super) requests: u64,
    pub(super) cpu_us: u64,
    pub(super) memory_bytes_max: u64,
    pub(super) took: Durations,
}

/// Durations, by class.
#[derive(Clone, Debug, Default)]
pub(super) struct Durations {
    /// How many were in each class, the last being those above all.
    pub(super) classes: [u64; CLASSES_MS.len() + 1],
    pub(super) count: u64,
    pub(super) sum_ms: u64,
}

impl Durations {
    fn add(&mut self, took: Millis) {
        let class = CLASSES_MS.iter().position(|end| took.0 <= *end).unwrap_or(CLASSES_MS.len());
        self.classes[class] += 1;
        self.count += 1;
        self.sum_ms = self.sum_ms.saturating_add(took.0);
    }
}

impl Tallies {
    pub(super) fn event(&mut self, event: &Event) {
        let Some(target) = event.target() else { return };
        let tally = self.target(target);
        let mut count = |outcome, cause: Option<Cause>| {
            *tally.outcomes.entry((outcome, cause.map_or("", Cause::word))).or_default() += 1;
        };
        match event {
            Event::Delivered { took_ms, .. } => {
                count("delivered", None);
                tally.took.add(*took_ms);
            }
            Event::Later { cause, .. } => count("later", Some(*cause)),
            Event::Failed { cause, .. } => count("failed", Some(*cause)),
            Event::Withheld { .. } => count("withheld", None),
            Event::Passed { .. } => tally.passes += 1,
            Event::Timer { .. } | Event::Changed { .. } | Event::Idle { .. } => {}
        }
    }

    pub(super) fn claimed(&mut self, target: &str, items: usize) {
        let tally = self.target(target);
        tally.claims += 1;
        tally.claimed += items as u64;
    }

    pub(super) fn in_flight(&mut self, target: &str, calls: usize) {
        self.target(target).in_flight = calls as u64;
    }

    pub(super) fn called(&mut self, plugin: &str, report: &Report, took: Millis, failed: bool) {
        let tally = entry(&mut self.plugins, plugin);
        tally.calls += 1;
        tally.failed += u64::from(failed);
        tally.requests += u64::from(report.requests);
        tally.cpu_us = tally.cpu_us.saturating_add(u64::try_from(report.cpu.as_micros()).unwrap_or(u64::MAX));
        tally.memory_bytes_max = tally.memory_bytes_max.max(report.memory_bytes as u64);
        tally.took.add(took);
    }

    fn target(&mut self, name: &str) -> &mut TargetTally {
        entry(&mut self.targets, name)
    }
}

fn entry<'a, T: Default>(map: &'a mut BTreeMap<String, T>, name: &str) -> &'a mut T {
    map.entry(name.to_owned()).or_default()
}
