//! Plugins for tests and benches, built from their sources when they are first asked for.
//!
//! Cargo itself decides whether there is anything to build, so asking again costs a fraction of a second; its lock on
//! the target directory makes it safe to ask from several test binaries at once.

use std::path::{Path, PathBuf};
use std::process::Command;

use stint_plugin_runtime::manifest::{self, Manifest, ManifestError};
use thiserror::Error;
use wit_component::ComponentEncoder;

/// Why there is no guest.
#[derive(Debug, Error)]
pub enum GuestError {
    /// The build could not be run.
    #[error("run tools/cargo-wasm: {0}")]
    Run(std::io::Error),
    /// The build failed.
    #[error("build {package} for WebAssembly: {log}")]
    Build {
        /// The package's folder.
        package: String,
        /// What cargo said.
        log: String,
    },
    /// What was built could not be read.
    #[error("read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The module could not be made a component.
    #[error("make a component of {package}: {reason}")]
    Component {
        /// The package's folder.
        package: String,
        /// Why not.
        reason: String,
    },
    /// The manifest is bad.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// The component of a package under `tests`, with its manifest embedded.
pub fn guest(package: &str) -> Result<Vec<u8>, GuestError> {
    Ok(manifest::embed(&component(package)?, &manifest_of(package)?)?)
}

/// One of the plugins that come with stint.
pub fn first_party(package: &str) -> Result<Vec<u8>, GuestError> {
    first_party_as(package, package)
}

/// The same under another name: a plugin of its own, for who needs many.
pub fn first_party_as(package: &str, name: &str) -> Result<Vec<u8>, GuestError> {
    first_party_with(package, |manifest| name.clone_into(&mut manifest.name))
}

/// The same with another manifest: what a plugin is depends on what its author says of it.
pub fn first_party_with(package: &str, change: impl FnOnce(&mut Manifest)) -> Result<Vec<u8>, GuestError> {
    let folder = root().join("plugins").join(package);
    let component = component_in(package, &folder, &format!("{}.wasm", package.replace('-', "_")))?;
    let mut manifest = manifest_in(&folder)?;
    change(&mut manifest);
    Ok(manifest::embed(&component, &manifest)?)
}

/// The `plugin.toml` beside a package's `Cargo.toml`.
pub fn manifest_of(package: &str) -> Result<Manifest, GuestError> {
    manifest_in(&root().join("tests").join(package))
}

fn manifest_in(folder: &Path) -> Result<Manifest, GuestError> {
    let toml = read(&folder.join("plugin.toml"))?;
    let beside = |name: &str| std::fs::read_to_string(folder.join(name));
    Ok(Manifest::from_toml(&String::from_utf8_lossy(&toml), beside)?)
}

/// The component of a package, without a manifest.
pub fn component(package: &str) -> Result<Vec<u8>, GuestError> {
    component_in(package, &root().join("tests").join(package), &format!("stint_{package}.wasm"))
}

fn component_in(package: &str, folder: &Path, built: &str) -> Result<Vec<u8>, GuestError> {
    let module = build(package, folder, built)?;
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| GuestError::Component { package: package.to_owned(), reason: format!("{error:#}") })
}

/// The core module that cargo makes of a package.
fn build(package: &str, folder: &Path, built: &str) -> Result<Vec<u8>, GuestError> {
    // The folder that the plugins are built in, so that the standard library is compiled once for them all.
    let target = root().join("target").join("wasm");
    let ended = Command::new(root().join("tools/cargo-wasm"))
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .output()
        .map_err(GuestError::Run)?;
    if !ended.status.success() {
        let log = String::from_utf8_lossy(&ended.stderr).into_owned();
        return Err(GuestError::Build { package: package.to_owned(), log });
    }
    read(&target.join("wasm32-unknown-unknown/release").join(built))
}

fn read(path: &Path) -> Result<Vec<u8>, GuestError> {
    std::fs::read(path).map_err(|source| GuestError::Read { path: path.to_owned(), source })
}

/// The project's root.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
