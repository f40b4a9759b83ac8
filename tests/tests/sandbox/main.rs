//! Hostile plugins against the sandbox: what becomes of each, in detail, and that each call gives its place back. That
//! the host answers within the bounds, that another plugin goes on and that nothing is left behind is shown for each of
//! them in `sandbox_leftovers`, which has a process of its own.
//!
//! No test waits for a length of time. A bound that were not kept would leave its test without an end.
#![cfg(test)]

mod answers;
mod bounds;
mod files;
mod memory;
mod network;
mod pictures;
mod pool;
mod services;
mod stage;
mod state;
mod theft;
mod time;
