//! Proofs that nothing acknowledged is lost, half written or doubled, whatever happens to the process, the disk or
//! the power.
//!
//! A script works on a store and writes a line for everything that was acknowledged to it. It runs in a process of
//! its own, under `strace`, which says what reached the disk when, and can kill it or fail a call at any point. What
//! is left is opened again and compared with what was issued and what was acknowledged.

#![expect(clippy::unwrap_used, reason = "a proof whose ground can't be prepared has failed")]
#![expect(clippy::panic, reason = "the same")]

mod acknowledgements;
mod bars;
mod child;
mod crash_images;
mod disk;
mod disk_errors;
mod disk_full;
mod disk_read_only;
mod fixtures;
mod image;
mod jobs;
mod kill_sweep;
mod oracle;
mod others;
mod plan;
mod rng;
mod script;
mod trace;
