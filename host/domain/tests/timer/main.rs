//! The timer's tests: each rule by an example, and all of them together by models.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "what a test's world can't do is what the test found"
)]

mod amend;
mod at;
mod claims;
mod clocks;
mod gaps;
mod json;
mod machine;
mod model;
mod office;
mod reckoning;
mod sheets;
mod stated;
mod undo;
mod verbs;
mod world;
