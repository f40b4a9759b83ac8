//! What a person who asks "is all well?" is told: findings, each with the command or the line that mends it.
//!
//! Invariants: a check looks and changes nothing, but for what a request to the backend changes by itself; none takes
//! longer than its bound, and none waits for another; what it found is said without any secret.

mod bounded;
mod capture;
mod clock;
mod credentials;
mod disk;
mod examine;
mod finding;
mod ground;
mod host;
mod lines;
mod modes;
mod plugins;
mod probe;
mod reach;
mod targets;
mod way_out;

pub use bounded::bounded;
pub use clock::clock;
pub use examine::Examined;
pub use finding::{Area, Finding, Level, Lines, Mend};
pub use ground::ground;
pub use plugins::plugin_folder;
