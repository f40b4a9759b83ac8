//! A secret. It can't be printed, written into JSON, or compared in a time that depends on its content; its memory
//! is wiped when it is dropped. The types say so: whoever tries gets a compile error.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use subtle::{Choice, ConstantTimeEq};

/// A secret text: a token, a password, a key.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(SecretString::from(text))
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// Whether the two are the same, in a time that depends on their lengths alone.
    pub fn matches(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl ConstantTimeEq for Secret {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.expose().as_bytes().ct_eq(other.expose().as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use static_assertions::assert_not_impl_any;

    assert_not_impl_any!(
        Secret: fmt::Display, ToString, PartialEq, Eq, PartialOrd, std::hash::Hash, serde::Serialize, AsRef<str>, Copy
    );

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let secret = Secret::new("hunter2-canary".into());
        for shown in [format!("{secret:?}"), format!("{secret:#?}"), format!("{:?}", Some(&secret))] {
            assert!(!shown.contains("hunter2"), "{shown}");
            assert!(shown.contains("Secret(…)"), "{shown}");
        }
    }

    #[test]
    fn secrets_match_by_content_alone() {
        let secret = Secret::new("a".into());
        assert!(secret.matches(&Secret::new("a".into())));
        assert!(!secret.matches(&Secret::new("b".into())));
        assert!(!secret.matches(&Secret::new("aa".into())));
        assert_eq!(secret.expose(), "a");
        assert!(!secret.is_empty());
        assert!(Secret::new(String::new()).is_empty());
    }
}
