//! The host itself: whether it runs, which of its tasks fell, what it wants a person to know.

use super::{Area, Finding};
use crate::status::Status;

/// What a status says of its host.
pub(super) fn host(status: &Status) -> Vec<Finding> {
    let mut found = Vec::new();
    if status.host.running {
        let pid = status.host.pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default();
        let version = env!("CARGO_PKG_VERSION");
        found.push(Finding::ok(Area::Host, format!("the host runs, version {version}{pid}")));
    } else {
        let alone = Finding::warning(Area::Host, "no host is running: nothing is delivered");
        found.push(alone.because("`stint run` starts one in the foreground").run("stint service install"));
    }
    found.extend(status.host.tasks.iter().filter_map(|task| {
        let error = task.error.as_ref()?;
        let what = format!("the task {} fell {} times and is started again", task.name, task.falls);
        Some(Finding::error(Area::Host, what).because(error).run("stint run --verbose"))
    }));
    if let Some(error) = status.host.config.error.as_ref().filter(|_| status.host.running) {
        let first = error.lines().next().unwrap_or_default();
        let what = "the host goes by an earlier configuration, because it refused the one that is there";
        found.push(Finding::error(Area::Configuration, what).because(first).run("stint config check"));
    }
    // Those about the clock and about what was put aside are found where these are looked at.
    let told = |alert: &&String| !alert.contains("put aside as") && !alert.contains("clock is set to a time");
    found.extend(
        status
            .alerts
            .iter()
            .filter(told)
            .map(|alert| Finding::error(Area::Host, "an alert stands").because(alert).run("stint status")),
    );
    found
}
