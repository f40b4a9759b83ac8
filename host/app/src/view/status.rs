//! `stint status` for people: the timer first, then whatever keeps something from being delivered.

use stint_domain::{entry::Details, timer::State};
use stint_engine::status::{
    CaptureStatus, HostStatus, PluginStatus, Status, TargetState, TargetStatus, TimerStatus,
};

use super::{
    Paper,
    entry::{about, short},
    gap::Question,
};
use crate::{
    text::{Page, Row, Table, Tone},
    time::{ago, digits, length, when},
};

/// Everything at a glance.
pub(crate) fn status(status: &Status, paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    timer(&status.timer, paper, &mut page);
    targets(status, paper, &mut page);
    trouble(status, &mut page);
    capture(&status.capture, status.host.running, paper, &mut page);
    host(&status.host, paper, &mut page);
    page.finish()
}

fn timer(timer: &TimerStatus, paper: &Paper, page: &mut Page) {
    let (Some(id), Some(started_at)) = (timer.entry_id, timer.started_at) else {
        page.say(0, Tone::Heading, &timer.state.to_string());
        return page.say(2, Tone::Faint, "begin with: stint start");
    };
    page.say(0, Tone::Heading, &format!("{}  {}", timer.state, digits(timer.worked_ms.0)));
    let TimerStatus { project, task, note, tags, billable, .. } = timer.clone();
    let about = about(&Details { project, task, note, tags, billable }, page.width());
    if !about.is_empty() {
        page.say(2, Tone::Plain, &about);
    }
    let since = when(started_at.0, paper.now, &paper.zone);
    page.say(2, Tone::Plain, &format!("since {since}, entry {}", short(&id)));
    for gap in &timer.gaps {
        let question = Question {
            id: gap.id,
            kind: gap.kind,
            from: gap.start.0,
            to: gap.end.0,
            length_ms: gap.length_ms.0,
            kept: gap.kept,
        };
        question.write(2, paper, page);
    }
    if timer.state == State::Paused {
        page.say(2, Tone::Faint, "go on with: stint resume");
    }
}

fn targets(status: &Status, paper: &Paper, page: &mut Page) {
    page.blank();
    write_targets(&status.targets, paper, page);
}

/// The targets alone.
pub(crate) fn target_list(targets: &[TargetStatus], paper: &Paper) -> String {
    let mut page = Page::new(paper.width);
    write_targets(targets, paper, &mut page);
    page.finish()
}

fn write_targets(targets: &[TargetStatus], paper: &Paper, page: &mut Page) {
    if targets.is_empty() {
        return page.say(0, Tone::Plain, "no targets: what is recorded stays on this machine");
    }
    let mut table =
        Table::new(&["TARGET", "STATE", "PENDING", "FAILED", "SENT", "DROPPED", "OLDEST", "NEXT ATTEMPT"]);
    for target in targets {
        table.push(Row { cells: cells(target, paper), notes: notes(target, paper) });
    }
    table.write(page);
}

fn cells(target: &TargetStatus, paper: &Paper) -> Vec<String> {
    let dropped = Some(target.dropped).filter(|dropped| *dropped > 0);
    vec![
        target.name.clone(),
        word(target.state).to_owned(),
        target.pending.to_string(),
        target.failed.to_string(),
        target.sent.to_string(),
        dropped.map(|dropped| dropped.to_string()).unwrap_or_default(),
        target.oldest_pending_ms.map(|oldest| length(oldest.0)).unwrap_or_default(),
        target.next_attempt_at.map(|at| ago(at.0, paper.now)).unwrap_or_default(),
    ]
}

const fn word(state: TargetState) -> &'static str {
    match state {
        TargetState::Ok => "ok",
        TargetState::Held => "held",
        TargetState::Paused => "paused",
        TargetState::Missing => "missing",
    }
}

fn notes(target: &TargetStatus, paper: &Paper) -> Vec<(Tone, String)> {
    let mut notes = Vec::new();
    if let Some(reason) = &target.held_because {
        // A setting that doesn't fit is shown with its line, which has lines of its own.
        let said = format!("held because {reason}");
        notes.extend(said.lines().map(|line| (Tone::Alarm, line.to_owned())));
    }
    if target.retired {
        let text = "what waits here is delivered nowhere";
        notes.push((Tone::Alarm, text.to_owned()));
    }
    if target.failed > 0 {
        notes.push((Tone::Plain, format!("see: stint queue list --state failed --target {}", target.name)));
    }
    let matters = |error: &&String| target.pending + target.failed > 0 && !is_said(target, error);
    if let Some(error) = target.last_error.as_ref().filter(matters) {
        notes.push((Tone::Plain, format!("last error: {error}")));
    }
    if let Some(error) = &target.policy_error {
        notes.push((Tone::Alarm, format!("the built-in rules count in place of its policy: {error}")));
    }
    if let Some(pass) = &target.last_pass {
        let (at, delivered) = (ago(pass.at.0, paper.now), pass.delivered);
        let result = if is_said(target, &pass.result) { "held" } else { pass.result.as_str() };
        let count =
            if result.contains("delivered") { String::new() } else { format!(", {delivered} delivered") };
        notes.push((Tone::Faint, format!("last pass {at}: {result}{count}")));
    }
    notes
}

/// Whether the reason for which a target is held says it already: a person reads it once.
fn is_said(target: &TargetStatus, text: &str) -> bool {
    let held = target.held_because.as_deref().filter(|held| !held.is_empty());
    held.is_some_and(|held| text.contains(held) || held.contains(text))
}

/// What somebody should look at.
fn trouble(status: &Status, page: &mut Page) {
    page.blank();
    for alert in &status.alerts {
        page.say(0, Tone::Alarm, &format!("alert: {alert}"));
    }
    for task in &status.host.tasks {
        if let Some(error) = &task.error {
            let text = format!("task {} fell {} times and is started again: {error}", task.name, task.falls);
            page.say(0, Tone::Alarm, &text);
        }
    }
    // What holds a target was said there.
    let held: Vec<&String> =
        status.targets.iter().filter_map(|target| target.held_because.as_ref()).collect();
    let new = |plugin: &&PluginStatus| plugin.error.as_ref().is_none_or(|error| !held.contains(&error));
    for plugin in status.plugins.iter().filter(|plugin| plugin.state != "ready").filter(new) {
        let error = plugin.error.as_deref().unwrap_or("no reason is known");
        // Some reasons begin with the plugin's name and state themselves.
        let text = if error.starts_with(&format!("plugin `{}` is ", plugin.name)) {
            error.to_owned()
        } else {
            format!("plugin {} is {}: {error}", plugin.name, plugin.state)
        };
        page.say(0, Tone::Alarm, &text);
    }
    if !status.host.config.valid {
        refused(status, page);
    }
}

/// Whether screenshots are taken, in one line; nothing where they are switched off.
fn capture(capture: &CaptureStatus, host_runs: bool, paper: &Paper, page: &mut Page) {
    if !capture.enabled {
        return;
    }
    if let Some(until) = capture.paused_until {
        let until = when(until.0, paper.now, &paper.zone);
        let text =
            format!("screenshots are paused until {until}; take them again with: stint capture resume");
        return page.say(0, Tone::Plain, &text);
    }
    match (&capture.error, host_runs) {
        (Some(error), _) => page.say(0, Tone::Alarm, &format!("no screenshots: {error}")),
        (None, true) => page.say(0, Tone::Plain, "screenshots are on"),
        (None, false) => page.say(0, Tone::Plain, "screenshots are on, and taken while a host runs"),
    }
    for warning in &capture.warnings {
        page.say(0, Tone::Alarm, &format!("screenshots: {warning}"));
    }
}

/// A refused configuration, with the first of its mistakes. The whole list is for `stint config check`.
fn refused(status: &Status, page: &mut Page) {
    let error = status.host.config.error.as_deref().unwrap_or_default();
    let instead = if status.host.running {
        "the configuration was refused, the one before goes on:"
    } else {
        "the configuration can't be used: what is built in counts, and the targets are those known before:"
    };
    page.say(0, Tone::Alarm, instead);
    let first = error.split("\n\n").next().unwrap_or_default();
    for line in first.lines() {
        // A line of the file and the carets under it belong together, so they are cut alike rather than wrapped.
        let excerpt = line.trim_start_matches(|letter: char| letter == ' ' || letter.is_ascii_digit());
        if excerpt.starts_with('|') {
            page.line(2, Tone::Plain, line);
        } else {
            page.say(2, Tone::Plain, line);
        }
    }
    if first.len() < error.trim_end().len() {
        page.say(2, Tone::Plain, "see all: stint config check");
    }
}

fn host(host: &HostStatus, paper: &Paper, page: &mut Page) {
    page.blank();
    let text = match (host.running, host.pid, host.since) {
        (true, Some(pid), Some(since)) => {
            let since = when(since.0, paper.now, &paper.zone);
            format!("the host runs since {since} (pid {pid})")
        }
        (true, ..) => "the host runs".to_owned(),
        (false, ..) => "no host is running: nothing is delivered until `stint run`".to_owned(),
    };
    page.say(0, Tone::Plain, &text);
}

#[cfg(test)]
#[path = "status_tests.rs"]
mod tests;
