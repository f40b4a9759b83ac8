//! How long one waits for whoever has the data directory: another verb, or a host that starts or ends.

use std::{sync::Arc, time::Duration};

use stint_clock::Clock;
use stint_domain::time::Millis;

const LONGEST: Millis = Millis::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Patience that began when it was made.
#[derive(Debug)]
pub(crate) struct Patience {
    clock: Arc<dyn Clock>,
    begun: Millis,
}

impl Patience {
    pub(crate) fn begin(clock: Arc<dyn Clock>) -> Self {
        let begun = clock.sample().monotonic;
        Self { clock, begun }
    }

    /// Waits a moment. Says whether there was any patience left.
    pub(crate) async fn lasts(&self) -> bool {
        if self.clock.sample().monotonic.since(self.begun) >= LONGEST {
            return false;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
        true
    }
}
