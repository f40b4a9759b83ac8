//! A regular expression that is read from settings, so that a mistake in one is told at its place.
//!
//! regex-lite rather than regex: it has no Unicode tables and no fast search, and is a tenth of the size.

use std::borrow::Cow;

use regex_lite::Regex;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The text with all matches replaced; nothing if there are none.
    pub(crate) fn replace(&self, text: &str, with: &str) -> Option<String> {
        match self.0.replace_all(text, with) {
            Cow::Borrowed(_) => None,
            Cow::Owned(replaced) => Some(replaced),
        }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&text).map(Self).map_err(|error| {
            D::Error::custom(format!(
                "this is no regular expression: {error} (in single quotes, TOML leaves backslashes alone)"
            ))
        })
    }
}
