//! Tokens: issued, used up, expired, renewed.
//!
//! Invariant: a refresh token is good once. The one that comes with the renewed access token takes its place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::config::Config;

/// A pair of tokens, as a login or a refresh hands it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// For requests.
    pub access: String,
    /// For the next pair.
    pub refresh: String,
}

impl Tokens {
    pub(super) fn answer(&self, expires_in_s: u64) -> Value {
        json!({ "accessToken": self.access, "refreshToken": self.refresh, "expiresIn": expires_in_s })
    }
}

/// What a refresh came to.
pub(super) enum Renewal {
    Renewed(Tokens),
    /// The token was good once and has been used.
    Reused,
    Unknown,
}

/// All tokens.
#[derive(Default)]
pub(super) struct Sessions {
    /// Access tokens and the requests left to each.
    access: BTreeMap<String, Option<u64>>,
    refresh: BTreeSet<String>,
    spent: BTreeSet<String>,
    issued: u64,
    /// Requests that a new access token is good for.
    pub(super) uses: Option<u64>,
}

impl Sessions {
    pub(super) fn issue(&mut self, config: &Config) -> Tokens {
        self.issued += 1;
        let (prefix, number) = (&config.token_prefix, self.issued);
        let tokens = Tokens {
            access: format!("{prefix}access-{number}"),
            refresh: format!("{prefix}refresh-{number}"),
        };
        self.access.insert(tokens.access.clone(), self.uses);
        self.refresh.insert(tokens.refresh.clone());
        tokens
    }

    pub(super) fn renew(&mut self, refresh: &str, config: &Config) -> Renewal {
        if self.refresh.remove(refresh) {
            self.spent.insert(refresh.to_owned());
            return Renewal::Renewed(self.issue(config));
        }
        if self.spent.contains(refresh) { Renewal::Reused } else { Renewal::Unknown }
    }

    /// Whether a request may use this token; if so, one of its uses is gone.
    pub(super) fn admit(&mut self, token: &str, config: &Config) -> bool {
        if config.api_key.as_deref() == Some(token) {
            return true;
        }
        match self.access.get_mut(token) {
            None | Some(Some(0)) => false,
            Some(None) => true,
            Some(Some(left)) => {
                *left -= 1;
                true
            }
        }
    }

    /// No access token is good any more; refresh tokens stay.
    pub(super) fn expire(&mut self) {
        self.access.clear();
    }

    /// No token of any sort is good any more.
    pub(super) fn revoke(&mut self) {
        self.access.clear();
        self.refresh.clear();
    }
}
