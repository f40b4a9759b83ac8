//! What the host hands to a plugin. The names and fields are those of the contract's `types` interface: the
//! bindings build these very structs, so a field that drifts from the contract does not compile for wasm32.
//!
//! Each of them serialises to JSON with field names in snake case, an attachment as its description.

mod attachment;
mod entry;
mod failure;
mod item;

pub use attachment::{Attachment, Chunk};
pub use entry::{Entry, Event, Gap, Interval, Origin, Segment};
pub use failure::{Cause, Failure, Problem};
pub use item::{Activity, Custom, Item, Label, Payload, Sample, Screenshot, TimeEntry};

/// Milliseconds since 1970-01-01T00:00:00Z by the wall clock. [`crate::date`] writes it as text.
pub type UnixMs = i64;
