//! The timer: what it does, and what can be done.

use serde::Serialize;
use stint_domain::{entry::Details, time::UnixMs, timer::State};
use stint_engine::{command_id, status::TimerStatus};

use super::{button::Button, words::About};
use crate::time::{Zone, digits, when};

/// The timer as the page shows it.
#[derive(Serialize)]
pub(super) struct TimerView {
    pub(super) state: &'static str,
    pub(super) digits: String,
    pub(super) worked_ms: u64,
    pub(super) runs: bool,
    pub(super) since: Option<String>,
    pub(super) about: About,
    pub(super) buttons: Vec<Button>,
    /// The command that the form to start is.
    pub(super) start_id: String,
    /// What the form's button says.
    pub(super) start_label: &'static str,
}

impl TimerView {
    pub(super) fn of(timer: &TimerStatus, now: UnixMs, zone: &Zone) -> Self {
        let TimerStatus { project, task, note, tags, billable, .. } = timer.clone();
        let (state, verbs): (_, &[(&str, &str, &str)]) = match timer.state {
            State::Running => (
                "running",
                &[
                    ("pause", "Pause", "Pause the timer"),
                    ("stop", "Stop", "Stop the timer and finish the entry"),
                ],
            ),
            State::Paused => (
                "paused",
                &[
                    ("resume", "Resume", "Resume the timer"),
                    ("stop", "Stop", "Stop the timer and finish the entry"),
                ],
            ),
            State::Idle => (
                "idle",
                &[("continue", "Continue the last entry", "Begin anew with the last entry's details")],
            ),
        };
        let buttons = verbs.iter().enumerate().map(|(place, (verb, label, about))| {
            let button = Button::new(verb, label, *about).with("command_id", fresh(now));
            if place == 0 && timer.state != State::Idle { button.main() } else { button }
        });
        Self {
            state,
            digits: digits(timer.worked_ms.0),
            worked_ms: timer.worked_ms.0,
            runs: timer.state == State::Running,
            since: timer.started_at.map(|at| when(at.0, now, zone)),
            about: About::of(&Details { project, task, note, tags, billable }),
            buttons: buttons.collect(),
            start_id: fresh(now),
            start_label: if timer.state == State::Idle { "Start" } else { "Start something else" },
        }
    }

    /// What a browser's tab says.
    pub(super) fn title(&self) -> String {
        match self.state {
            "idle" => "stint".to_owned(),
            state => format!("{} {state} – stint", self.digits),
        }
    }
}

/// An id for the command that a button is: pressed twice, it counts once. Without chance the host draws one itself.
fn fresh(now: UnixMs) -> String {
    command_id(now).map(|id| id.to_string()).unwrap_or_default()
}
