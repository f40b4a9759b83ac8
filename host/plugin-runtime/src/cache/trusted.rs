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

/// The component of a stored entry; nothing if the entry is damaged or of another engine.
///
/// `entry` must have been read from a file that [`super::Cache`] found to be its own.
pub(super) fn open(entry: &[u8], engine: &wasmtime::Engine) -> Option<Component> {
    let (digest, compiled) = entry.split_at_checked(DIGEST_BYTES)?;
    if Sha256::digest(compiled).as_slice() != digest {
        return None;
    }
    // SAFETY: `deserialize` asks that the bytes were made by wasmtime's own compiler and not changed since.
    // - They were: `Cache::store` is the only writer of the folder, and what it writes comes from
    //   `Component::serialize`. The folder has mode 0700 and belongs to the user we run as, and so does the file,
    //   which is a plain one that was opened without following a link; `Cache` has checked all of this on the open
    //   file. Whoever can still write there is this user, who can as well replace the host itself.
    // - They weren't changed: the digest covers all of them, and they are compared and used in the same private
    //   copy in memory. A file that is damaged or cut short fails the digest; nothing is mapped, so nothing can change
    //   underneath.
    // - That they belong to another version or configuration is no matter of safety: `deserialize` compares its own
    //   header and answers with an error.
    unsafe { Component::deserialize(engine, compiled) }.ok()
}
