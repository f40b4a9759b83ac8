//! Secrets, as the broker sees them: what is current, and how to get a newer one.

use std::sync::Arc;

use stint_domain::secret::Secret;

use super::attach::Scheme;
use crate::services::{HttpError, Later};

/// A secret that counts now.
#[derive(Clone, Debug)]
pub struct Token {
    /// How it is attached.
    pub scheme: Scheme,
    /// The secret.
    pub secret: Arc<Secret>,
    /// Counts the renewals, so that several who find one out of date have it renewed once.
    pub generation: u64,
    /// Secrets that belong to it and aren't sent to the backend, such as what it is renewed with. They are covered in
    /// answers as well.
    pub kin: Vec<Arc<Secret>>,
}

/// Why there is no secret to attach. The text is for people and has no secret in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It can't be had: it is nowhere, can't be read, or was refused; a person has to log in.
    #[error("{0}")]
    NeedsLogin(String),
    /// It could not be renewed just now.
    #[error("{0}")]
    Unavailable(String),
}

impl From<TokenError> for HttpError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::NeedsLogin(text) => Self::Unauthorized(text),
            TokenError::Unavailable(text) => Self::Offline(text),
        }
    }
}

/// The secrets of one target, by the plugin's names for them.
pub trait Tokens: Send + Sync {
    /// The one that counts now.
    fn current<'a>(&'a self, name: &'a str) -> Later<'a, Result<Token, TokenError>>;
    /// A newer one than `refused`, if there can be one; nothing where it can't be renewed.
    fn renewed<'a>(
        &'a self,
        name: &'a str,
        refused: &'a Token,
    ) -> Later<'a, Result<Option<Token>, TokenError>>;
    /// What a person does about one that its backend refuses.
    fn advice(&self, _name: &str) -> Option<String> {
        None
    }
}
