//! The only place that reads clocks. Everything else is handed a sample, so that sleep, reboots and clock steps are
//! told apart in one place, and a test moves time by hand.

mod clock;
mod error;
mod manual;
mod zone;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;

// There is no fallback on purpose: with a clock that can't tell sleep from work, minutes would be doubled in
// silence. A port brings a `SystemClock` of its own: macOS has `mach_continuous_time` and `mach_absolute_time`,
// Windows `QueryInterruptTime` and `QueryUnbiasedInterruptTime`.
#[cfg(not(target_os = "linux"))]
compile_error!("stint reads clocks on Linux alone so far: write host/clock/src/<os>.rs with a `SystemClock`");

pub use clock::Clock;
pub use error::ClockError;
pub use manual::ManualClock;
pub use system::{SystemClock, thread_cpu};
pub use zone::{system_zone, zone};
