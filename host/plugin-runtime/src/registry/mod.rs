//! The folder of plugins: what is in it, which of it serves, and why the rest doesn't.
//!
//! Invariants: what serves has been loaded, linked and tried, and goes on until something better has been; every file
//! is looked at by itself, so that a bad or slow one delays no other; and what is wrong with a file stays known until
//! the file is mended. The folder's state is data: everything above reads it and swaps as it likes.

mod catalogue;
mod choose;
mod describe;
mod examine;
mod files;
mod keeper;
mod rules;
mod stamp;
mod survey;

pub use catalogue::{Catalogue, Entry, State};
pub use keeper::Registry;
pub use rules::{Rules, Timing, Trial};
pub use survey::survey;
