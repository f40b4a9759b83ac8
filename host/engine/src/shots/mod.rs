//! Screenshots: when one is taken, by which rules, and how it becomes an item.
//!
//! Invariants: one shot at a time; none while nobody is there or a person paused them; a source that can't work is told
//! in the status and stops nothing else. The picture's file is durable before the item that names it, and the item and
//! its deliveries are of one transaction.

mod areas;
mod error;
mod keep;
mod news;
mod record;
mod remedy;
mod schedule;
mod take;
#[cfg(test)]
mod tests;
mod withdraw;

pub(crate) use areas::unknown_areas;
pub use error::ShotError;
pub(crate) use keep::take_when_due;
pub use news::Shots;
pub use remedy::{Remedy, Trouble};
pub(crate) use take::exclusions;
pub use take::{Glance, Seen};
