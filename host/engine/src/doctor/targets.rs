//! Where items go: what holds a target, what failed, what waits for a target that is gone, when one was last served.

use std::time::Duration;

use stint_config::{Config, Loaded, value::Name};
use stint_domain::{delivery::PlainState, time::UnixMs};
use stint_store::target::Status;

use super::{
    Area, Finding, bounded,
    probe::probe,
    reach::reach,
    way_out::{give_up, heir, part, release},
};
use crate::wiring::{Line, Lines, Unready};

/// Nothing that works is without a success for so long while something waits.
const LONG: Duration = Duration::from_hours(24);

/// A target as the store knows it, and when something was last delivered there.
pub(super) struct Known {
    pub(super) status: Status,
    pub(super) last_sent: Option<UnixMs>,
}

/// What is found about all of them. Each is asked beside the others.
pub(super) async fn targets(loaded: &Loaded, known: &[Known], lines: &Lines, now: UnixMs) -> Vec<Finding> {
    let config = &loaded.config;
    let mut found: Vec<Finding> = Vec::new();
    if config.targets.is_empty() {
        let none = Finding::warning(Area::Targets, "there are none: what is recorded stays on this machine");
        let lines = ["plugin = \"archive\"", "files = \"~/stint\""].map(str::to_owned).to_vec();
        found.push(none.write("targets.archive", lines));
    }
    for known in known {
        found.extend(standing(loaded, known, lines.get(&known.status.name).map(AsRef::as_ref), now));
    }
    let enabled = config.targets.iter().filter(|(_, target)| target.enabled);
    let asked = enabled.map(|(name, _)| async move {
        let line = lines.get(name.as_str());
        bounded(Area::Targets, Some(name.as_str()), ask(config, name, line.map(AsRef::as_ref))).await
    });
    found.extend(futures_util::future::join_all(asked).await.into_iter().flatten());
    found
}

/// Asks a target's hosts, and its plugin to ask the backend where they can be reached.
async fn ask(config: &Config, name: &Name, line: Option<&Line>) -> Vec<Finding> {
    let Some(target) = config.targets.get(name) else { return Vec::new() };
    let Some(line) = line else {
        let early = Finding::warning(Area::Targets, "its plugin is still being looked at").of(name.as_str());
        return vec![early.run("stint doctor")];
    };
    let bound = match &line.uploader {
        Ok(bound) => bound,
        // The plugin's own finding says so.
        Err(Unready::Missing(_)) => return Vec::new(),
        Err(Unready::Misconfigured(why)) => {
            let wrong = Finding::error(Area::Targets, "its settings don't fit its plugin").of(name.as_str());
            return vec![wrong.because(why).run("stint config edit")];
        }
    };
    let mut found = reach(name, target, bound).await;
    if found.iter().all(|finding| finding.level != super::Level::Error) {
        found.push(probe(config, name, target, bound).await);
    }
    if let Err(why) = &line.transforms {
        let wrong = Finding::error(Area::Targets, "its transforms can't be used, so nothing is sent");
        found.push(wrong.of(name.as_str()).because(why.to_string()).run("stint plugin list"));
    }
    if let Some(Err(why)) = &line.policy {
        let wrong = Finding::warning(Area::Targets, "its policy can't be used, so the built-in rules count");
        found.push(wrong.of(name.as_str()).because(why.to_string()).run("stint plugin list"));
    }
    found
}

/// How a target stands by what is recorded of it.
fn standing(loaded: &Loaded, known: &Known, line: Option<&Line>, now: UnixMs) -> Vec<Finding> {
    let status = &known.status;
    let count = |state| status.counts.plain(state);
    let (pending, failed) = (count(PlainState::Pending), count(PlainState::Failed));
    let name = status.name.as_str();
    let finding = |finding: Finding| finding.of(name);
    if status.retired_at.is_some() {
        let gone = (pending + failed > 0).then(|| retired(loaded, name, pending + failed));
        return gone.into_iter().map(finding).collect();
    }
    let mut found = Vec::new();
    if status.paused {
        let paused = Finding::warning(Area::Targets, format!("somebody paused it; {pending} items wait"));
        found.push(paused.run(format!("stint target resume {name}")));
    } else if let Some(hold) = &status.hold {
        // What its line says of its settings is newer, and said elsewhere.
        let told = matches!(line.map(|line| &line.uploader), Some(Err(Unready::Misconfigured(_))));
        if !told {
            let held = Finding::error(Area::Targets, format!("it is held; {pending} items wait"));
            found.push(held.because(hold.message.clone()).run(release(loaded, name, hold.reason)));
        }
    }
    if failed > 0 {
        let given_up = Finding::warning(Area::Targets, format!("{failed} items failed for good"));
        let given_up = status.last_error.iter().fold(given_up, Finding::because);
        found.push(given_up.run(format!("stint queue retry --all --target {name}")));
    }
    found.push(last_success(known, pending, now).run_unless_ok(format!("stint sync --target {name} --wait")));
    found.into_iter().map(finding).collect()
}

fn last_success(known: &Known, pending: u64, now: UnixMs) -> Finding {
    let waited = known.status.oldest_pending.map(|at| now.since(at).0).unwrap_or_default();
    let is_long = |ms: u64| Duration::from_millis(ms) > LONG;
    let Some(at) = known.last_sent else {
        let what = format!("nothing was delivered to it lately; {pending} items wait");
        let level = if is_long(waited) { Finding::warning } else { Finding::ok };
        return level(Area::Targets, what);
    };
    let past = now.since(at).0;
    let what = format!("its last success was {} ago; {pending} items wait", length(past));
    let stuck = pending > 0 && is_long(past) && is_long(waited);
    if stuck { Finding::warning(Area::Targets, what) } else { Finding::ok(Area::Targets, what) }
}

fn length(ms: u64) -> String {
    let minutes = ms / 60_000;
    match minutes {
        0 => "less than a minute".to_owned(),
        1..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

/// What has left the configuration, and where it could go.
fn retired(loaded: &Loaded, name: &str, items: u64) -> Finding {
    let what = format!("it has left the configuration, and {items} of its items were not delivered");
    let gone = Finding::warning(Area::Targets, what);
    let gone = match heir(loaded) {
        Some(_) => gone.because(format!("to give them up instead: {}", give_up(name))),
        None => gone.because("no other target could take them"),
    };
    gone.run(part(loaded, name))
}

impl Finding {
    /// The same with a command, where there is something to do.
    fn run_unless_ok(self, command: String) -> Self {
        if self.level == super::Level::Ok { self } else { self.run(command) }
    }
}
