//! What the person's desk looks like: idle time for the timer and the screenshots, and, where it is switched on, samples
//! of activity as items.
//!
//! Invariants: nothing is looked at but idle time unless `[activity]` is switched on, and titles only when they are
//! asked for. A desk that can't be looked at stops nothing.

mod absence;
mod attention;
mod spans;
mod watch;

pub(crate) use attention::Attention;
pub(crate) use watch::watch_desk;
