//! A regular expression that is read from settings, so that a mistake in one is told at its place.
//!
//! regex-lite rather than regex: it has no Unicode tables and no fast search, and is a tenth of the size. Where every
//! match begins with the same letters, these are looked for first, and the expression is asked only where they are:
//! most texts have none.

use regex_lite::{Match, Regex};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// What means something else than itself in a regular expression.
const SPECIAL: &[char] = &['\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$'];

/// A regular expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    regex: Regex,
    /// What every match begins with; empty if that isn't known.
    beginning: String,
}

impl Pattern {
    fn new(pattern: &str) -> Result<Self, regex_lite::Error> {
        Ok(Self { regex: Regex::new(pattern)?, beginning: beginning(pattern).to_owned() })
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.candidate(text, 0).is_some_and(|place| self.regex.is_match_at(text, place))
    }

    /// The text with all matches replaced; nothing if there are none.
    pub(crate) fn replace(&self, text: &str, with: &str) -> Option<String> {
        if self.beginning.is_empty() {
            // A match may be empty here, which has rules of its own.
            return match self.regex.replace_all(text, with) {
                std::borrow::Cow::Borrowed(_) => None,
                std::borrow::Cow::Owned(replaced) => Some(replaced),
            };
        }
        let mut found = self.find(text, 0)?;
        let mut new = String::with_capacity(text.len() + with.len());
        let mut copied = 0;
        loop {
            new.push_str(&text[copied..found.start()]);
            self.expand(text, found.start(), with, &mut new);
            copied = found.end();
            match self.find(text, copied) {
                Some(next) => found = next,
                None => break,
            }
        }
        new.push_str(&text[copied..]);
        Some(new)
    }

    fn find<'t>(&self, text: &'t str, from: usize) -> Option<Match<'t>> {
        self.regex.find_at(text, self.candidate(text, from)?)
    }

    /// The first place from `from` on where a match may begin.
    fn candidate(&self, text: &str, from: usize) -> Option<usize> {
        let Some(first) = self.beginning.chars().next() else { return Some(from) };
        // One letter is found faster than several.
        let mut place = from;
        loop {
            place += text[place..].find(first)?;
            if text[place..].starts_with(&self.beginning) {
                return Some(place);
            }
            place += first.len_utf8();
        }
    }

    /// Writes what takes the place of the match at `start`.
    fn expand(&self, text: &str, start: usize, with: &str, new: &mut String) {
        if !with.contains('$') {
            new.push_str(with);
        } else if let Some(groups) = self.regex.captures_at(text, start) {
            groups.expand(with, new);
        }
    }
}

/// The letters that every match begins with, as far as they can be seen without reading the whole expression.
fn beginning(pattern: &str) -> &str {
    if pattern.contains('|') {
        // Another alternative may begin otherwise.
        return "";
    }
    let end = pattern.find(SPECIAL).unwrap_or(pattern.len());
    let (letters, rest) = pattern.split_at(end);
    if rest.starts_with(['?', '*', '{']) {
        // The last letter may be missing.
        let last = letters.char_indices().next_back().map_or(0, |(place, _)| place);
        return &letters[..last];
    }
    letters
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(|error| {
            // The one error of an expression that could be read.
            if error.to_string().contains("size limit") {
                return D::Error::custom(
                    "this regular expression is too large; write fewer or smaller repetitions",
                );
            }
            D::Error::custom(format!(
                "this is no regular expression: {error} (in single quotes, TOML leaves backslashes alone)"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_that_every_match_begins_with_are_looked_for() {
        for (pattern, letters) in [
            ("ACME-[0-9]+", "ACME-"),
            ("secret", "secret"),
            ("größe?", "größ"),
            ("ab*c", "a"),
            ("ab{0,1}c", "a"),
            ("ab+c", "ab"),
            ("a?", ""),
            ("ab(c)?", "ab"),
            ("ab(?i)c", "ab"),
            ("(?i)ab", ""),
            ("(?x) a b", ""),
            (r"a\.b", "a"),
            ("ab|cd", ""),
            ("a(b|c)", ""),
            ("^ab", ""),
            ("", ""),
        ] {
            assert_eq!(beginning(pattern), letters, "{pattern}");
        }
    }

    #[test]
    fn it_answers_as_the_expression_alone() {
        let patterns = [
            "a", "aa", "ab+", "ab*", "ab?a", "aba", "a(b)?(a)", r"a\b", "a$", "a{2}", "(a)|b", "b*", "ä+",
            "äa", "a.",
        ];
        let withs = ["", "-", "<$0>", "$1$$", "aab"];
        for pattern in patterns {
            let (ours, alone) = (Pattern::new(pattern).unwrap(), Regex::new(pattern).unwrap());
            for text in texts(5) {
                assert_eq!(ours.matches(&text), alone.is_match(&text), "{pattern} in {text}");
                for with in withs {
                    let replaced = ours.replace(&text, with);
                    assert_eq!(replaced.is_some(), alone.is_match(&text), "{pattern} in {text}");
                    let replaced = replaced.unwrap_or_else(|| text.clone());
                    assert_eq!(replaced, alone.replace_all(&text, with), "{pattern} in {text} with {with}");
                }
            }
        }
    }

    /// All texts up to a length of a few letters.
    fn texts(length: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..length {
            let until = all.len();
            for at in from..until {
                for letter in ['a', 'b', 'ä', ' '] {
                    all.push(format!("{}{letter}", all[at]));
                }
            }
            from = until;
        }
        all
    }
}
