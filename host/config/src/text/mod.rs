//! The texts that a configuration is read from, and places in them.

mod literal;
mod origin;
mod source;

pub(crate) use literal::offset_in_literal;
pub use origin::Origin;
pub(crate) use source::{Place, Source, SourceId, SourceName, Sources};
