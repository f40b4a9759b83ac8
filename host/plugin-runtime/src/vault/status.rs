//! What a person may know of a credential: everything but its secret, and not its length either.

use super::entry::Entry;
use super::{Place, VaultError};

/// What a person may know of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CredentialStatus {
    /// Its name.
    pub name: String,
    /// `bearer`, `basic`, `header` or `query`.
    pub scheme: String,
    /// The part that isn't secret.
    pub public_id: Option<String>,
    /// Where the secret is kept that a person gives.
    pub kept_in: Option<String>,
    /// Where what a refresh brings is kept.
    pub stored_in: Option<String>,
    /// Whether it is there; nothing where only a command could tell.
    pub present: Option<bool>,
    /// When the token ends.
    pub expires_at_unix_ms: Option<i64>,
    /// Whether it is renewed by a refresh.
    pub refreshes: bool,
    /// Why it can't be used, with what to do.
    pub problem: Option<String>,
    /// What isn't right about how it is kept.
    pub warnings: Vec<String>,
}

impl Entry {
    /// What may be known of it. Nothing is sent, and no command is run.
    pub(super) async fn status(&self) -> CredentialStatus {
        let (description, seen) = (&self.description, self.seen());
        let wanted = description.wanted();
        let mut warnings: Vec<String> = wanted.and_then(Place::warning).into_iter().collect();
        warnings.extend(seen.not_kept.map(|why| format!("what the last refresh brought isn't kept: {why}")));
        if description.refresh.as_ref().is_some_and(|refresh| refresh.refresh.is_some())
            && description.store.is_none()
        {
            warnings.push(
                "a refresh token that a refresh brings is lost when stint ends: `store` is missing"
                    .to_owned(),
            );
        }
        let (mut present, mut problem, mut expires) = (None, seen.problem, seen.expires_at_unix_ms);
        match wanted {
            Some(Place::Command(_)) | None => {}
            Some(place) => match place.read(&self.keyring).await {
                Ok(_) => present = Some(true),
                Err(error) => {
                    present = Some(false);
                    problem = problem.or(Some(format!("{error}; {}", description.advice())));
                }
            },
        }
        if let Some(store) = &description.store {
            if let super::Store::File(path) = store {
                warnings.extend(super::file::exposure(path));
            }
            match store.read(&description.name, &self.keyring).await {
                Ok(Some(kept)) => {
                    expires = expires.or(kept.expires_at_unix_ms);
                    if present != Some(true) && (kept.refresh.is_some() || kept.access.is_some()) {
                        (present, problem) = (Some(true), self.seen().problem);
                    }
                }
                Ok(None) => {}
                Err(error) => problem = problem.or(Some(told(&error))),
            }
        }
        CredentialStatus {
            name: description.name.clone(),
            scheme: description.scheme.word().to_owned(),
            public_id: description.public_id.clone(),
            kept_in: wanted.map(ToString::to_string),
            stored_in: description.store.as_ref().map(ToString::to_string),
            present,
            expires_at_unix_ms: expires,
            refreshes: description.refresh.is_some(),
            problem,
            warnings,
        }
    }
}

fn told(error: &VaultError) -> String {
    error.to_string()
}
