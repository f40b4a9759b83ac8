//! Importing the old program's queue: each of its rows becomes an item, in the state that it had there.
//!
//! Invariants: a row's id is a function of the row, so it comes in once. Tokens are taken out before anything else is
//! done with a row, and no error's text holds a value of it. What is imported is told to targets and is no entry of
//! the timeline: reports don't count it.

mod batch;
mod cause;
mod convert;
mod created;
mod details;
mod identity;
mod left;
mod picture;
mod scrub;
mod scrub_text;
mod secrets;
#[cfg(test)]
mod tests;
mod track;

pub use batch::{ImportError, ImportRow, import_batch};
pub use convert::{Converted, Converter};
pub use left::Left;
