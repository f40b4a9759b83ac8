//! An address of the web: `https://login.example.com/token`. Logins don't belong into it, and a secret only travels
//! encrypted.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use url::{Host, Url};

use crate::decode::{Fault, FromText};

/// An `https` address, or an `http` one of this machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WebAddress(Url);

impl WebAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address, parsed.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// Reads an address with one of these schemes and without a login.
pub(super) fn plain_address(text: &str, schemes: &[&str], example: &str) -> Result<Url, Fault> {
    let url = Url::parse(text).map_err(|error| {
        Fault::whole(text, format!("`{}` is no address: {error}", without_login(text))).hint(example)
    })?;
    if !schemes.contains(&url.scheme()) {
        let message = format!("an address can't begin with `{}:` here", url.scheme());
        return Err(Fault::part(0..url.scheme().len().min(text.len()), message).hint(example));
    }
    if url.host().is_none() {
        return Err(Fault::whole(text, format!("`{text}` names no host")).hint(example));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let message = "a login stands in this address, where everybody can read it";
        return Err(Fault::whole(text, message).hint(
            "take it out; keep the secret under [credentials], and change it, because it was in a file",
        ));
    }
    Ok(url)
}

/// A text that may be a broken address, without what stands before its `@`.
fn without_login(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    }
}

/// Whether an address means this machine.
pub(super) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

const EXAMPLE: &str = "for example https://login.example.com/token";

impl FromText for WebAddress {
    fn expected() -> String {
        "an address, such as \"https://login.example.com/token\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        let url = plain_address(text, &["https", "http"], EXAMPLE)?;
        if url.scheme() == "http" && !is_local(&url) {
            let message = "a secret would travel to this address without encryption";
            return Err(Fault::part(0..4, message).hint("write https, unless the host is this machine"));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for WebAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for WebAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for WebAddress {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WebAddress".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "description": "An https address without a login.", "format": "uri"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_travels_encrypted_or_not_at_all() {
        for text in ["https://a.test/token", "http://127.0.0.1:8080/x", "http://localhost/", "http://[::1]/"]
        {
            assert!(WebAddress::from_text(text).is_ok(), "{text}");
        }
        let refused = |text: &str| WebAddress::from_text(text).unwrap_err().message;
        assert_eq!(refused("http://a.test/"), "a secret would travel to this address without encryption");
        assert_eq!(refused("ftp://a.test/"), "an address can't begin with `ftp:` here");
        assert_eq!(refused("a.test"), "`a.test` is no address: relative URL without a base");
        assert_eq!(
            refused("https://bob:hunter2@a.test/"),
            "a login stands in this address, where everybody can read it"
        );
        assert!(!refused("https://bob:hunter2@a b/").contains("hunter2"));
    }
}
