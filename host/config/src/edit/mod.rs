//! Changing one value of the configuration's files, or the text of the main one. Comments and order stay as they are; the result is checked as a
//! whole before a byte is written, and is written as a whole.

mod change;
mod error;
mod whole;
mod write;

pub use change::{Edit, Edited, edit};
pub use error::EditError;
pub use whole::{current_text, put};
