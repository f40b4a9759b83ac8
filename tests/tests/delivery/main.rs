//! Delivery in virtual time: a real store, real plugins in the production sandbox, and a backend that fails as it is
//! told. Days of outage take seconds, because tokio's clock stands still while there is work and jumps when there is
//! none.
//!
//! Every test ends with the same balance: what was issued is sent, superseded, failed, dropped or pending, and the
//! backend counted one effect for every key.
#![cfg(test)]

mod backend;
mod bulk;
mod doubts;
mod outages;
mod parts;
mod policies;
mod refusals;
mod swaps;
mod transforms;
mod wishes;
mod world;
