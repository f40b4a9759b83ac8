//! The ways out of the host: the network and the credentials that the configuration gives its targets.
//!
//! Invariant: what is known of a credential outlives a change of the configuration that doesn't concern it, and so do
//! a target's connections.

mod describe;
mod keys;
mod network;
mod way;
mod ways;

pub use describe::descriptions;
pub use keys::Keys;
pub(crate) use ways::Outward;
