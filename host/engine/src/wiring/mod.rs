//! What the configuration's targets are made of at this moment: their plugins, and what each call of them is given.
//!
//! Invariant: a line is never changed in place. A new configuration, plugin or credential makes a new one, and a call
//! that runs goes on with the line it began with.

mod bound;
mod line;

pub use bound::{Bound, Network, Said, Unnetworked};
pub use line::{Line, Lines, Unready};
