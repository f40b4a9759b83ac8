//! The status as JSON. Its shape is version 1: fields may be added, none is renamed or taken away.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    gap::GapKind,
    id::{EntryId, GapId},
    time::Millis,
    timer::State,
};
use stint_store::Counts;

use crate::{supervise::TaskReport, when::When};

/// Everything at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// The version of this shape.
    pub version: u32,
    /// The host.
    pub host: HostStatus,
    /// The timer.
    pub timer: TimerStatus,
    /// The targets by name; those that left the configuration only while something of theirs waits.
    pub targets: Vec<TargetStatus>,
    /// All targets' deliveries together.
    pub queue: QueueStatus,
    /// The plugins.
    pub plugins: Vec<PluginStatus>,
    /// Screenshots.
    pub capture: CaptureStatus,
    /// Damage that was found since the host started: something may be missing.
    pub alerts: Vec<String>,
}

/// The host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HostStatus {
    /// Whether one runs. Without one nothing is delivered.
    pub running: bool,
    /// Its process.
    pub pid: Option<u32>,
    /// Since when it runs.
    pub since: Option<When>,
    /// The configuration it goes by.
    pub config: ConfigStatus,
    /// Its tasks.
    pub tasks: Vec<TaskReport>,
}

/// The configuration that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConfigStatus {
    /// Its file, if there is one.
    pub path: Option<String>,
    /// Whether the file as it is now is valid. If it isn't, the one before counts.
    pub valid: bool,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// The timer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimerStatus {
    /// Its state.
    pub state: State,
    /// The current entry.
    pub entry_id: Option<EntryId>,
    /// Its project.
    pub project: Option<String>,
    /// Its task.
    pub task: Option<String>,
    /// Its note.
    pub note: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether it is billable.
    pub billable: bool,
    /// When it was started.
    pub started_at: Option<When>,
    /// All its work so far.
    pub worked_ms: Millis,
    /// Its gaps.
    pub gaps: Vec<GapStatus>,
}

/// A gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GapStatus {
    /// Its id.
    pub id: GapId,
    /// What it was.
    pub kind: GapKind,
    /// From when.
    pub start: When,
    /// To when.
    pub end: When,
    /// How long it is.
    pub length_ms: Millis,
    /// Whether it counts as work.
    pub kept: bool,
}

/// How a target is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetState {
    /// It is worked on.
    Ok,
    /// Something has to happen first.
    Held,
    /// A person paused it.
    Paused,
    /// Its plugin is not there.
    Missing,
}

/// A target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetStatus {
    /// Its name.
    pub name: String,
    /// Its plugin; nothing once it has left the configuration.
    pub plugin: Option<String>,
    /// How it is doing.
    pub state: TargetState,
    /// Why it is held.
    pub held_because: Option<String>,
    /// Whether it has left the configuration.
    pub retired: bool,
    /// How many deliveries wait.
    pub pending: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were delivered.
    pub sent: u64,
    /// How many were given up.
    pub dropped: u64,
    /// How long the oldest one waits.
    pub oldest_pending_ms: Option<Millis>,
    /// When something is tried next, if that is known.
    pub next_attempt_at: Option<When>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Why the built-in rules count in place of the target's policy, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_error: Option<String>,
    /// The last pass.
    pub last_pass: Option<PassStatus>,
}

/// A pass over a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PassStatus {
    /// When it ended.
    pub at: When,
    /// What came of it, also why nothing was sent.
    pub result: String,
    /// How many items were delivered.
    pub delivered: u64,
}

/// Counts of deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QueueStatus {
    /// How many wait.
    pub pending: u64,
    /// How many failed.
    pub failed: u64,
    /// How many were delivered.
    pub sent: u64,
    /// How many were given up.
    pub dropped: u64,
}

impl QueueStatus {
    pub(super) fn add(&mut self, counts: &Counts) {
        use stint_domain::delivery::PlainState::{Dropped, Failed, Pending, Sent};
        self.pending += counts.plain(Pending);
        self.failed += counts.plain(Failed);
        self.sent += counts.plain(Sent);
        self.dropped += counts.plain(Dropped);
    }
}

/// A plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PluginStatus {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// Its version.
    pub version: Option<String>,
    /// The hash of its file.
    pub sha256: Option<String>,
    /// `ready`, `rejected`, `suspended` or `missing`.
    pub state: String,
    /// Why it isn't ready.
    pub error: Option<String>,
}

/// Screenshots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaptureStatus {
    /// Whether they are asked for.
    pub enabled: bool,
    /// When one was kept last, since the host started.
    pub last_at: Option<When>,
    /// Why none could be taken the last time.
    pub error: Option<String>,
    /// Until when a person paused them.
    #[serde(default)]
    pub paused_until: Option<When>,
    /// What somebody should look at, though screenshots are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}
