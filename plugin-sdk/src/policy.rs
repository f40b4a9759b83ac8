//! Policies: what says when a target's items are delivered, and how much at a time.

use crate::settings::Settings;
use crate::types::{Failure, Problem, UnixMs};

/// A sync policy. The type is its own settings, read by serde from `[policies.NAME.settings]`.
///
/// It advises: the host keeps its answers inside sane bounds, and goes on by its built-in rules when a policy is
/// missing, traps or takes too long.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy yet",
    label = "`Policy` is not implemented for this type",
    note = "write `impl Policy for {Self} {{ fn plan(&self, snapshot: &Snapshot) -> Decision {{ … }} }}`"
)]
pub trait Policy: Settings {
    /// Looks at settings that serde could read, for what a type can't say. None means good.
    fn check(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// What to do now.
    fn plan(&self, snapshot: &Snapshot) -> Decision;

    /// What to do after an item's failed attempt, counted from 1. Asked only for failures that the item is to
    /// blame for.
    fn on_failure(&self, _attempt: u32, _failure: &Failure) -> Answer {
        Answer::Default
    }
}

/// Where the machine's power comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Power {
    /// Nobody knows.
    Unknown,
    /// The mains.
    Mains,
    /// A battery.
    Battery,
}

/// Whether there is a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nobody knows.
    Unknown,
    /// There is one.
    Up,
    /// There is none.
    Down,
}

/// What the timer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// No entry is open.
    Idle,
    /// Work is being measured.
    Running,
    /// An entry is open, and work is interrupted.
    Paused,
}

/// How many items of a priority are in a state. Pairs that aren't listed have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// `ready`, `waiting`, `delayed`, `leased`, `unknown` or `failed`.
    pub state: String,
    /// 0 is critical (time), 1 is activity, 2 is screenshots.
    pub priority: u8,
    /// How many.
    pub items: u64,
}

/// All that a decision may rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The wall clock.
    pub now: UnixMs,
    /// The local time's distance from UTC in seconds, positive east of Greenwich.
    pub utc_offset: i32,
    /// How many items are in which state.
    pub counts: Vec<Count>,
    /// The age of the oldest item not yet delivered.
    pub oldest_pending_ms: Option<u64>,
    /// How the last pass failed, if it did.
    pub last_pass: Option<Failure>,
    /// Whether there is a network.
    pub link: Link,
    /// Whether the connection is paid by volume; absent when nobody knows.
    pub metered: Option<bool>,
    /// Where the power comes from.
    pub power: Power,
    /// What the timer does.
    pub timer: Timer,
    /// Recent deliveries.
    pub items_per_minute: f64,
    /// Whatever else is known: a JSON object, as text.
    pub extra: String,
}

impl Snapshot {
    /// How many items of a priority are in a state.
    pub fn count(&self, state: &str, priority: u8) -> u64 {
        self.counts
            .iter()
            .filter(|count| count.state == state && count.priority == priority)
            .map(|count| count.items)
            .sum()
    }
}

/// A pass over what is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// At most this many items.
    pub max_items: u32,
    /// At most this many calls at once.
    pub max_in_flight: u32,
    /// Only priorities up to this number: 0 delivers critical items alone, 2 everything.
    pub max_priority: u8,
    /// Only these kinds; all of them when empty.
    pub kinds: Vec<String>,
}

impl Default for Sync {
    /// Everything, at the pace that the host's own limits give.
    fn default() -> Self {
        Self { max_items: u32::MAX, max_in_flight: u32::MAX, max_priority: u8::MAX, kinds: Vec::new() }
    }
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Not now; ask again in so many milliseconds, or earlier if something happens.
    Wait(u64),
    /// Deliver now.
    Sync(Sync),
}

/// What to do with an item after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Try it again in so many milliseconds.
    Retry(u64),
    /// Let the item fail.
    GiveUp,
    /// Do what the host would do without a policy.
    Default,
}
