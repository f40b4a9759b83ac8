//! Tells listeners that something at which people look has changed and that no delivery tells of: the configuration, the
//! plugins, the host's tasks, the alerts. It waits for all of them at once, so it costs nothing while nothing changes.

use std::convert::Infallible;

use super::{Event, Part};
use crate::{desk::Desk, supervise::Stop};

/// Tells of changes until it is told to stop.
pub(crate) async fn tell_changes(desk: Desk, mut stop: Stop) -> Result<(), Infallible> {
    let (mut current, mut plugins) = (desk.current.clone(), desk.plugins.clone());
    let (mut tasks, mut alerts) = (desk.tasks.clone(), desk.alerts.clone());
    loop {
        let (seen, what) = tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            seen = current.changed() => (seen, Part::Configuration),
            seen = plugins.changed() => (seen, Part::Plugins),
            seen = tasks.changed() => (seen, Part::Tasks),
            seen = alerts.changed() => (seen, Part::Alerts),
        };
        if seen.is_err() {
            // Who would change it is gone, which happens at the host's end alone.
            drop(stop.wait_for(|stop| *stop).await);
            return Ok(());
        }
        desk.ledger.tell(desk.now(), Event::Changed { what });
    }
}
