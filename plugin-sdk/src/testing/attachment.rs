//! Attachments whose bytes the test gave.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::types::{self, Chunk};

/// The fake behind [`types::Attachment`].
#[derive(Clone)]
pub(crate) struct Attachment {
    pub(super) name: String,
    pub(super) mime: String,
    pub(super) bytes: Vec<u8>,
    /// Width and height, for an attachment that the fake host can decode.
    pub(super) pixels: Option<(u32, u32)>,
}

impl Attachment {
    pub(crate) fn name(&self) -> String {
        self.name.clone()
    }

    pub(crate) fn mime(&self) -> String {
        self.mime.clone()
    }

    pub(crate) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(crate) fn sha256(&self) -> String {
        Sha256::digest(&self.bytes).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a text can't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    #[expect(clippy::unnecessary_wraps, reason = "the real host may fail to read; both have one signature")]
    pub(crate) fn read(&self, offset: u64, len: u32) -> Result<Vec<u8>, String> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(self.bytes.len());
        let end = start.saturating_add(len as usize).min(self.bytes.len());
        Ok(self.bytes[start..end].to_vec())
    }
}

/// An attachment with these bytes.
pub fn attachment(name: &str, mime: &str, bytes: impl Into<Vec<u8>>) -> types::Attachment {
    types::Attachment(Attachment {
        name: name.to_owned(),
        mime: mime.to_owned(),
        bytes: bytes.into(),
        pixels: None,
    })
}

/// The bytes that the host would write or send for this content.
pub(super) fn bytes_of(content: Vec<Chunk<'_>>) -> Vec<u8> {
    content.into_iter().fold(Vec::new(), |mut bytes, chunk| {
        match chunk {
            Chunk::Text(text) => bytes.extend(text.bytes()),
            Chunk::Bytes(more) => bytes.extend(more),
            Chunk::Attachment(attachment) => bytes.extend(&attachment.0.bytes),
            Chunk::Base64(attachment) => bytes.extend(base64(&attachment.0.bytes).bytes()),
        }
        bytes
    })
}

/// Standard base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, place| bits << 8 | usize::from(*group.get(place).unwrap_or(&0)));
        for place in 0..4 {
            let letter = LETTERS[bits >> (18 - 6 * place) & 63];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_the_concatenation_of_its_chunks() {
        let file = attachment("a", "b", "fooba");
        let content =
            vec![Chunk::from("<"), Chunk::Attachment(&file), vec![b'|'].into(), Chunk::Base64(&file)];
        assert_eq!(bytes_of(content), b"<fooba|Zm9vYmE=");
        assert_eq!([base64(b""), base64(b"f"), base64(b"fo"), base64(b"foo")], ["", "Zg==", "Zm8=", "Zm9v"]);
    }

    #[test]
    fn an_attachment_is_read_in_pieces() {
        let file = attachment("a", "b", "abc");
        assert_eq!(file.read(1, 9), Ok(b"bc".to_vec()));
        assert_eq!(file.read(7, 9), Ok(vec![]));
        assert_eq!(file.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
