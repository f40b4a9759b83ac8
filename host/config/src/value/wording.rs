//! A short text in a person's own words: a name of a person or machine, of an application, of a header.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use crate::decode::{Fault, FromText};

/// A text of one line: not empty, without control characters, at most 200 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Wording(#[schemars(length(min = 1, max = 200))] String);

const LONGEST: usize = 200;

impl Wording {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromText for Wording {
    fn expected() -> String {
        "a text".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        if text.trim().is_empty() {
            return Err(Fault::whole(text, "this text is empty").hint("leave the key out to get its default"));
        }
        if let Some((at, letter)) = text.char_indices().find(|(_, letter)| letter.is_control()) {
            return Err(Fault::part(at..at + letter.len_utf8(), "a control character is in this text"));
        }
        if let Some((at, _)) = text.char_indices().nth(LONGEST) {
            let message = format!("this text is longer than {LONGEST} characters");
            return Err(Fault::part(at..text.len(), message));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_with_something_in_it() {
        assert_eq!(Wording::from_text("Анна 工").unwrap().as_str(), "Анна 工");
        let refused = |text: &str| Wording::from_text(text).unwrap_err().message;
        assert_eq!(refused(" "), "this text is empty");
        assert_eq!(refused("a\u{1b}b"), "a control character is in this text");
        assert_eq!(refused(&"ж".repeat(201)), "this text is longer than 200 characters");
    }
}
