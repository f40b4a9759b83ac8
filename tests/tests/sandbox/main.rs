//! Hostile plugins against the sandbox. For each: what became of it, that the host answered within the plugin's own
//! bounds, that another plugin went on, and that nothing of it was left behind.
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
mod stage;
mod state;
mod theft;
mod time;
