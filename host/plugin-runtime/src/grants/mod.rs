//! What a plugin may do: what its manifest asks for and the configuration grants, nothing else.
//!
//! A file's list of imports says nothing about this (some languages import their whole world), so the question is
//! asked at every call of an import, and the answer names the line that would change it.

mod allowed;
mod granted;
mod host_pattern;

pub use allowed::{Allowed, HostRule};
pub use granted::{Grants, Missing, Refusal};
pub use host_pattern::{HostPattern, PatternError};
