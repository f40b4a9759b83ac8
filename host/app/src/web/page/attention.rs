//! What somebody should look at. Every line has the button that helps, or the command to paste.

use std::collections::BTreeMap;

use serde::Serialize;
use stint_engine::status::{Status, TargetState, TargetStatus};

use super::{
    button::Button,
    words::{block, line},
};

/// A line.
#[derive(Serialize)]
pub(super) struct Concern {
    pub(super) text: String,
    /// More about it, as it is.
    pub(super) more: Option<String>,
    pub(super) button: Option<Button>,
    pub(super) command: Option<String>,
}

impl Concern {
    fn command(text: String, command: &str) -> Self {
        Self { text, more: None, button: None, command: Some(command.to_owned()) }
    }

    fn button(text: String, button: Button) -> Self {
        Self { text, more: None, button: Some(button.main()), command: None }
    }

    fn more(self, more: Option<String>) -> Self {
        Self { more, ..self }
    }

    fn or_type(self, command: Option<&String>) -> Self {
        Self { command: command.cloned(), ..self }
    }
}

/// All of them, what may have lost something first. What mends a target is the doctor's command for it.
pub(super) fn concerns(
    status: &Status,
    folder: Option<&str>,
    ways_out: &BTreeMap<String, String>,
) -> Vec<Concern> {
    let mut all: Vec<Concern> =
        status.alerts.iter().map(|alert| Concern::command(block(alert, 600), "stint status")).collect();
    for task in &status.host.tasks {
        if let Some(error) = &task.error {
            let text =
                format!("The host's task “{}” fell {} times and is started again.", task.name, task.falls);
            all.push(Concern::command(text, "stint status").more(Some(block(error, 400))));
        }
    }
    if !status.host.config.valid {
        let text = "The configuration was refused, the one before goes on.".to_owned();
        let error = status.host.config.error.as_deref().and_then(|error| error.split("\n\n").next());
        all.push(Concern::command(text, "stint config check").more(error.map(|error| block(error, 900))));
    }
    all.extend(status.targets.iter().flat_map(|target| of_target(target, ways_out.get(&target.name))));
    if let Some(why) = folder {
        let text = "The folder of plugins can't be read.".to_owned();
        all.push(Concern::command(text, "stint doctor --fix").more(Some(block(why, 400))));
    }
    // A target that is held for its plugin says why already.
    let is_told = |error: &Option<String>| {
        error.is_some() && status.targets.iter().any(|target| target.held_because == *error)
    };
    let troubled = status.plugins.iter().filter(|plugin| plugin.state != "ready" && !is_told(&plugin.error));
    for plugin in troubled {
        let text = format!("The plugin “{}” is {}.", line(&plugin.name), plugin.state);
        let error = plugin.error.as_deref().map(|error| block(error, 600));
        all.push(Concern::command(text, "stint plugin list").more(error));
    }
    if let Some(error) = &status.capture.error {
        let text = "No screenshots are taken.".to_owned();
        all.push(Concern::command(text, "stint config edit").more(Some(block(error, 400))));
    }
    all
}

fn of_target(target: &TargetStatus, way_out: Option<&String>) -> Vec<Concern> {
    let (name, mut all) = (line(&target.name), Vec::new());
    let why = target.held_because.as_deref().map(|why| block(why, 600));
    let waiting = items(target.pending);
    if target.retired {
        let text = format!(
            "{waiting} and {} that failed are left of the target “{name}”, which is gone.",
            items(target.failed)
        );
        let command = way_out.map_or("stint doctor", String::as_str);
        all.push(Concern::command(text, command).more(why));
        return all;
    }
    match target.state {
        TargetState::Held => {
            let button = Button::new("target-resume", "Try again", format!("Try again: {name}"));
            let text = format!("The target “{name}” is held, {waiting} wait.");
            let held = Concern::button(text, button.with("target", target.name.clone())).more(why);
            // The button does as much as the command that only lets it go on.
            all.push(held.or_type(way_out.filter(|command| !command.starts_with("stint target resume "))));
        }
        TargetState::Missing => {
            let text = format!("The target “{name}” has no plugin that works, {waiting} wait.");
            all.push(Concern::command(text, way_out.map_or("stint plugin list", String::as_str)).more(why));
        }
        TargetState::Ok | TargetState::Paused => {}
    }
    if let Some(error) = &target.policy_error {
        let text = format!("The policy of “{name}” can't be asked, so the built-in rules count.");
        all.push(Concern::command(text, "stint plugin list").more(Some(block(error, 400))));
    }
    if target.failed > 0 {
        let button = Button::new("retry-all", "Retry all", format!("Retry all that failed at {name}"));
        let text = format!("{} failed for good at “{name}”.", items(target.failed));
        all.push(Concern::button(text, button.with("target", target.name.clone())));
    }
    all
}

fn items(count: u64) -> String {
    if count == 1 { "1 item".to_owned() } else { format!("{count} items") }
}
