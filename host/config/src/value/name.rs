//! Names that people give to targets, transforms, policies, credentials and plugins. They end up in tables, paths,
//! environment variables and log lines, so they are short and plain.

use std::{borrow::Borrow, fmt};

use schemars::JsonSchema;
use serde::Serialize;

use crate::decode::{Fault, FromText};

/// A name: small letters, digits and `-`, beginning with a letter, up to 64 of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Name(#[schemars(regex(pattern = "^[a-z][a-z0-9-]{0,63}$"))] String);

/// The longest name.
const LONGEST: usize = 64;

impl Name {
    /// The name as a text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that stands where none could be read. It is no name, so it refers to nothing.
    pub(crate) fn absent() -> Self {
        Self(String::new())
    }
}

impl FromText for Name {
    fn expected() -> String {
        "a name, such as \"work\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if text.is_empty() {
            return Err(Fault::whole(text, "a name can't be empty").hint(RULE));
        }
        if let Some((at, letter)) = text.char_indices().find(|(_, letter)| !fits(*letter)) {
            let message = format!("`{text}` can't be a name because of the `{letter}`");
            let corrected: String =
                text.to_lowercase().chars().map(|letter| if fits(letter) { letter } else { '-' }).collect();
            let hint = match Self::from_text(
                corrected.trim_start_matches(|first: char| !first.is_ascii_lowercase()),
            ) {
                Ok(name) => format!("for example `{name}`; {RULE}"),
                Err(_) => RULE.to_owned(),
            };
            return Err(Fault::part(at..at + letter.len_utf8(), message).hint(hint));
        }
        if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(
                Fault::part(0..1, format!("`{text}` can't be a name: it begins with no letter")).hint(RULE)
            );
        }
        if text.len() > LONGEST {
            return Err(Fault::part(LONGEST..text.len(), "this name is too long").hint(RULE));
        }
        Ok(Self(text.to_owned()))
    }
}

const RULE: &str = "a name has small letters, digits and -, begins with a letter, and is at most 64 long";

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for text in ["a", "work", "redmine-2", &"a".repeat(64)] {
            assert_eq!(Name::from_text(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_name_is_refused_at_the_letter_that_spoils_it() {
        let refused = |text: &str| {
            let fault = Name::from_text(text).unwrap_err();
            (fault.at, fault.message)
        };
        assert_eq!(refused("My_work"), (0..1, "`My_work` can't be a name because of the `M`".into()));
        assert_eq!(refused("my_work"), (2..3, "`my_work` can't be a name because of the `_`".into()));
        assert_eq!(refused("жук"), (0..2, "`жук` can't be a name because of the `ж`".into()));
        assert_eq!(refused("2nd"), (0..1, "`2nd` can't be a name: it begins with no letter".into()));
        assert_eq!(refused(""), (0..0, "a name can't be empty".into()));
        assert_eq!(refused(&"a".repeat(65)), (64..65, "this name is too long".into()));
        assert!(Name::from_text("My_work").unwrap_err().hint.unwrap().starts_with("for example `my-work`;"));
    }
}
