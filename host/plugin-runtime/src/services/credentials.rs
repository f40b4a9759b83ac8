//! Credentials, as far as a plugin may use them: it learns what they are called and has things signed.

use super::{HostFault, Later};

/// What may be known about a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialInfo {
    /// `bearer`, `basic`, `header` or `query`.
    pub scheme: String,
    /// The part that isn't secret.
    pub public_id: Option<String>,
    /// When it expires.
    pub expires_at_unix_ms: Option<i64>,
}

/// Signs and describes the credentials of one target, by the names its plugin knows them by. Whether the plugin may
/// use a name was decided before.
pub trait Credentials: Send + Sync {
    /// What is known about a credential; nothing if there is none of that name.
    fn describe(&self, name: &str) -> Option<CredentialInfo>;
    /// An AWS signature of version 4. The inner error is for the plugin.
    fn sign_aws4<'a>(
        &'a self,
        name: &'a str,
        scope: AwsScope<'a>,
        message: &'a str,
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>>;
    /// An HMAC-SHA256. The inner error is for the plugin.
    fn sign_webhook<'a>(
        &'a self,
        name: &'a str,
        message: &'a [u8],
    ) -> Later<'a, Result<Result<Vec<u8>, String>, HostFault>>;
}

/// What an AWS signing key is derived for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwsScope<'a> {
    /// The day, as `20250131`.
    pub date: &'a str,
    /// The region.
    pub region: &'a str,
    /// The service.
    pub service: &'a str,
}
