//! The store of stint: the timeline and the delivery queue, in one SQLite file.
//!
//! Invariants: whatever is SQL here works inside a transaction that it is handed, and neither begins nor commits
//! one; times and chance come in as arguments.

mod counts;
mod entry_remote;
mod error;
mod ids;
pub mod plugin_state;
pub mod queue;
pub mod schema;
mod sql;
pub mod target;
pub mod timeline;

pub use counts::Counts;
pub use entry_remote::remote_id;
pub use error::Error;
pub use ids::{Epoch, Hash, Serial, TargetId, Token};
