//! The way out to the network, against real servers on this machine's loopback: each does one thing that servers on the
//! network do, by accident or on purpose.
#![cfg(test)]

mod addresses;
mod bounds;
mod certificates;
mod connections;
mod echoes;
mod failures;
mod proxies;
mod redirects;
mod server;
mod stage;
mod streams;
mod tokens;
