//! From text to a manifest. An unknown key is refused with the key that was probably meant, because a manifest
//! whose `asks` was misspelt would otherwise load and then be refused at its first request.

use semver::Version;
use serde::Deserialize;
use serde_json::Value;

use super::error::ManifestError;
use super::model::{Manifest, is_spoken};
use crate::words;

impl Manifest {
    /// Reads `plugin.toml`. `read_file` is asked for the settings schema, by the name written there.
    pub fn from_toml(
        text: &str,
        read_file: impl FnOnce(&str) -> std::io::Result<String>,
    ) -> Result<Self, ManifestError> {
        refuse_another_contract(toml::from_str(text).ok())?;
        let written: Manifest<String> = toml::from_str(text)
            .map_err(|error| ManifestError::Toml { reason: with_remedy(&toml_reason(text, &error)) })?;
        let settings_schema = written.settings_schema.map(|path| schema(path, read_file)).transpose()?;
        Self {
            name: written.name,
            version: written.version,
            contract: written.contract,
            kinds: written.kinds,
            description: written.description,
            licence: written.licence,
            settings_schema,
            target: written.target,
            asks: written.asks,
        }
        .checked()
    }

    /// Reads the JSON that a component carries.
    pub fn from_json(json: &[u8]) -> Result<Self, ManifestError> {
        refuse_another_contract(serde_json::from_slice(json).ok())?;
        serde_json::from_slice::<Self>(json)
            .map_err(|error| ManifestError::Unreadable { reason: with_suggestion(&error.to_string()) })?
            .checked()
    }

    /// The JSON that a component carries.
    pub fn to_json(&self) -> Result<Vec<u8>, ManifestError> {
        serde_json::to_vec(self).map_err(|error| ManifestError::Unreadable { reason: error.to_string() })
    }
}

/// The one thing that is read of a manifest before all else: one of a later contract may have keys, kinds and shapes
/// that nobody here knows, and none of them is a mistake.
#[derive(Deserialize)]
struct WrittenFor {
    contract: Version,
}

/// Manifests that say no contract, or nothing that can be read, are judged as a whole.
fn refuse_another_contract(written: Option<WrittenFor>) -> Result<(), ManifestError> {
    let Some(WrittenFor { contract }) = written else { return Ok(()) };
    if is_spoken(&contract) { Ok(()) } else { Err(ManifestError::Contract { version: contract }) }
}

fn schema(
    path: String,
    read_file: impl FnOnce(&str) -> std::io::Result<String>,
) -> Result<Value, ManifestError> {
    let unusable = |reason: String, path| ManifestError::SchemaFile { path, reason };
    let text = match read_file(&path) {
        Ok(text) => text,
        Err(error) => return Err(unusable(error.to_string(), path)),
    };
    serde_json::from_str(&text).map_err(|error| unusable(error.to_string(), path))
}

/// What TOML's reader says, with the line and the column that it names only in its long, drawn form.
fn toml_reason(text: &str, error: &toml::de::Error) -> String {
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
        return error.message().to_owned();
    };
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    format!("line {line}, column {column}: {}", error.message())
}

/// What the readers of versions and lists say, with what to write instead.
fn with_remedy(reason: &str) -> String {
    let remedies = [
        ("version number", "write three numbers, such as \"0.1.0\""),
        ("semver version", "write three numbers, such as \"0.1.0\""),
        ("expected a sequence", "write a list, such as [\"target\"]"),
    ];
    match remedies.into_iter().find(|(expected, _)| reason.contains(expected)) {
        Some((_, remedy)) => format!("{reason}; {remedy}"),
        None => with_suggestion(reason),
    }
}

/// Serde lists what it knows in the text "unknown field `x`, expected one of `a`, `b`"; one word of that list is
/// worth more than all of it.
fn with_suggestion(reason: &str) -> String {
    let Some((_, rest)) = reason.split_once("unknown ") else { return reason.to_owned() };
    let words: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    match words.split_first().and_then(|(word, known)| words::nearest(word, known.iter().copied())) {
        Some(meant) => format!("{reason}; did you mean `{meant}`?"),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
