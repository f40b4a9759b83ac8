//! What a plugin says about itself: `plugin.toml` beside its source, JSON inside the finished component.
//!
//! Invariant: a manifest is read without compiling or running anything, and every [`Manifest`] that exists has
//! passed all the rules in `rules`, wherever it came from.

mod error;
mod model;
mod parse;
mod rules;
mod section;

pub use error::{ManifestError, Problem};
pub(crate) use error::{made_for, sentences};
pub(crate) use model::is_spoken;
pub use model::{Ask, AskedCredential, AskedHost, Asks, CONTRACT, Kind, Manifest, TargetTraits};
pub use section::{MANIFEST_BYTES_MAX, SECTION, embed, find, read};
pub use stint_domain::delivery::{Idempotency, Ordering};
