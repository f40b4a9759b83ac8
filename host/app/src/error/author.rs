//! What goes wrong while somebody writes a plugin.

use std::io::ErrorKind;

use super::CliError;
use crate::author::{BuildError, ComponentError, InspectError, ScaffoldError, ToolchainError};
use crate::exit;

impl From<ScaffoldError> for CliError {
    fn from(error: ScaffoldError) -> Self {
        let suggested;
        let (exit, hint) = match &error {
            ScaffoldError::Name { suggestion, kind, .. } => {
                suggested = format!("try `stint plugin new {suggestion} --kind {kind}`");
                (exit::BAD_DATA, Some(suggested.as_str()))
            }
            ScaffoldError::Exists { .. } => {
                (exit::CANT_CREATE, Some("choose another name, or move what is there out of the way"))
            }
            ScaffoldError::Write { .. } => (exit::CANT_CREATE, None),
        };
        Self::new(exit, &error, hint)
    }
}

impl From<ToolchainError> for CliError {
    fn from(error: ToolchainError) -> Self {
        let (exit, hint) = match &error {
            ToolchainError::Missing => (
                exit::UNAVAILABLE,
                Some(
                    "install Rust from https://rustup.rs and run `rustup target add wasm32-unknown-unknown`; where \
                     rustup can't download the target, Debian and Ubuntu have `apt install rustc-web cargo-web \
                     rust-web-src`, which is needed beside rustup's Rust",
                ),
            ),
            ToolchainError::Start { .. } => (
                exit::UNAVAILABLE,
                Some("install Rust from https://rustup.rs; a POSIX shell is needed as well"),
            ),
            ToolchainError::Unpack(_) => (exit::CANT_CREATE, None),
            ToolchainError::Failed => (exit::BAD_DATA, None),
            ToolchainError::NoPlugin { .. } => {
                (exit::BAD_DATA, Some("add `[lib]` with `crate-type = [\"cdylib\"]` to Cargo.toml"))
            }
        };
        Self::new(exit, &error, hint)
    }
}

impl From<BuildError> for CliError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Toolchain(error) => error.into(),
            BuildError::NoProject { .. } => Self::new(
                exit::BAD_DATA,
                &error,
                Some(
                    "name the folder that plugin.toml is in, or begin one with `stint plugin new NAME --kind target`",
                ),
            ),
            BuildError::Unreadable { error: ref why, .. } => {
                Self::new(exit::BAD_DATA, &error, unreadable_hint(why.kind()))
            }
            BuildError::Manifest { .. } | BuildError::Refused { .. } => {
                Self::new(exit::BAD_DATA, &error, None)
            }
            BuildError::Component(ref error) => Self::new(exit::BAD_DATA, error, component_hint(error)),
            BuildError::Write { .. } => Self::new(exit::CANT_CREATE, &error, None),
            BuildError::Host(_) => Self::new(exit::INTERNAL, &error, None),
        }
    }
}

fn unreadable_hint(why: ErrorKind) -> Option<&'static str> {
    match why {
        ErrorKind::InvalidData => Some("save it as UTF-8"),
        ErrorKind::PermissionDenied => Some("`chmod u+r` lets you read it, if it is yours"),
        ErrorKind::InvalidInput => Some("move what is there out of the way, and write the file"),
        _ => None,
    }
}

fn component_hint(error: &ComponentError) -> Option<&'static str> {
    match error {
        ComponentError::NotRegistered => {
            Some("write `stint_plugin_sdk::register!(target: MyTarget);` at the top level of src/lib.rs")
        }
        ComponentError::Foreign { .. } => {
            Some("leave out the dependency that needs it; time, randomness and the network come from the SDK")
        }
        ComponentError::Encode(_) => None,
    }
}

impl From<InspectError> for CliError {
    fn from(error: InspectError) -> Self {
        Self::new(exit::BAD_DATA, &error, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Not with the program itself, because nothing is closed to root.
    #[test]
    fn a_manifest_that_may_not_be_read_says_how_it_may() {
        let why = ErrorKind::PermissionDenied.into();
        let error = CliError::from(BuildError::Unreadable { file: "x/plugin.toml".into(), error: why });
        assert_eq!(error.message(), "failed to read x/plugin.toml: permission denied");
        assert_eq!(error.hint(), Some("`chmod u+r` lets you read it, if it is yours"));
    }
}
