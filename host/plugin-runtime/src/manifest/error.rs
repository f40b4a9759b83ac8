//! What can be wrong with a manifest, each with its remedy. The texts complete "failed to read the manifest of
//! FILE: …", and name no file themselves.

use semver::Version;
use thiserror::Error;

use super::model::CONTRACT;
use super::section::{MANIFEST_BYTES_MAX, SECTION};
use crate::text;

/// What is quoted of a version: a hostile one may be as long as the manifest.
const VERSION_BYTES_MAX: usize = 64;

/// Why a manifest could not be read, written or accepted.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The bytes don't begin as WebAssembly does.
    #[error("this is no WebAssembly component; build one with `stint plugin build`")]
    NotWasm,
    /// A core module, which is what the compiler makes before it is turned into a component.
    #[error("this is a core module, not a component; `stint plugin build` makes the component from it")]
    CoreModule,
    /// The file ends in the middle of a section.
    #[error("the file ends in the middle of a section at byte {offset}; copy or build it again")]
    Truncated {
        /// Where the section begins.
        offset: usize,
    },
    /// There is no manifest.
    #[error(
        "it carries no manifest (section `{SECTION}`); write a plugin.toml and build with `stint plugin build`"
    )]
    Missing,
    /// There is more than one manifest.
    #[error(
        "it carries {count} manifests, and which one counts must not be a guess; build it again with `stint plugin build`"
    )]
    Repeated {
        /// How many there are.
        count: usize,
    },
    /// A manifest where a component inside this one has it.
    #[error(
        "a manifest sits inside a nested component or module, where it doesn't speak for this file; embed it in the finished component with `stint plugin build`"
    )]
    Nested,
    /// Components within components without end.
    #[error("its components are nested deeper than {deepest} levels, which no plugin needs")]
    TooDeep {
        /// How deep they may be nested.
        deepest: usize,
    },
    /// A manifest larger than any honest one.
    #[error(
        "the manifest has {bytes} bytes, and at most {MANIFEST_BYTES_MAX} are read; shorten the settings schema"
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It was written for a contract that isn't spoken here, so nothing else of it can be judged.
    #[error("it {}", made_for(version))]
    Contract {
        /// The version.
        version: Version,
    },
    /// The section holds something else.
    #[error(
        "the manifest is not JSON of the manifest's shape: {reason}; build it again with `stint plugin build`"
    )]
    Unreadable {
        /// What the reader met, with a correction where there is one.
        reason: String,
    },
    /// `plugin.toml` has a mistake in it.
    #[error("plugin.toml has a mistake: {reason}")]
    Toml {
        /// What the reader met and where, with a correction where there is one.
        reason: String,
    },
    /// The file that `settings_schema` names can't be used.
    #[error("the settings schema `{path}` can't be used: {reason}; name a JSON file beside plugin.toml")]
    SchemaFile {
        /// The name in `plugin.toml`.
        path: String,
        /// Why not.
        reason: String,
    },
    /// It reads well and says something that can't be.
    #[error("{}", sentences(problems))]
    Rules {
        /// Everything that is wrong, never empty.
        problems: Vec<Problem>,
    },
}

/// Something wrong at one place of a manifest, a schema or settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place, as a JSON pointer; empty for the whole.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at a place.
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), hint: Some(hint.into()) }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " ({hint})"))
    }
}

/// What is told of a file for another contract, and what to do about it.
pub(crate) fn made_for(version: &Version) -> String {
    let (other, remedy) = if *version > CONTRACT {
        ("a newer", "update stint, or get an older build of the plugin")
    } else {
        ("another", "get a newer build of the plugin")
    };
    let version = text::plain(&version.to_string(), VERSION_BYTES_MAX);
    format!("was made for {other} stint (contract {version}, this one speaks {CONTRACT}); {remedy}")
}

/// All problems as one text.
pub(crate) fn sentences(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
