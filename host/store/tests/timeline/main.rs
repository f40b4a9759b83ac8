//! The timeline: what the timer's rules decide is in the store, whole, and nothing else is.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what fails here fails its test")]

mod fixture;
mod model;
mod rules;
