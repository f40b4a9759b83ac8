//! The pure rules of stint. Nothing here reads a clock, a file or the network: time comes in as a sample,
//! randomness as bytes, and every decision is a function of what was handed in.

pub mod clock;
mod cut;
pub mod entry;
pub mod gap;
pub mod id;
pub mod key;
pub mod time;
pub mod timer;
