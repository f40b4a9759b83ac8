//! `[timer]`

use schemars::JsonSchema;
use serde::Serialize;
use stint_domain::{
    time::Millis,
    timer::{OnIdle, Rules},
};

use crate::{
    decode::{Reader, Section},
    value::{Period, words, words_schema},
};

/// The timer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Timer {
    /// How often a running timer is made durable: what a power cut can cost.
    pub heartbeat: Period,
    /// What becomes of the time that the machine slept.
    pub on_sleep: OnSleep,
    /// For how long nobody has to touch the machine to be taken for away.
    pub idle_after: Period,
    /// What becomes of idle time: `ask` counts and shows it, `keep` counts it, `drop` doesn't count it.
    #[schemars(schema_with = "words_schema::<OnIdle>")]
    pub on_idle: OnIdle,
    /// What becomes of a running timer when stint ends.
    pub on_quit: OnQuit,
}

words! {
    /// What becomes of the time that the machine slept.
    pub enum OnSleep {
        /// It doesn't count, and can be reclaimed.
        Exclude = "exclude",
        /// It counts.
        Keep = "keep",
    }
}

words! {
    /// What becomes of a running timer when stint ends.
    pub enum OnQuit {
        /// It runs on.
        Keep = "keep",
        /// It is paused.
        Pause = "pause",
        /// It is stopped.
        Stop = "stop",
    }
}

/// A host looks at the clocks at least this often, because tokio's timers stop while the machine sleeps.
const LONGEST_TICK: Millis = Millis::from_secs(5);

impl Timer {
    /// The rules that the timer of the domain goes by.
    pub fn rules(&self) -> Rules {
        Rules {
            tick: LONGEST_TICK.min(self.heartbeat.millis()),
            keep_sleep: self.on_sleep == OnSleep::Keep,
            on_idle: self.on_idle,
        }
    }
}

impl Default for Timer {
    fn default() -> Self {
        Self {
            heartbeat: Period::from_secs(10),
            on_sleep: OnSleep::Exclude,
            idle_after: Period::from_mins(10),
            on_idle: OnIdle::Ask,
            on_quit: OnQuit::Keep,
        }
    }
}

impl Section for Timer {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        let default = Self::default();
        Self {
            heartbeat: reader.within(
                "heartbeat",
                default.heartbeat,
                Period::from_secs(1)..=Period::from_mins(1),
            ),
            on_sleep: reader.value("on_sleep", default.on_sleep),
            idle_after: reader.within(
                "idle_after",
                default.idle_after,
                Period::from_secs(30)..=Period::from_mins(24 * 60),
            ),
            on_idle: reader.value("on_idle", default.on_idle),
            on_quit: reader.value("on_quit", default.on_quit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_domains() {
        assert_eq!(Timer::default().rules(), Rules::default());
        let timer = Timer {
            heartbeat: Period::from_secs(2),
            on_sleep: OnSleep::Keep,
            on_idle: OnIdle::Drop,
            ..Timer::default()
        };
        assert_eq!(
            timer.rules(),
            Rules { tick: Millis::from_secs(2), keep_sleep: true, on_idle: OnIdle::Drop }
        );
    }
}
