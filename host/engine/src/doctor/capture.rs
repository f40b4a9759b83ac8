//! Screenshots: whether they are asked for, and whether they can be taken.

use stint_config::{Config, model::CaptureSource};

use super::{Area, Finding};
use crate::{shots::Remedy, status::Status};

/// The host's task that takes them. A host that has none was built without.
const TASK: &str = "screenshots";

/// What is found about screenshots.
pub(super) fn capture(status: &Status, config: &Config, remedy: Option<Remedy>) -> Vec<Finding> {
    if !config.capture.enabled {
        return vec![Finding::ok(Area::Capture, "screenshots are off")];
    }
    let mut findings = vec![state(status, config, remedy)];
    let warnings = status.capture.warnings.iter();
    findings.extend(warnings.map(|warning| Finding::warning(Area::Capture, warning)));
    findings
}

fn state(status: &Status, config: &Config, remedy: Option<Remedy>) -> Finding {
    if let Some(until) = status.capture.paused_until {
        return Finding::ok(Area::Capture, format!("screenshots are paused until {until}"));
    }
    let synthetic = || vec!["source = \"synthetic\"".to_owned()];
    if let Some(error) = &status.capture.error {
        let broken = Finding::error(Area::Capture, "no screenshots can be taken").because(error);
        return match remedy {
            Some(Remedy::Run(command)) => broken.run(command),
            Some(Remedy::Write(line)) => broken.write("capture", vec![line.to_owned()]),
            Some(Remedy::AsSaid) | None => broken,
        };
    }
    let is_there = status.host.tasks.iter().any(|task| task.name == TASK);
    if status.host.running && !is_there {
        let what = "screenshots are asked for, and this stint is built without them";
        return Finding::warning(Area::Capture, what).write("capture", vec!["enabled = false".to_owned()]);
    }
    let display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    let is_named = config.capture.display.is_some();
    if config.capture.source == CaptureSource::Screen && !display && !is_named {
        let what = "there is no display here to take screenshots of";
        let why = "neither DISPLAY nor WAYLAND_DISPLAY is set where this runs";
        return Finding::warning(Area::Capture, what).because(why).write("capture", synthetic());
    }
    let last =
        status.capture.last_at.map(|at| format!("; the last one was taken at {at}")).unwrap_or_default();
    let source = match config.capture.source {
        CaptureSource::Screen => "of the screen",
        CaptureSource::Synthetic => "of a drawn picture",
    };
    Finding::ok(Area::Capture, format!("screenshots are on, {source}{last}"))
}
