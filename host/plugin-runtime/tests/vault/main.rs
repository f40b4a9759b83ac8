//! The credentials, with real files, programs and login servers.
#![cfg(test)]

mod at_work;
mod keyrings;
mod managed;
mod places;
mod renewals;
#[path = "../egress/server.rs"]
#[allow(dead_code, reason = "not every test binary needs all of it")]
mod server;
#[path = "../egress/stage.rs"]
#[allow(dead_code, reason = "not every test binary needs all of it")]
mod stage;
mod world;
