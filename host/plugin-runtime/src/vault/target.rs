//! The credentials of one target, by the names that its plugin knows them by.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::entry::Entry;
use super::sign;
use crate::egress::{Token, TokenError, Tokens};
use crate::services::{AwsScope, CredentialInfo, Credentials, HostFault, Later};

/// The credentials of one target. Cheap to clone.
#[derive(Clone, Default)]
pub struct TargetCredentials {
    pub(super) entries: Arc<BTreeMap<String, Arc<Entry>>>,
}

impl TargetCredentials {
    fn entry(&self, name: &str) -> Result<&Arc<Entry>, TokenError> {
        let shown = name.escape_debug();
        self.entries
            .get(name)
            .ok_or_else(|| TokenError::NeedsLogin(format!("this target has no credential `{shown}`")))
    }

    async fn secret(&self, name: &str) -> Result<Token, String> {
        self.current(name).await.map_err(|error| error.to_string())
    }
}

impl Tokens for TargetCredentials {
    fn current<'a>(&'a self, name: &'a str) -> Later<'a, Result<Token, TokenError>> {
        Box::pin(async move { self.entry(name)?.current().await })
    }

    fn renewed<'a>(
        &'a self,
        name: &'a str,
        refused: &'a Token,
    ) -> Later<'a, Result<Option<Token>, TokenError>> {
        Box::pin(async move { self.entry(name)?.renewed(refused.generation).await })
    }

    fn advice(&self, name: &str) -> Option<String> {
        self.entries.get(name).map(|entry| entry.description.advice())
    }
}

impl Credentials for TargetCredentials {
    fn describe(&self, name: &str) -> Option<CredentialInfo> {
        let entry = self.entries.get(name)?;
        Some(CredentialInfo {
            scheme: entry.description.scheme.word().to_owned(),
            public_id: entry.description.public_id.clone(),
            expires_at_unix_ms: entry.seen().expires_at_unix_ms,
        })
    }

    fn sign_aws4<'a>(
        &'a self,
        name: &'a str,
        scope: AwsScope<'a>,
        message: &'a str,
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>> {
        Box::pin(async move {
            let token = self.secret(name).await;
            Ok(token.and_then(|token| sign::aws4(&token.secret, scope, message)))
        })
    }

    fn sign_webhook<'a>(
        &'a self,
        name: &'a str,
        message: &'a [u8],
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>> {
        Box::pin(async move {
            let token = self.secret(name).await;
            Ok(token.map(|token| sign::webhook(&token.secret, message)))
        })
    }
}

impl std::fmt::Debug for TargetCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}
