//! The files that belong to items. A plugin holds a handle; the bytes stay here until it reads them, or go straight
//! where it sends them.

use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

/// A file of an item, wherever its bytes are kept.
///
/// `read_at` may block: it is called on threads that may.
pub trait Attachment: Send + Sync {
    /// A file name without any folder.
    fn name(&self) -> &str;
    /// The media type.
    fn mime(&self) -> &str;
    /// The length in bytes.
    fn size(&self) -> u64;
    /// The SHA-256 of the bytes, in lower-case hexadecimal.
    fn sha256(&self) -> &str;
    /// Up to `length` bytes from `offset` on; none at the end.
    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>>;
}

/// A shared attachment, as it is handed around.
pub type SharedAttachment = Arc<dyn Attachment>;

/// What a plugin's handle stands for.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Attached(pub(crate) SharedAttachment);

/// An attachment whose bytes are in memory: what a transform encoded, or a test made up.
#[derive(Clone, PartialEq, Eq)]
pub struct MemoryAttachment {
    name: String,
    mime: String,
    sha256: String,
    bytes: Vec<u8>,
}

impl MemoryAttachment {
    /// Makes an attachment from bytes.
    pub fn new(name: impl Into<String>, mime: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), mime: mime.into(), sha256: hexadecimal(&Sha256::digest(&bytes)), bytes }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for MemoryAttachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, {} bytes)", self.name, self.mime, self.bytes.len())
    }
}

impl Attachment for MemoryAttachment {
    fn name(&self) -> &str {
        &self.name
    }

    fn mime(&self) -> &str {
        &self.mime
    }

    fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn sha256(&self) -> &str {
        &self.sha256
    }

    fn read_at(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let end = start.saturating_add(length).min(self.bytes.len());
        Ok(self.bytes[start..end].to_vec())
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a String can't fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_offset_and_length_is_answered() {
        let file = MemoryAttachment::new("a.txt", "text/plain", b"hello".to_vec());
        assert_eq!(file.read_at(0, 2).unwrap(), b"he");
        assert_eq!(file.read_at(4, 10).unwrap(), b"o");
        assert_eq!(file.read_at(5, 10).unwrap(), b"");
        assert_eq!(file.read_at(u64::MAX, usize::MAX).unwrap(), b"");
        assert_eq!(file.sha256(), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assert_eq!(format!("{file:?}"), "a.txt (text/plain, 5 bytes)");
    }
}
