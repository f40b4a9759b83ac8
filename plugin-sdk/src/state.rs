//! A small durable memory, one for each plugin and target. What a call writes is committed together with its
//! outcomes, or not at all. The manifest has to ask for it.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::imports;
use crate::target::Undelivered;
use crate::types::Failure;

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The key, the value or the whole is larger than the limit.
    TooLarge(String),
    /// The manifest doesn't ask for state, or something else is in the way.
    Other(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::TooLarge(message) => {
                Failure::misconfigured(format!("the plugin's state is full: {message}"))
            }
            Error::Other(message) => {
                Failure::misconfigured(format!("the plugin's state is not available: {message}"))
            }
        }
    }
}

impl From<Error> for Undelivered {
    fn from(error: Error) -> Self {
        Undelivered::Retry(error.into())
    }
}

/// The value under a key.
pub fn get(key: &str) -> Option<Vec<u8>> {
    imports::state_get(key)
}

/// The value under a key, read as JSON. A value that can't be read as `T` is as good as none.
pub fn get_json<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_slice(&get(key)?).ok()
}

/// Sets the value under a key: a text that isn't empty, of at most 512 bytes.
pub fn put(key: &str, value: &[u8]) -> Result<(), Error> {
    imports::state_put(key, value)
}

/// Sets the value under a key, written as JSON.
pub fn put_json<T: Serialize + ?Sized>(key: &str, value: &T) -> Result<(), Error> {
    let bytes = serde_json::to_vec(value).map_err(|error| Error::Other(error.to_string()))?;
    put(key, &bytes)
}

/// Forgets a key. Forgetting what isn't there is no error.
pub fn delete(key: &str) -> Result<(), Error> {
    imports::state_delete(key)
}

/// Up to `limit` keys that begin with `prefix`, in the order of their bytes, from the first one behind `after`.
pub fn keys(prefix: &str, after: Option<&str>, limit: u32) -> Vec<String> {
    imports::state_keys(prefix, after, limit)
}
