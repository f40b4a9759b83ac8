//! Choices among a few words.

use schemars::{Schema, SchemaGenerator, json_schema};
use stint_domain::{item::Kind, timer::OnIdle};

use crate::{
    decode::{Fault, FromText},
    diagnose::alternatives,
};

/// A choice among words.
pub(crate) trait Words: Copy + 'static {
    /// The words and what they mean.
    const WORDS: &'static [(&'static str, Self)];
}

/// Declares a choice among words, so that each word is written once.
macro_rules! words {
    ($(#[$about:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $crate::value::Words for $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];
        }
    };
}
pub(crate) use words;

impl<T: Words> FromText for T {
    fn expected() -> String {
        let words: Vec<String> = T::WORDS.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        format!("one of {}", words.join(", "))
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        if let Some((_, meaning)) = T::WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*meaning);
        }
        let words: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
        let fault = Fault::whole(text, format!("`{text}` is none of the words that can stand here"));
        Err(match alternatives(text, &words) {
            Some(hint) => fault.hint(hint),
            None => fault,
        })
    }
}

/// The schema of words that another crate's type stands for.
pub(crate) fn words_schema<T: Words>(_: &mut SchemaGenerator) -> Schema {
    let words: Vec<&str> = T::WORDS.iter().map(|(word, _)| *word).collect();
    json_schema!({"type": "string", "enum": words})
}

impl Words for Kind {
    const WORDS: &'static [(&'static str, Self)] = &[
        (Self::TimeEntry.word(), Self::TimeEntry),
        (Self::Screenshot.word(), Self::Screenshot),
        (Self::Activity.word(), Self::Activity),
        (Self::Custom.word(), Self::Custom),
    ];
}

impl Words for OnIdle {
    const WORDS: &'static [(&'static str, Self)] =
        &[("ask", Self::Ask), ("keep", Self::Keep), ("drop", Self::Drop)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_other_crates_are_those_that_they_write_themselves() {
        for (word, kind) in Kind::WORDS {
            assert_eq!(serde_json::to_value(kind).unwrap(), *word);
        }
        assert_eq!(Kind::WORDS.len(), Kind::ALL.len());
        for (word, on_idle) in OnIdle::WORDS {
            assert_eq!(serde_json::to_value(on_idle).unwrap(), *word);
        }
    }

    #[test]
    fn a_word_that_is_none_names_the_others() {
        assert_eq!(OnIdle::from_text("drop"), Ok(OnIdle::Drop));
        let fault = OnIdle::from_text("dorp").unwrap_err();
        assert_eq!(fault.message, "`dorp` is none of the words that can stand here");
        assert_eq!(fault.hint.unwrap(), "did you mean `drop`?");
        assert_eq!(OnIdle::from_text("later").unwrap_err().hint.unwrap(), "known here: ask, keep, drop");
        assert_eq!(<OnIdle as FromText>::expected(), "one of \"ask\", \"keep\", \"drop\"");
    }
}
