//! Compiled code, kept between runs, so that a start compiles nothing it compiled before.
//!
//! Loading compiled code is trusting it, so the cache trusts nobody but itself: its folder belongs to this user
//! and is open to no other, every entry carries a digest of its bytes, and its name is made from the component's
//! own hash, the compiler's settings and version. Whatever doesn't fit is thrown away and compiled again.

mod folder;
mod key;
mod prune;
mod trusted;

pub use folder::{Cache, CacheError};
pub(crate) use key::Key;
pub(crate) use trusted::component;
