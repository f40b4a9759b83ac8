//! From the tree to the model. serde stops at the first mistake and knows no places, so this is our own: every table
//! says which keys it has, one line each, and every mistake is collected.

mod context;
mod reader;
mod scalar;

pub(crate) use context::Context;
pub(crate) use reader::{Reader, Section};
pub(crate) use scalar::{Decode, Fault, FromText, wrong_type};
