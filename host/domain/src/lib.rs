//! The pure rules of stint. Nothing here reads a clock, a file or the network: time comes in as a sample,
//! randomness as bytes, and every decision is a function of what was handed in.

pub mod bounds;
pub mod clock;
mod cut;
pub mod delivery;
pub mod entry;
pub mod failure;
pub mod gap;
pub mod id;
pub mod import;
pub mod item;
pub mod key;
pub mod pace;
pub mod report;
pub mod secret;
pub mod time;
pub mod timer;
mod treatment;
