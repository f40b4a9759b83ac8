//! The one place where bytes become code.
#![expect(
    unsafe_code,
    reason = "wasmtime can't check compiled code; the argument why it may be run is below"
)]

use sha2::{Digest as _, Sha256};
use wasmtime::component::Component;

const DIGEST_BYTES: usize = 32;

/// An entry as it is stored: the digest of the compiled code, then the code.
pub(super) fn seal(compiled: &[u8]) -> Vec<u8> {
    [Sha256::digest(compiled).as_slice(), compiled].concat()
}

/// The code of a stored entry; nothing if the entry is damaged.
pub(super) fn unseal(entry: &[u8]) -> Option<&[u8]> {
    let (digest, compiled) = entry.split_at_checked(DIGEST_BYTES)?;
    (Sha256::digest(compiled).as_slice() == digest).then_some(compiled)
}

/// The component of compiled code, unless it is of another engine, or needs more than this engine's pool has.
///
/// `compiled` must have come from [`crate::compiler`] just now, or from [`unseal`] on a file that [`super::Cache`] found
/// to be its own.
pub(crate) fn component(compiled: &[u8], engine: &wasmtime::Engine) -> wasmtime::Result<Component> {
    // SAFETY: `deserialize` asks that the bytes were made by wasmtime's own compiler and not changed since.
    // - They were made by it: in this process, or in one that runs this same program and hands them over in a file in
    //   memory that nobody else has. A hostile component is compiled there by the same compiler as it would be here.
    // - Those that were kept meanwhile are still what was made: `Cache::store` is the only writer of the folder. The
    //   folder has mode 0700 and belongs to the user we run as, and so does the file, which is a plain one that was
    //   opened without following a link; `Cache` has checked all of this on the open file. Whoever can still write there
    //   is this user, who can as well replace the host itself. The digest covers all of them, so a file that is damaged or
    //   cut short fails it.
    // - They aren't changed underneath: they are a private copy in memory, and nothing is mapped.
    // - That they belong to another version or configuration is no matter of safety: `deserialize` compares its own
    //   header and answers with an error.
    unsafe { Component::deserialize(engine, compiled) }
}
