//! The heartbeat: the host looks at the clocks every few seconds, and what it sees is durable. A power cut costs what
//! was worked since the last beat. What the host stands on is looked at as well: once the data directory is gone or
//! another's, nothing is written any more.

use std::time::Duration;

use stint_domain::{clock::Elapsed, time::Millis};
use stint_store::Lost;
use tokio::sync::watch;

use crate::{desk::Desk, supervise::Stop, timer::TimerError};

/// Looks at the clocks until it is told to stop. tokio's timers stand still while the machine sleeps, so a beat comes
/// soon after waking too.
pub(crate) async fn beat(
    desk: Desk,
    lost: watch::Sender<Option<Lost>>,
    mut stop: Stop,
) -> Result<(), TimerError> {
    let mut seen = desk.clock().sample();
    loop {
        let tick = desk.current().loaded.config.timer.rules().tick;
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(tick.0)) => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
        if let Err(what) = desk.store().look_at_footing() {
            tracing::error!(target: "stint", "{what}");
            lost.send_replace(Some(what));
            // Whoever runs the host ends it now. A stop that comes first finds nothing to do here.
            let _ = stop.wait_for(|stop| *stop).await;
            return Ok(());
        }
        let now = desk.clock().sample();
        if let Elapsed::SameBoot(interval) = now.since(&seen)
            && interval.asleep > Millis::ZERO
        {
            // The network may be another one than before.
            tracing::info!(target: "stint", asleep_s = interval.asleep.0 / 1_000, "the machine woke up");
            desk.bell().another_chance();
        }
        seen = now;
        desk.timer().tick().await?;
        tracing::debug!(target: "stint::timer", "looked at the clocks");
    }
}
