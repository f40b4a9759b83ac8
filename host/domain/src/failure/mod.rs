//! Failures: their causes, the table of what each means, and the table applied.

mod cause;
mod ruling;
pub mod table;

pub use cause::{Cause, Failure};
pub use ruling::{CRASHES_MAX, Evidence, ItemFate, Ruling, rule};
