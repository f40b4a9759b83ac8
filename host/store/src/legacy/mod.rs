//! The queue of the program that was there before: its table `sync_queue`, in any of the shapes that it had.
//!
//! Invariants: the file is opened for reading alone and never changed. Each row is a read of its own, so the old
//! program is never kept waiting, and at most one row is in memory. No error's text holds a value of a row.

mod error;
mod file;
mod row;

pub use error::{LegacyError, Unreadable};
pub use file::{Legacy, Rows};
pub use row::{CreatedAt, LegacyRow, LegacyStatus, PAYLOAD_BYTES_MAX};

#[cfg(test)]
mod tests;
