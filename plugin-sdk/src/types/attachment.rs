//! A file that belongs to an item. It is a handle: its bytes stay with the host unless a plugin reads them.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::imports;

/// A file that belongs to an item, such as the picture of a screenshot. To send or store it, pass it to a
/// request or to [`crate::files`] instead of reading it: the host streams the bytes past the sandbox.
pub struct Attachment(pub(crate) imports::Attachment);

impl Attachment {
    /// A file name without any folder, for example `screenshot-1.jpg`.
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// The media type, for example `image/jpeg`.
    pub fn mime(&self) -> String {
        self.0.mime()
    }

    /// The length in bytes.
    pub fn size(&self) -> u64 {
        self.0.size()
    }

    /// The SHA-256 of the bytes, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        self.0.sha256()
    }

    /// Up to `len` bytes from `offset` on; an empty answer is the end. The error is a sentence for a person.
    pub fn read(&self, offset: u64, len: u32) -> Result<Vec<u8>, String> {
        self.0.read(offset, len)
    }
}

/// What the bindings need of a handle that crosses the border.
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
#[allow(unsafe_code, missing_docs, clippy::missing_safety_doc, reason = "the shape that the bindings call")]
impl Attachment {
    pub unsafe fn from_handle(handle: u32) -> Self {
        // SAFETY: the bindings hand over a handle that the host just gave to this sandbox, and keep no copy.
        Self(unsafe { imports::Attachment::from_handle(handle) })
    }

    pub fn take_handle(&self) -> u32 {
        self.0.take_handle()
    }

    pub fn handle(&self) -> u32 {
        self.0.handle()
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Attachment")
            .field("name", &self.name())
            .field("mime", &self.mime())
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

/// Equal when name, media type and content are.
impl PartialEq for Attachment {
    fn eq(&self, other: &Self) -> bool {
        self.sha256() == other.sha256() && self.name() == other.name() && self.mime() == other.mime()
    }
}

impl Serialize for Attachment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Attachment", 4)?;
        fields.serialize_field("name", &self.name())?;
        fields.serialize_field("mime", &self.mime())?;
        fields.serialize_field("size", &self.size())?;
        fields.serialize_field("sha256", &self.sha256())?;
        fields.end()
    }
}

/// A piece of content. A content is the concatenation of its chunks; the host streams it where it goes.
#[derive(Debug, PartialEq)]
pub enum Chunk<'a> {
    /// This text, as UTF-8.
    Text(String),
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of this attachment, which never pass through the plugin.
    Attachment(&'a Attachment),
    /// The same bytes in base64, for a backend that wants files inside JSON.
    Base64(&'a Attachment),
}

impl From<&str> for Chunk<'_> {
    fn from(text: &str) -> Self {
        Chunk::Text(text.to_owned())
    }
}

impl From<String> for Chunk<'_> {
    fn from(text: String) -> Self {
        Chunk::Text(text)
    }
}

impl From<Vec<u8>> for Chunk<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Chunk::Bytes(bytes)
    }
}

impl<'a> From<&'a Attachment> for Chunk<'a> {
    fn from(attachment: &'a Attachment) -> Self {
        Chunk::Attachment(attachment)
    }
}
