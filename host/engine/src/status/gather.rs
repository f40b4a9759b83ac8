//! Gathers the status: one read of the store, and what the process itself knows. Costs the same however much waits.

use std::collections::BTreeMap;

use stint_config::Config;
use stint_domain::{
    clock::ClockSample,
    entry::Entry,
    gap::Gap,
    pace::Breaker,
    time::{Millis, UnixMs},
    timer::Timer,
};
use stint_plugin_runtime::registry::Catalogue;
use stint_store::{
    Error,
    target::{self, HoldReason},
    timeline,
};

use super::{
    CaptureStatus, ConfigStatus, GapStatus, HostStatus, PassStatus, PluginStatus, QueueStatus, Status,
    TargetState, TargetStatus, TimerStatus,
};
use crate::{
    current::Current,
    deliver::Passed,
    desk::Desk,
    presence::Presence,
    shots::unknown_areas,
    when::When,
    wiring::{PluginView, suspended, view},
};

impl Desk {
    /// Everything at a glance.
    pub fn status(&self) -> Result<Status, Error> {
        let (timer, targets, pause) = self.read(|tx| {
            Ok((timeline::load(tx)?.timer, target::statuses(tx)?, stint_store::capture_pause(tx)?))
        })?;
        let (now, current) = (self.clock().sample(), self.current());
        let config = &current.loaded.config;
        let mut queue = QueueStatus::default();
        for target in targets.iter().filter(|target| target.retired_at.is_none()) {
            queue.add(&target.counts);
        }
        Ok(Status {
            version: 1,
            host: self.host_status(&current),
            timer: timer_status(&timer, &now),
            targets: {
                let passes = self.passes().watch();
                let passes = passes.borrow();
                let of = |target| target_status(target, config, &passes, &now);
                targets.iter().filter_map(of).collect()
            },
            queue,
            plugins: plugins(&self.plugins.borrow(), &suspended(&current.loaded, &targets)),
            capture: self.capture_status(config, pause.filter(|until| *until > now.wall)),
            alerts: self.alerts(),
        })
    }

    fn capture_status(&self, config: &Config, paused_until: Option<UnixMs>) -> CaptureStatus {
        let news = self.shots().news();
        CaptureStatus {
            enabled: config.capture.enabled,
            last_at: news.last_at.map(When),
            error: news.trouble.map(|trouble| trouble.error).filter(|_| config.capture.enabled),
            warnings: unknown_areas(&config.capture, &news.screens),
            paused_until: paused_until.map(When),
        }
    }

    fn host_status(&self, current: &Current) -> HostStatus {
        let since = match self.presence() {
            Presence::Host { since } => Some(since),
            Presence::Command => None,
        };
        let rejected = current.rejected.as_deref();
        let path = current.loaded.file().or_else(|| rejected?.file());
        HostStatus {
            running: since.is_some(),
            pid: since.map(|_| std::process::id()),
            since: since.map(When),
            config: ConfigStatus {
                path: path.map(|path| path.display().to_string()),
                valid: current.rejected.is_none(),
                error: current.rejected.as_ref().map(ToString::to_string),
            },
            tasks: self.tasks.borrow().clone(),
        }
    }
}

fn plugins(catalogue: &Catalogue, suspended: &[(String, String)]) -> Vec<PluginStatus> {
    let views = catalogue.entries.iter().map(|(name, entry)| view(name, entry, suspended));
    views
        .map(|PluginView { name, kind, version, sha256, state, error, .. }| PluginStatus {
            name,
            kind,
            version,
            sha256,
            state,
            error,
        })
        .collect()
}

fn timer_status(timer: &Timer, now: &ClockSample) -> TimerStatus {
    let entry = timer.snapshot(now);
    let details = entry.as_ref().map(|entry| entry.details.clone()).unwrap_or_default();
    TimerStatus {
        state: timer.state(),
        entry_id: entry.as_ref().map(|entry| entry.id),
        project: details.project,
        task: details.task,
        note: details.note,
        tags: details.tags,
        billable: details.billable,
        started_at: entry.as_ref().map(|entry| When(entry.started_at)),
        worked_ms: entry.as_ref().map(Entry::worked).unwrap_or_default(),
        gaps: entry.iter().flat_map(|entry| &entry.gaps).map(GapStatus::from).collect(),
    }
}

impl From<&Gap> for GapStatus {
    fn from(gap: &Gap) -> Self {
        Self {
            id: gap.id,
            kind: gap.kind,
            start: When(gap.span.start),
            end: When(gap.span.end),
            length_ms: gap.span.length(),
            kept: gap.kept,
        }
    }
}

const NO_LONGER_WANTED: &str = "it is no longer in the configuration, or is switched off there";

/// A target that has left the configuration is shown as long as something of it waits or failed: somebody has to say
/// what becomes of that.
fn target_status(
    target: &target::Status,
    config: &Config,
    passes: &BTreeMap<String, Passed>,
    now: &ClockSample,
) -> Option<TargetStatus> {
    let retired = target.retired_at.is_some();
    let mut counts = QueueStatus::default();
    counts.add(&target.counts);
    if retired && counts.pending == 0 && counts.failed == 0 {
        return None;
    }
    let policy_error = passes.get(&target.name).and_then(|passed| passed.policy_error.clone());
    let named = config.targets.iter().find(|(name, _)| name.as_str() == target.name);
    let state = match (&target.hold, target.paused) {
        (_, true) => TargetState::Paused,
        (Some(hold), _) if hold.reason == HoldReason::Missing => TargetState::Missing,
        (Some(_), _) => TargetState::Held,
        (None, false) if retired => TargetState::Held,
        (None, false) => TargetState::Ok,
    };
    let hold = target.hold.as_ref().map(|hold| hold.message.clone());
    Some(TargetStatus {
        name: target.name.clone(),
        plugin: named.map(|(_, target)| target.plugin.as_str().to_owned()),
        state,
        held_because: hold.or_else(|| retired.then(|| NO_LONGER_WANTED.to_owned())),
        retired,
        pending: counts.pending,
        failed: counts.failed,
        sent: counts.sent,
        dropped: counts.dropped,
        oldest_pending_ms: target.oldest_pending.map(|at| now.wall.since(at)),
        next_attempt_at: next_attempt(target, now).filter(|_| state == TargetState::Ok),
        last_error: target.last_error.clone(),
        policy_error,
        last_pass: target.last_pass.as_ref().map(|pass| PassStatus {
            at: When(pass.at),
            result: pass.result.clone(),
            delivered: pass.delivered,
        }),
    })
}

/// The first delivery that is due says when, unless the breaker keeps everything back; and nothing goes before the time
/// that the backend asked for is over.
fn next_attempt(target: &target::Status, now: &ClockSample) -> Option<When> {
    let breaker: &Breaker = &target.pace.breaker;
    let floor = target.pace.floor.map(|floor| floor.remaining(now)).filter(|left| *left > Millis::ZERO);
    let floor = floor.map(|left| now.wall + left);
    breaker.open_until.or(target.next_due).max(floor).map(When)
}
