//! Runs plugins: reads their manifests, loads them, calls them in a sandbox, and answers what they ask of the host.
//!
//! Invariant: a plugin is never trusted. What it may do is what its manifest asks for and the configuration
//! grants; how long and how much is bounded for every call; and nothing of one call is left for the next.

mod answers;
mod attachment;
mod bindings;
mod cache;
mod call;
mod call_error;
pub mod compiler;
mod domain;
pub mod egress;
mod engine;
mod frozen;
pub mod grants;
mod group;
mod imports;
mod item;
mod limits;
mod load;
mod load_error;
mod logbook;
pub mod manifest;
mod memory;
mod meter;
mod plugin;
mod read_file;
pub mod registry;
mod sandbox;
mod schema;
pub mod services;
mod text;
mod ticker;
pub mod vault;
mod words;

pub use attachment::{Attachment, MemoryAttachment, SharedAttachment};
pub use cache::{Cache, CacheError};
pub use call::{Answered, CallFailed, Report};
pub use call_error::CallError;
pub use domain::{FileMissing, Route};
pub use engine::{Engine, EngineError, PoolSize, PoolUse};
pub use frozen::{FileName, ThawError};
pub use item::{Item, Payload, Screenshot};
pub use limits::Limits;
pub use load_error::{Fault, LoadError};
pub use logbook::{LogLevel, LogLine};
pub use plugin::{Advice, Plugin, Verdict};
pub use read_file::read_file;
pub use sandbox::Surroundings;

/// The contract's own types, as they are generated from the WIT files.
pub mod contract {
    pub use crate::bindings::exports::stint::plugin::planner::{
        Count, Decision, Link, Power, Snapshot, Sync, Timer,
    };
    pub use crate::bindings::exports::stint::plugin::uploader::{Finding, Found, Outcome};
    pub use crate::bindings::stint::plugin::types::{
        Activity, Cause, Custom, Entry, Event, Failure, Gap, Interval, Label, Origin, Problem, Sample,
        Segment, TimeEntry,
    };
}
