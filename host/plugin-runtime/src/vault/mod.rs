//! The credentials: where each is kept, what counts now, and how a new one is got.
//!
//! Invariants: a secret is read when it is needed and leaves here only as a [`Secret`]; for one generation of a token
//! there is one refresh, however many ask; a token that a refresh brought is stored before anybody gets it; what failed
//! isn't tried again at once. No text that comes from here has a secret in it.
//!
//! This crate doesn't know the configuration: the engine hands over plain descriptions.

mod connections;
mod description;
mod entry;
mod error;
mod file;
mod keyring;
mod pause;
mod place;
mod program;
mod refresh;
mod sign;
mod status;
mod stored;
mod target;
#[expect(clippy::module_inception, reason = "it is the vault of the vault's parts")]
mod vault;

pub use connections::Connections;
pub use description::{Description, Place, Refresh, Store};
pub use error::VaultError;
pub use keyring::Keyring;
pub use status::CredentialStatus;
pub use target::TargetCredentials;
pub use vault::Vault;
