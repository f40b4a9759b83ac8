//! The sample backend, seen by a plain client: what it keeps, what it counts, and that every switch does what it says.
#![cfg(test)]

mod by_hand;
mod client;
mod faults;
mod keeping;
mod spoilt_answers;
mod tokens;
