//! What goes wrong while somebody writes a plugin.

use super::CliError;
use crate::author::{BuildError, ComponentError, InspectError, ScaffoldError, ToolchainError};
use crate::exit;

impl From<ScaffoldError> for CliError {
    fn from(error: ScaffoldError) -> Self {
        let suggested;
        let (exit, hint) = match &error {
            ScaffoldError::Name { suggestion, .. } => {
                suggested = format!("try `stint plugin new {suggestion}`");
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
                    "run `rustup target add wasm32-unknown-unknown`; where rustup can't download it, Debian and \
                     Ubuntu have `apt install rustc-web cargo-web rust-web-src`",
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
            BuildError::Manifest { .. } | BuildError::Refused { .. } => {
                Self::new(exit::BAD_DATA, &error, None)
            }
            BuildError::Component(ref error) => Self::new(exit::BAD_DATA, error, component_hint(error)),
            BuildError::Write { .. } => Self::new(exit::CANT_CREATE, &error, None),
            BuildError::Host(_) => Self::new(exit::INTERNAL, &error, None),
        }
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
