//! Delivery: for every target a loop of its own takes what is due from the queue, has the target's plugin deliver it,
//! and settles what became of it.
//!
//! Invariants: nothing is sent before what is sent is durable, with the fact that it is being sent; whatever ends a
//! call, its items are settled or may be found out about; a failure that isn't an item's own holds up the target and
//! costs the item nothing. What each failure means is said in the domain's table alone.

mod bell;
mod call;
mod courier;
mod couriers;
mod error;
mod file;
mod gate;
mod hand;
mod judge;
mod memory;
mod pacing;
mod parcel;
mod pass;
mod plan;
mod prepare;
mod settle;
mod snapshot;
mod station;
mod telling;
mod traits;

pub use bell::Bell;
pub use error::DeliverError;
pub use station::{Passed, Passes};

pub use couriers::deliver;
