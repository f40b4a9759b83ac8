//! What people and dashboards see at a glance: the host, the timer, the targets, the queue.

mod gather;
mod shape;

pub use shape::{
    CaptureStatus, ConfigStatus, GapStatus, HostStatus, PassStatus, PluginStatus, QueueStatus, Status,
    TargetState, TargetStatus, TimerStatus,
};
