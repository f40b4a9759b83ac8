//! The store of stint: the timeline and the delivery queue, in one SQLite file.
//!
//! Invariants: whatever is SQL here works inside a transaction that it is handed, and neither begins nor commits
//! one; times and chance come in as arguments. One process owns a data directory, one thread writes its database,
//! and nothing is acknowledged before it is durable.

mod alert;
mod backup;
mod blobs;
mod blocking;
mod check;
mod connect;
mod counts;
mod dir;
mod entry_remote;
mod error;
mod fault;
mod footing;
mod health;
mod ids;
pub mod legacy;
mod lock;
mod meta;
mod migrate;
mod open;
mod options;
pub mod plugin_state;
mod quarantine;
pub mod queue;
mod reader;
pub mod schema;
mod sql;
mod stamp;
mod store;
pub mod target;
#[cfg(test)]
mod testing;
pub mod timeline;
mod upkeep;
mod writer;

pub use alert::{Alert, Replacement};
pub use backup::BackupError;
pub use blobs::{Blob, BlobError, BlobHash, Blobs, INLINE_BYTES, NewBlob};
#[doc(hidden)]
pub use connect::Synchronous;
pub use counts::Counts;
pub use dir::{DataDir, DirError};
pub use entry_remote::remote_id;
pub use error::{Error, hex};
pub use footing::Lost;
pub use health::OnAlert;
pub use ids::{Epoch, Hash, Serial, TargetId, Token};
pub use lock::{DataLock, LockError};
pub use meta::{begin_epoch, capture_pause, installation, name_installation, pause_capture};
pub use migrate::MigrateError;
pub use open::{OpenError, Opened};
pub use options::{Mode, Options};
pub use reader::ReadError;
/// What a job of `Store::write` works on; callers hand it on and need not know SQLite.
pub use rusqlite::{Connection, Transaction};
pub use store::Store;
pub use writer::WriteError;
