//! The delivery protocol, a test a rule: what is recorded, in which order it is claimed, what a lease is worth, what
//! is frozen, and what becomes of a delivery.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails its test")]

mod claiming;
mod clocks;
mod desk;
mod importing;
mod lanes;
mod moving;
mod outlook;
mod pictures;
mod recording;
mod retrying;
mod settling;
mod targets;
mod upkeep;
