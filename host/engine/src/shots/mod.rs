//! Screenshots: when one is taken, by which rules, and how it becomes an item.
//!
//! Invariants: one shot at a time; none while nobody is there or a person paused them; a source that can't work is told
//! in the status and stops nothing else. The picture's file is durable before the item that names it, and the item and
//! its deliveries are of one transaction.

mod error;
mod keep;
mod news;
mod record;
mod schedule;
mod take;
mod withdraw;

pub use error::ShotError;
pub(crate) use keep::take_when_due;
pub use news::Shots;
pub use take::{Glance, Seen};
