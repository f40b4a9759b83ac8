//! What a swap costs: from the moment a new version has passed its trial to the first line that is served by it.

#[path = "../../tests/plugin_swaps/rig.rs"]
#[allow(dead_code, reason = "the bench needs a part of the rig")]
#[expect(clippy::unwrap_used, reason = "a rig that can't be set up has nothing to measure")]
mod rig;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use stint_plugin_runtime::Plugin;
use stint_plugin_runtime::registry::Trial;
use stint_plugin_runtime::services::Later;
use stint_tests::ratio::{Bar, Bench};

use self::rig::Rig;

const SWAPS: usize = 200;
const MILLISECONDS_MAX: f64 = 5.0;

/// The time that nine of ten swaps stay below.
pub(crate) fn verified_to_serving() -> Bench {
    let bar = Bar::AtMost(MILLISECONDS_MAX);
    Bench::count("plugin swap: from verified to serving (9 of 10 are faster)", "ms", bar, || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
        let verified = Arc::new(Mutex::new(Duration::ZERO));
        let noted = Arc::clone(&verified);
        let mut times = runtime.block_on(async {
            let mut rig = Rig::new(|trial| Arc::new(Timed { trial, verified: noted })).await;
            // Both versions are compiled first.
            rig.swap(0).await;
            rig.swap(1).await;
            let mut times = Vec::with_capacity(SWAPS);
            for nth in 2..SWAPS + 2 {
                rig.swap(nth).await;
                times.push(now().saturating_sub(*verified.lock().unwrap_or_else(PoisonError::into_inner)));
            }
            rig.close();
            times
        });
        times.sort_unstable();
        Ok(times[SWAPS * 9 / 10].as_secs_f64() * 1e3)
    })
}

/// A trial that notes when it ended.
struct Timed {
    trial: Arc<dyn Trial>,
    verified: Arc<Mutex<Duration>>,
}

impl Trial for Timed {
    fn judge(&self, candidate: Plugin, serving: Option<Plugin>) -> Later<'_, Result<(), String>> {
        Box::pin(async move {
            let verdict = self.trial.judge(candidate, serving).await;
            *self.verified.lock().unwrap_or_else(PoisonError::into_inner) = now();
            verdict
        })
    }
}

fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}
