//! From a project to the one file to ship: compile, make the component, put the manifest into it, load it as a host
//! would, and only then put it where a host may be watching.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

use stint_plugin_runtime::manifest::{Manifest, ManifestError};
use stint_plugin_runtime::{Engine, EngineError, LoadError, PoolSize};
use thiserror::Error;

use super::component::{self, ComponentError};
use super::inspect::{self, Inspected};
use super::toolchain::{self, ToolchainError};
use crate::compile;

const MANIFEST: &str = "plugin.toml";

/// How to build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BuildOptions {
    /// cargo's own `--locked`.
    pub(crate) locked: bool,
    /// cargo says errors only.
    pub(crate) quiet: bool,
    /// cargo says every step.
    pub(crate) verbose: bool,
}

/// Why there is no file. The texts complete "failed to …".
#[derive(Debug, Error)]
pub(crate) enum BuildError {
    /// There is no project.
    #[error("build a plugin: there is no {} ({error})", file.display())]
    NoProject {
        /// What was looked for.
        file: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is one, and it can't be read.
    #[error("read {}: {error}", file.display())]
    Unreadable {
        /// What.
        file: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The manifest is wrong.
    #[error("read {}: {error}", file.display())]
    Manifest {
        /// Which.
        file: PathBuf,
        /// What is wrong.
        error: ManifestError,
    },
    /// Nothing was compiled.
    #[error(transparent)]
    Toolchain(#[from] ToolchainError),
    /// The module is no plugin's.
    #[error(transparent)]
    Component(#[from] ComponentError),
    /// There is no sandbox here to try it in.
    #[error("try the plugin: {0}")]
    Host(String),
    /// A host would refuse it.
    #[error("load the plugin as a host would: {0}")]
    Refused(String),
    /// The file can't be written.
    #[error("write {}: {error}", file.display())]
    Write {
        /// Which.
        file: PathBuf,
        /// Why not.
        error: io::Error,
    },
}

impl From<EngineError> for BuildError {
    fn from(error: EngineError) -> Self {
        Self::Host(format!("failed to {error}"))
    }
}

/// Builds the project in a folder and puts the file into another. `say` is told each step that takes a while.
pub(crate) fn build(
    project: &Path,
    out: &Path,
    options: BuildOptions,
    say: &dyn Fn(&str, &str),
) -> Result<Inspected, BuildError> {
    let manifest = read_manifest(project)?;
    // cargo names what it built by full paths.
    let folder = fs::canonicalize(project)
        .map_err(|error| BuildError::NoProject { file: project.to_owned(), error })?;
    let module = toolchain::compile(&folder, options)?;
    let module = fs::read(&module).map_err(|error| BuildError::Write { file: module, error })?;
    say("Componentising", &format!("{} {}", manifest.name, manifest.version));
    let component = component::component(&module, &manifest)?;
    let file = out.join(format!("{}.wasm", manifest.name));
    say("Checking", "against the host's own linker");
    check(&file, &component)?;
    let inspected =
        inspect::inspect_bytes(&file, &component).map_err(|error| BuildError::Refused(error.to_string()))?;
    write(out, &file, &component).map_err(|error| BuildError::Write { file, error })?;
    Ok(inspected)
}

fn read_manifest(project: &Path) -> Result<Manifest, BuildError> {
    let file = project.join(MANIFEST);
    let text = match read_text(&file) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Err(BuildError::NoProject { file, error });
        }
        Err(error) => return Err(BuildError::Unreadable { file, error }),
    };
    Manifest::from_toml(&text, |name| read_text(&project.join(name)))
        .map_err(|error| BuildError::Manifest { file, error })
}

/// Reads a plain file: a folder holds no text, and a pipe would be waited for.
fn read_text(file: &Path) -> io::Result<String> {
    if fs::metadata(file)?.is_file() {
        fs::read_to_string(file)
    } else {
        Err(io::Error::new(ErrorKind::InvalidInput, "it is no plain file"))
    }
}

/// Loads the component into a sandbox like the host's, with room for one.
fn check(file: &Path, component: &[u8]) -> Result<(), BuildError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| BuildError::Host(error.to_string()))?;
    let size = PoolSize { calls: 1, calls_of_one: 1, ..PoolSize::default() };
    let engine = Engine::with_compiler(size, None, compile::by_ourselves())?;
    let load = engine.load_bytes(file, component.to_vec());
    match runtime.block_on(load) {
        Ok(_plugin) => Ok(()),
        Err(error) => Err(BuildError::Refused(LoadError::author(&error))),
    }
}

/// Writes under another name and renames, because a host may be watching the folder.
fn write(out: &Path, file: &Path, component: &[u8]) -> io::Result<()> {
    fs::create_dir_all(out)?;
    let mut unfinished = tempfile::Builder::new().prefix(".stint-").suffix(".part").tempfile_in(out)?;
    unfinished.write_all(component)?;
    unfinished.as_file().sync_all()?;
    readable(unfinished.as_file())?;
    unfinished.persist(file)?;
    Ok(())
}

/// Temporary files are closed to others; a plugin may be served under another user's name.
#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &fs::File) -> io::Result<()> {
    Ok(())
}
