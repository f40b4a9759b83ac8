//! What a finished file is, told without running or compiling anything of it.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use stint_plugin_runtime::manifest::{self, Manifest, ManifestError};
use stint_plugin_runtime::{LoadError, read_file};
use thiserror::Error;
use wit_component::DecodedWasm;
use wit_parser::{Resolve, WorldItem, WorldKey};

/// Why a file can't be told. The texts complete "failed to …".
#[derive(Debug, Error)]
pub(crate) enum InspectError {
    /// It can't be read, or is larger than any plugin.
    #[error("look at the file: {0}")]
    Read(#[from] LoadError),
    /// Its manifest can't be read.
    #[error("read the manifest of {}: {error}", file.display())]
    Manifest {
        /// Which.
        file: PathBuf,
        /// Why not.
        error: ManifestError,
    },
    /// Its imports and exports can't be read.
    #[error("read what {} imports and exports: {reason}; copy or build it again", file.display())]
    World {
        /// Which.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
}

/// What a plugin's file is. As JSON its shape is version 1.
#[derive(Debug, Serialize)]
pub(crate) struct Inspected {
    version: u32,
    /// Where it is.
    pub(crate) file: PathBuf,
    /// Its length in bytes.
    pub(crate) size: u64,
    /// The SHA-256 of its bytes, by which a configuration pins it.
    pub(crate) sha256: String,
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// What the host can call.
    pub(crate) exports: Vec<Interface>,
    /// What it can call. It may do less: see the manifest's `asks`.
    pub(crate) imports: Vec<Interface>,
}

/// An interface by its full name, and the functions of it that are there.
#[derive(Debug, Serialize)]
pub(crate) struct Interface {
    name: String,
    functions: Vec<String>,
}

impl std::fmt::Display for Interface {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        if !self.functions.is_empty() {
            write!(f, " ({})", self.functions.join(", "))?;
        }
        Ok(())
    }
}

/// Looks at a file.
pub(crate) fn inspect(file: &Path) -> Result<Inspected, InspectError> {
    inspect_bytes(file, &read_file(file)?)
}

/// Looks at a file that was read already.
pub(crate) fn inspect_bytes(file: &Path, bytes: &[u8]) -> Result<Inspected, InspectError> {
    let manifest =
        manifest::read(bytes).map_err(|error| InspectError::Manifest { file: file.to_owned(), error })?;
    let world = |reason: String| InspectError::World { file: file.to_owned(), reason };
    let decoded = wit_component::decode(bytes).map_err(|error| world(format!("{error:#}")))?;
    let DecodedWasm::Component(resolve, id) = &decoded else {
        return Err(world("it is an interface without code".to_owned()));
    };
    let interfaces = |items: &wit_parser::IndexMap<WorldKey, WorldItem>| {
        items.iter().map(|(key, item)| interface(resolve, key, item)).collect()
    };
    Ok(Inspected {
        version: 1,
        file: file.to_owned(),
        size: bytes.len() as u64,
        sha256: hexadecimal(&Sha256::digest(bytes)),
        manifest,
        exports: interfaces(&resolve.worlds[*id].exports),
        imports: interfaces(&resolve.worlds[*id].imports),
    })
}

fn interface(resolve: &Resolve, key: &WorldKey, item: &WorldItem) -> Interface {
    let functions = match item {
        WorldItem::Interface { id, .. } => {
            resolve.interfaces[*id].functions.keys().map(|name| plain(name)).collect()
        }
        WorldItem::Function(_) | WorldItem::Type { .. } => Vec::new(),
    };
    Interface { name: resolve.name_world_key(key), functions }
}

/// `[method]attachment.size` as `attachment.size`.
fn plain(function: &str) -> String {
    function.rsplit_once(']').map_or(function, |(_, name)| name).to_owned()
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |bits: u8| char::from(DIGITS[usize::from(bits)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
