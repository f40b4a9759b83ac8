//! A regular expression, compiled when it is read: a privacy rule that doesn't work has to be noticed by whoever
//! writes it, and not when the screen is captured.

use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::decode::{Fault, FromText};

/// A regular expression.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// How much memory a compiled expression may take. Window titles are short; what needs more is a mistake.
const COMPILED_BYTES: usize = 1 << 20;

impl Pattern {
    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        &self.0
    }
}

impl FromText for Pattern {
    fn expected() -> String {
        "a regular expression, such as \"(?i)private\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        if text.is_empty() {
            let hint = "leave `title` out, or write .* if that is meant";
            return Err(Fault::whole(text, "an empty regular expression fits every title").hint(hint));
        }
        // regex says in a text where an expression is wrong; the parser below it says it in bytes.
        regex_syntax::Parser::new().parse(text).map_err(|error| fault(text, &error))?;
        let compiled = regex::RegexBuilder::new(text).size_limit(COMPILED_BYTES).build();
        compiled.map(Self).map_err(|_| {
            Fault::whole(text, "this regular expression is too large")
                .hint("take out large repetitions, such as {1000}")
        })
    }
}

fn fault(text: &str, error: &regex_syntax::Error) -> Fault {
    let (span, what) = match error {
        regex_syntax::Error::Parse(error) => (error.span(), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (error.span(), error.kind().to_string()),
        _ => return Fault::part(0..0, "this is no regular expression"),
    };
    let message = format!("this is no regular expression: {what}");
    // Something that is missing is shown at the character before which it is missing.
    let start = span.start.offset;
    let next = text[start..].chars().next().map_or(0, char::len_utf8);
    Fault::part(start..span.end.offset.max(start + next), message)
        .hint("a character that is meant as itself needs a backslash, and a TOML text in '…' leaves backslashes alone")
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.as_str())
    }
}

impl JsonSchema for Pattern {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "description": "A regular expression.", "minLength": 1})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_finds_words_of_any_script() {
        let pattern = Pattern::from_text("(?i)зарплата|\\bbank\\b").unwrap();
        assert!(pattern.regex().is_match("ЗАРПЛАТА за май"));
        assert!(!pattern.regex().is_match("banking"));
    }

    #[test]
    fn what_is_none_is_refused_at_its_place() {
        let refused = |text: &str| {
            let fault = Pattern::from_text(text).unwrap_err();
            (fault.at, fault.message)
        };
        assert_eq!(refused("a(b"), (1..2, "this is no regular expression: unclosed group".into()));
        assert_eq!(refused("жук["), (6..7, "this is no regular expression: unclosed character class".into()));
        assert_eq!(
            refused("*"),
            (0..1, "this is no regular expression: repetition operator missing expression".into())
        );
        assert_eq!(refused(r"\w{5000}").1, "this regular expression is too large");
        assert_eq!(refused("").1, "an empty regular expression fits every title");
    }
}
