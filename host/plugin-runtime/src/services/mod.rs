//! What the host hands a sandbox to answer its imports with: traits here, filled in by the crates that own a
//! database, a network client or a clock, and by scripted doubles in tests.
//!
//! Bounds and grants are kept by the imports, above these traits, so every implementation has them alike.

mod clock;
mod credentials;
mod files;
mod http;
mod scripted;
mod state;

use std::pin::Pin;

pub use clock::Clock;
pub use credentials::{AwsScope, CredentialInfo, Credentials};
pub use files::{FileError, FilesHeld, Folder};
pub use http::{Broker, HttpBody, HttpChunk, HttpError, HttpPart, HttpRequest, HttpResponse};
pub use scripted::{FixedClock, NoCredentials, NoNetwork, RecordedRequest, ScriptedBroker};
pub use state::{MemoryState, StateSource, StateWrite};

/// A future that a trait object can answer with.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The host failed to do its part. Never the plugin's fault, and never charged to it.
#[derive(Debug, thiserror::Error)]
#[error("the host could not answer the plugin: {reason}")]
pub struct HostFault {
    /// What went wrong.
    pub reason: String,
}

impl HostFault {
    /// A fault with its cause in words.
    pub fn new(reason: impl std::fmt::Display) -> Self {
        Self { reason: reason.to_string() }
    }
}
