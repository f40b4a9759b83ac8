//! What vouches for a plugin: the hash of its file, and the key that signed it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::decode::{Fault, FromText};

/// The SHA-256 of a plugin's file, written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Pin(#[schemars(regex(pattern = "^sha256:[0-9a-fA-F]{64}$"))] String);

impl Pin {
    /// The 64 hexadecimal digits, in small letters.
    pub fn hex(&self) -> &str {
        self.0.trim_start_matches("sha256:")
    }
}

const SHOWS: &str = "stint plugin inspect FILE shows the hash of a plugin";

impl FromText for Pin {
    fn expected() -> String {
        "a hash, such as \"sha256:9f86d0…\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        let Some(hex) = text.strip_prefix("sha256:") else {
            return Err(Fault::whole(text, "a hash begins with `sha256:`").hint(SHOWS));
        };
        let start = text.len() - hex.len();
        if let Some((at, letter)) = hex.char_indices().find(|(_, letter)| !letter.is_ascii_hexdigit()) {
            let at = start + at..start + at + letter.len_utf8();
            return Err(Fault::part(at, format!("`{letter}` is no hexadecimal digit")).hint(SHOWS));
        }
        if hex.len() != 64 {
            let message = format!("a SHA-256 has 64 digits, and these are {}", hex.len());
            return Err(Fault::part(start..text.len(), message).hint(SHOWS));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

/// A minisign public key: the second line of a `.pub` file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct PublicKey(#[schemars(regex(pattern = "^RW[A-Za-z0-9+/]{54}$"))] String);

impl PublicKey {
    /// The key as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromText for PublicKey {
    fn expected() -> String {
        "a minisign public key, such as \"RWQ…\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        let base64 = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
        if !text.starts_with("RW") || text.len() != 56 || !base64 {
            return Err(Fault::whole(text, "this is no minisign public key")
                .hint("it is the second line of the .pub file: 56 characters that begin with RW"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_a_whole_hash() {
        let digits = "AB".repeat(32);
        assert_eq!(Pin::from_text(&format!("sha256:{digits}")).unwrap().hex(), digits.to_lowercase());
        let refused = |text: &str| Pin::from_text(text).unwrap_err().message;
        assert_eq!(refused("md5:00"), "a hash begins with `sha256:`");
        assert_eq!(refused("sha256:00"), "a SHA-256 has 64 digits, and these are 2");
        assert_eq!(refused("sha256:0x"), "`x` is no hexadecimal digit");
    }

    #[test]
    fn a_key_is_minisigns() {
        let key = format!("RW{}", "a".repeat(54));
        assert_eq!(PublicKey::from_text(&key).unwrap().as_str(), key);
        assert_eq!(PublicKey::from_text("RWx").unwrap_err().message, "this is no minisign public key");
    }
}
