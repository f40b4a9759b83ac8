//! A plugin's file for whoever looks at it without a sandbox: read as a host reads it, within the host's own bound.

use std::path::Path;

use crate::load;
use crate::load_error::LoadError;

/// The bytes of a plain file that isn't larger than a plugin may be. Pipes and devices are refused, not waited for.
pub fn read_file(file: &Path) -> Result<Vec<u8>, LoadError> {
    load::read(file).map_err(|fault| LoadError::new(file, fault))
}
