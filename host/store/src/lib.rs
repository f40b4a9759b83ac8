//! The store of stint: the timeline and the delivery queue, in one SQLite file.
//!
//! Invariants: whatever is SQL here works inside a transaction that it is handed, and neither begins nor commits
//! one; times and chance come in as arguments.

mod error;
pub mod schema;

pub use error::Error;
