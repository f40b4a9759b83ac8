//! What a refresh brought, as it is kept until the next one: in a file or in the keyring, always as a whole.

use serde::{Deserialize, Serialize};
use std::io;
use stint_domain::secret::Secret;
use zeroize::Zeroizing;

use super::VaultError;
use super::description::Store;
use super::keyring::Keyring;
use super::place::{read_file, remove_file, write_file};

/// What is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    /// The token, if there is one yet.
    pub(super) access: Option<Secret>,
    /// What the next one is got with, where it isn't what the configuration names.
    pub(super) refresh: Option<Secret>,
    pub(super) expires_at_unix_ms: Option<i64>,
}

#[derive(Serialize)]
struct Written<'s> {
    version: u32,
    access: Option<&'s str>,
    refresh: Option<&'s str>,
    expires_at_unix_ms: Option<i64>,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    access: Option<String>,
    refresh: Option<String>,
    expires_at_unix_ms: Option<i64>,
}

const VERSION: u32 = 1;

impl Store {
    /// What is kept for a credential; nothing if nothing is.
    pub(super) async fn read(&self, name: &str, keyring: &Keyring) -> Result<Option<Stored>, VaultError> {
        match self {
            Self::File(path) => match read_file(path).await {
                Ok(bytes) => self.parsed(&bytes).map(Some),
                Err(VaultError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            },
            Self::Keyring => match keyring.read(&entry(name)).await {
                Ok(text) => self.parsed(text.expose().as_bytes()).map(Some),
                Err(VaultError::NotInKeyring { .. }) => Ok(None),
                Err(error) => Err(error),
            },
        }
    }

    /// Keeps this instead. When it is done, it stays.
    pub(super) async fn write(&self, name: &str, kept: &Stored, keyring: &Keyring) -> Result<(), VaultError> {
        let written = Written {
            version: VERSION,
            access: kept.access.as_ref().map(Secret::expose),
            refresh: kept.refresh.as_ref().map(Secret::expose),
            expires_at_unix_ms: kept.expires_at_unix_ms,
        };
        let text = serde_json::to_string(&written).map_err(|error| self.bad(&error))?;
        let text = Zeroizing::new(text);
        match self {
            Self::File(path) => write_file(path, &text).await,
            Self::Keyring => keyring.write(&entry(name), &Secret::new(text.as_str().to_owned())).await,
        }
    }

    /// Keeps nothing; whether there was something.
    pub(super) async fn remove(&self, name: &str, keyring: &Keyring) -> Result<bool, VaultError> {
        match self {
            Self::File(path) => remove_file(path).await,
            Self::Keyring => keyring.remove(&entry(name)).await,
        }
    }

    fn parsed(&self, bytes: &[u8]) -> Result<Stored, VaultError> {
        let read: Read = serde_json::from_slice(bytes).map_err(|error| self.bad(&error))?;
        if read.version != VERSION {
            let (place, reason) = (self.to_string(), format!("they are of version {}", read.version));
            return Err(VaultError::BadStore { place, reason });
        }
        let filled = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Secret::new);
        Ok(Stored {
            access: filled(read.access),
            refresh: filled(read.refresh),
            expires_at_unix_ms: read.expires_at_unix_ms,
        })
    }

    /// The parser's own text may have a piece of what it read in it, so only the place is told.
    fn bad(&self, error: &serde_json::Error) -> VaultError {
        let reason = format!("line {}, column {} is not what stint writes", error.line(), error.column());
        VaultError::BadStore { place: self.to_string(), reason }
    }
}

/// The name under which the keyring has a credential's tokens.
fn entry(name: &str) -> String {
    format!("{name}/tokens")
}
