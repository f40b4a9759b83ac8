//! The targets: how each is doing, and what can be done about it.

use serde::Serialize;
use stint_domain::time::UnixMs;
use stint_engine::status::{TargetState, TargetStatus};

use super::{
    button::Button,
    words::{block, line},
};
use crate::time::{ago, length};

/// A target.
#[derive(Serialize)]
pub(super) struct TargetLine {
    pub(super) name: String,
    pub(super) plugin: String,
    pub(super) state: &'static str,
    pub(super) held_because: Option<String>,
    pub(super) pending: u64,
    pub(super) failed: u64,
    pub(super) sent: u64,
    pub(super) dropped: u64,
    pub(super) oldest: Option<String>,
    pub(super) next: Option<String>,
    pub(super) last_error: Option<String>,
    pub(super) last_pass: Option<String>,
    pub(super) buttons: Vec<Button>,
}

impl TargetLine {
    pub(super) fn of(target: &TargetStatus, now: UnixMs) -> Self {
        let waits_or_failed = target.pending + target.failed > 0;
        Self {
            name: line(&target.name),
            plugin: target.plugin.clone().unwrap_or_default(),
            state: word(target.state),
            held_because: target.held_because.as_deref().map(|why| block(why, 600)),
            pending: target.pending,
            failed: target.failed,
            sent: target.sent,
            dropped: target.dropped,
            oldest: target.oldest_pending_ms.map(|oldest| length(oldest.0)),
            next: target.next_attempt_at.map(|at| ago(at.0, now)),
            last_error: target
                .last_error
                .as_deref()
                // Why it is held says the same.
                .filter(|_| waits_or_failed && target.held_because.is_none())
                .map(|error| block(error, 300)),
            last_pass: target.last_pass.as_ref().map(|pass| {
                let (at, result) = (ago(pass.at.0, now), block(&pass.result, 200));
                let result = if target.held_because.is_some() { "held".to_owned() } else { result };
                format!("{at}: {result}")
            }),
            buttons: buttons(target),
        }
    }
}

fn word(state: TargetState) -> &'static str {
    match state {
        TargetState::Ok => "ok",
        TargetState::Held => "held",
        TargetState::Paused => "paused",
        TargetState::Missing => "missing",
    }
}

fn buttons(target: &TargetStatus) -> Vec<Button> {
    let name = &target.name;
    let button = |does, label: &str| {
        Button::new(does, label, format!("{label}: {}", line(name))).with("target", name.clone())
    };
    match target.state {
        _ if target.retired => Vec::new(),
        TargetState::Ok => vec![button("sync", "Sync now"), button("target-pause", "Pause")],
        TargetState::Paused => vec![button("target-resume", "Resume")],
        TargetState::Held | TargetState::Missing => {
            vec![button("target-resume", "Try again"), button("target-pause", "Pause")]
        }
    }
}
