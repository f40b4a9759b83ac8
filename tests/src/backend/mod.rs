//! A sample backend: a real HTTP server on loopback with a time tracker's API, which can be told to fail in every way
//! that backends fail, and which counts what it was made to do.
//!
//! Invariant: an *effect* is a change of what the backend keeps. Effects are counted by idempotency key, so "exactly
//! once" is a number that a test reads and not a log that it trusts.

mod answer;
mod api;
mod books;
mod config;
mod control;
mod desk;
mod fault;
mod gate;
mod ledger;
mod rules;
mod seen;
mod serve;
mod server;
mod sessions;
mod wire;

pub use config::{Config, PASSWORD, USER};
pub use fault::{Fault, PAST, Rule, TEN_YEARS, When};
pub use ledger::{Entry, Ledger, Screenshot, Step, StoredFile};
pub use seen::{Counts, Route, Seen};
pub use server::{Backend, BackendError};
pub use sessions::Tokens;
