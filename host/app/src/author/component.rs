//! From the module that the compiler made to a component with a manifest.

use stint_plugin_runtime::manifest::{self, Manifest};
use thiserror::Error;
use wasm_encoder::{ComponentSection as _, CustomSection};
use wasm_metadata::{AddMetadata, AddMetadataField};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

/// The contract's interfaces, in the names that a module imports and exports.
const CONTRACT: &str = "stint:plugin/";

/// Why there is no component. The texts complete "failed to …".
#[derive(Debug, Error)]
pub(crate) enum ComponentError {
    /// The module exports nothing of the contract.
    #[error("make a component: this library registers no plugin")]
    NotRegistered,
    /// It needs something that no stint has.
    #[error("make a component: it imports `{import}`, which stint doesn't have")]
    Foreign {
        /// What.
        import: String,
    },
    /// Anything else.
    #[error("make a component: {0}")]
    Encode(String),
}

/// Makes the component and puts the manifest behind it. Name and version are written where other tools for
/// WebAssembly look for them, too.
pub(crate) fn component(module: &[u8], manifest: &Manifest) -> Result<Vec<u8>, ComponentError> {
    check_borders(module)?;
    let component = ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| ComponentError::Encode(format!("{error:#}")))?;
    let mut metadata = AddMetadata::default();
    metadata.name = AddMetadataField::Set(manifest.name.clone());
    let mut component =
        metadata.to_wasm(&component).map_err(|error| ComponentError::Encode(format!("{error:#}")))?;
    let version = manifest.version.to_string();
    CustomSection { name: "version".into(), data: version.as_bytes().into() }
        .append_to_component(&mut component);
    manifest::embed(&component, manifest).map_err(|error| ComponentError::Encode(error.to_string()))
}

/// What the encoder would say in its own words about a module that isn't a plugin's, said in ours.
fn check_borders(module: &[u8]) -> Result<(), ComponentError> {
    let unreadable = |error: wasmparser::BinaryReaderError| ComponentError::Encode(error.to_string());
    let mut registers = false;
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(unreadable)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.map_err(unreadable)?;
                    if !import.module.contains(CONTRACT) {
                        return Err(ComponentError::Foreign {
                            import: format!("{}.{}", import.module, import.name),
                        });
                    }
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    registers |= export.map_err(unreadable)?.name.starts_with(CONTRACT);
                }
            }
            _ => {}
        }
    }
    if registers { Ok(()) } else { Err(ComponentError::NotRegistered) }
}
