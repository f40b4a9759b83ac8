//! What may be known about this target's credentials, and signing with them. Nothing here tells a secret: to use
//! a credential, name it in a request ([`crate::http::Request::credential`]).

use crate::imports;
use crate::types::UnixMs;

/// What may be known about a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// `bearer`, `basic`, `header`, `query`, or a word that a later host knows.
    pub scheme: String,
    /// The part that isn't secret, such as the identifier of an access key or a user's name.
    pub public_id: Option<String>,
    /// When it expires, if that is known.
    pub expires_at: Option<UnixMs>,
}

/// What may be known about a credential; nothing if the target has none of this name.
pub fn describe(name: &str) -> Option<Info> {
    imports::credentials_describe(name)
}

/// Signs a message as AWS Signature Version 4 does, with the key for a date (as in `20250131`), region and service.
pub fn sign_aws4(
    name: &str,
    date: &str,
    region: &str,
    service: &str,
    message: &str,
) -> Result<Vec<u8>, String> {
    imports::credentials_sign_aws4(name, date, region, service, message)
}

/// Signs a message by HMAC-SHA256, as webhooks do.
pub fn sign_webhook(name: &str, message: &[u8]) -> Result<Vec<u8>, String> {
    imports::credentials_sign_webhook(name, message)
}
