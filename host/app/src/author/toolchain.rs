//! Runs cargo for wasm32, by the very scripts that build stint's own plugins: they know which tool chain of this
//! machine can, and are carried inside this program.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use serde::Deserialize;
use thiserror::Error;

use super::build::BuildOptions;
use super::embedded;

/// Why nothing was compiled. The texts complete "failed to …".
#[derive(Debug, Error)]
pub(crate) enum ToolchainError {
    /// The scripts can't be unpacked.
    #[error("unpack the build scripts into a temporary folder: {0}")]
    Unpack(io::Error),
    /// A program can't be started.
    #[error("start the build: {error}")]
    Start {
        /// Why not.
        error: io::Error,
    },
    /// No tool chain here builds for wasm32.
    #[error("find a Rust here that builds for wasm32-unknown-unknown")]
    Missing,
    /// cargo said why.
    #[error("compile the plugin; the compiler's messages are above")]
    Failed,
    /// There is nothing in it for wasm32.
    #[error("find a plugin in what cargo built from {}: it has no library of the type cdylib", manifest.display())]
    NoPlugin {
        /// The project's Cargo.toml.
        manifest: PathBuf,
    },
}

/// Compiles a project and answers where its module is.
pub(crate) fn compile(project: &Path, options: BuildOptions) -> Result<PathBuf, ToolchainError> {
    let scripts = unpack().map_err(ToolchainError::Unpack)?;
    let start = |error| ToolchainError::Start { error };
    let probe = Command::new("sh")
        .arg(scripts.path().join("wasm-toolchain"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(start)?;
    if !probe.success() {
        return Err(ToolchainError::Missing);
    }
    let mut cargo = Command::new("sh");
    cargo.arg(scripts.path().join("cargo-wasm"));
    cargo.args(["build", "--release", "--lib", "--message-format=json-render-diagnostics"]);
    for (wanted, flag) in
        [(options.locked, "--locked"), (options.quiet, "--quiet"), (options.verbose, "--verbose")]
    {
        if wanted {
            cargo.arg(flag);
        }
    }
    let mut running = cargo.current_dir(project).stdout(Stdio::piped()).spawn().map_err(start)?;
    let manifest = project.join("Cargo.toml");
    let mut module = None;
    if let Some(messages) = running.stdout.take() {
        for message in BufReader::new(messages).lines() {
            module = message.ok().and_then(|message| module_in(&message, &manifest)).or(module);
        }
    }
    if !running.wait().map_err(start)?.success() {
        return Err(ToolchainError::Failed);
    }
    module.ok_or(ToolchainError::NoPlugin { manifest })
}

fn unpack() -> io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("stint-build-").tempdir()?;
    for (name, script) in embedded::TOOLS {
        let path = folder.path().join(name);
        fs::write(&path, script)?;
        make_executable(&path)?;
    }
    Ok(folder)
}

/// One script runs the other by its path.
#[cfg(unix)]
fn make_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// What cargo says of each thing that it built.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The module that a message announces, if it is this project's own.
fn module_in(message: &str, manifest: &Path) -> Option<PathBuf> {
    let message: Message = serde_json::from_str(message).ok()?;
    let own = message.reason == "compiler-artifact" && message.manifest_path == manifest;
    message.filenames.into_iter().find(|file| own && file.extension().is_some_and(|ending| ending == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_projects_own_module_counts() {
        let message = |reason: &str, manifest: &str, file: &str| {
            format!(
                r#"{{"reason":"{reason}","manifest_path":"{manifest}","filenames":["/t/libx.rlib","{file}"],"fresh":true}}"#
            )
        };
        let own = Path::new("/p/Cargo.toml");
        let found = |reason, manifest, file| module_in(&message(reason, manifest, file), own);
        assert_eq!(found("compiler-artifact", "/p/Cargo.toml", "/t/x.wasm"), Some("/t/x.wasm".into()));
        assert_eq!(found("compiler-artifact", "/q/Cargo.toml", "/t/x.wasm"), None);
        assert_eq!(found("compiler-message", "/p/Cargo.toml", "/t/x.wasm"), None);
        assert_eq!(found("compiler-artifact", "/p/Cargo.toml", "/t/x.so"), None);
        assert_eq!(module_in("no JSON", own), None);
    }
}
