//! Pace: when something may be tried again.

pub mod backoff;
mod breaker;
pub mod due;
mod floor;

pub use backoff::Jitter;
pub use breaker::{Breaker, Gate};
pub use floor::Floor;
