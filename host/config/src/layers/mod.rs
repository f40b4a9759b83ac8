//! The layers of a configuration: defaults < the file < `conf.d/*.toml` by name < environment < flags.
//!
//! What may be overridden: any single value of the fixed tables, by any later layer. A target, transform, policy or
//! credential is defined in exactly one file; environment and flags may change single values of it, and can't
//! define a new one, because a mistyped name would make one.

mod environment;
mod files;
mod flags;
mod overlay;
mod request;

pub(crate) use environment::read_environment;
pub(crate) use files::read_files;
pub use flags::{Flag, FlagError};
pub(crate) use flags::{read_flags, split_key};
pub use request::{Asked, ConfigFile, Request};
