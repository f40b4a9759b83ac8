//! Reading a secret from where it is kept, and putting one there.

use std::path::Path;
use std::time::Duration;

use stint_domain::secret::Secret;
use zeroize::Zeroizing;

use super::description::Place;
use super::keyring::Keyring;
use super::program::{self, Program};
use super::{VaultError, file};

/// A program that prints a secret may ask a token or an agent, but no person.
const COMMAND: Duration = Duration::from_secs(20);

/// A secret from bytes: text without the line break at its end, not empty, and on one line.
pub(super) fn secret(bytes: &[u8], place: &str) -> Result<Secret, VaultError> {
    let text = std::str::from_utf8(bytes).map_err(|_| VaultError::NotText { place: place.to_owned() })?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(VaultError::Empty { place: place.to_owned() });
    }
    if text.chars().any(char::is_control) {
        return Err(VaultError::Unsendable { place: place.to_owned() });
    }
    Ok(Secret::new(text.to_owned()))
}

impl Place {
    /// What is kept there.
    pub(super) async fn read(&self, keyring: &Keyring) -> Result<Secret, VaultError> {
        let place = self.to_string();
        match self {
            Self::Env(variable) => {
                let value = std::env::var_os(variable)
                    .ok_or_else(|| VaultError::NoVariable { variable: variable.clone() })?;
                let bytes = Zeroizing::new(value.into_encoded_bytes());
                secret(&bytes, &place)
            }
            Self::File(path) => secret(&read_file(path).await?, &place),
            Self::Keyring(name) => keyring.read(name).await,
            Self::Command(words) => {
                let said =
                    program::run(Program { words, input: None, within: COMMAND, listens: false }).await?;
                if !said.status.success() {
                    let program = words.first().cloned().unwrap_or_default();
                    return Err(VaultError::Failed { program, status: program::ending(said.status) });
                }
                secret(&said.output, &place)
            }
        }
    }

    /// Puts a secret there. Only for places that can be written.
    pub(super) async fn write(&self, value: &Secret, keyring: &Keyring) -> Result<(), VaultError> {
        match self {
            Self::File(path) => write_file(path, value.expose()).await,
            Self::Keyring(name) => keyring.write(name, value).await,
            Self::Env(_) | Self::Command(_) => Err(VaultError::Lost { place: self.to_string() }),
        }
    }

    /// Takes away what is there; whether there was something.
    pub(super) async fn remove(&self, keyring: &Keyring) -> Result<bool, VaultError> {
        match self {
            Self::File(path) => remove_file(path).await,
            Self::Keyring(name) => keyring.remove(name).await,
            Self::Env(_) | Self::Command(_) => Ok(false),
        }
    }

    /// What is wrong with how it is kept, if anything is.
    pub(super) fn warning(&self) -> Option<String> {
        match self {
            Self::File(path) => file::exposure(path),
            _ => None,
        }
    }
}

/// Reads a file on a thread that may wait for it.
pub(super) async fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    blocking("read", path, file::read).await
}

/// Replaces a file.
pub(super) async fn write_file(path: &Path, text: &str) -> Result<(), VaultError> {
    let text = Zeroizing::new(text.to_owned());
    blocking("write", path, move |path| file::write(path, text.as_bytes())).await
}

/// Removes a file; whether there was one.
pub(super) async fn remove_file(path: &Path) -> Result<bool, VaultError> {
    blocking("remove", path, file::remove).await
}

async fn blocking<T: Send + 'static>(
    what: &'static str,
    path: &Path,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T, VaultError> {
    let owned = path.to_owned();
    let done = tokio::task::spawn_blocking(move || work(&owned)).await;
    let done = done.map_err(|_| VaultError::Lost { place: path.display().to_string() })?;
    done.map_err(|source| VaultError::File { what, path: path.to_owned(), source })
}
