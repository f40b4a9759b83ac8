//! The body of a request, streamed: an attachment goes from where it is kept to the network in small pieces, and is
//! never whole in memory.

use std::io;
use std::sync::Arc;
use std::task::Poll;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use reqwest::header::{CONTENT_LENGTH, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, RequestBuilder};

use super::progress::Progress;
use crate::attachment::SharedAttachment;
use crate::services::{HttpBody, HttpChunk, HttpPart};

/// How much is read at a time: a multiple of three, so that base64 has padding at its end alone.
const PIECE: usize = 48 * 1024;

/// Gives a request its body. What is streamed is asked for when there is a connection to send it on, so that is when
/// the request begins; what has no body begins at once, for all that can be known.
pub(super) fn with_body(
    builder: RequestBuilder,
    body: &HttpBody,
    progress: &Progress,
) -> Result<RequestBuilder, String> {
    if body.length() == 0 {
        progress.begins();
    }
    match body {
        HttpBody::Empty => Ok(builder),
        HttpBody::Content(chunks) => {
            // Without a length it would be sent in chunks, which some backends refuse.
            let length = HeaderValue::from(body.length());
            Ok(builder.header(CONTENT_LENGTH, length).body(streamed(chunks, progress)))
        }
        HttpBody::Multipart(parts) => {
            if parts.is_empty() {
                progress.begins();
            }
            let form = parts.iter().try_fold(Form::new(), |form, field| {
                Ok::<_, String>(form.part(field.name.clone(), part(field, progress)?))
            });
            Ok(builder.multipart(form?))
        }
    }
}

fn part(field: &HttpPart, progress: &Progress) -> Result<Part, String> {
    let length = field.content.iter().map(HttpChunk::length).fold(0, u64::saturating_add);
    let mut part = Part::stream_with_length(streamed(&field.content, progress), length);
    if let Some(name) = &field.filename {
        part = part.file_name(name.clone());
    }
    match &field.mime {
        Some(mime) => part.mime_str(mime).map_err(|_| format!("`{}` is no media type", mime.escape_debug())),
        None => Ok(part),
    }
}

fn streamed(chunks: &[HttpChunk], progress: &Progress) -> Body {
    let (begun, rest) = (progress.clone(), pieces(chunks.to_vec()));
    let begins = stream::poll_fn(move |_| {
        begun.begins();
        Poll::Ready(None::<io::Result<Bytes>>)
    });
    Body::wrap_stream(begins.chain(rest))
}

/// The pieces of some chunks, one after the other.
fn pieces(chunks: Vec<HttpChunk>) -> impl Stream<Item = io::Result<Bytes>> {
    let at = Place { chunks: chunks.into_iter(), current: None };
    stream::try_unfold(at, |mut at| async move { Ok(at.next().await?.map(|piece| (piece, at))) })
}

struct Place {
    chunks: std::vec::IntoIter<HttpChunk>,
    /// The attachment that is being read, where to go on, and whether it goes out in base64.
    current: Option<(SharedAttachment, u64, bool)>,
}

impl Place {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        loop {
            if let Some((file, at, encoded)) = self.current.take() {
                let read = read(Arc::clone(&file), at).await?;
                let read_to = at + read.len() as u64;
                // Its length was told to the backend before, and is kept.
                if read_to > file.size() || (read.is_empty() && at < file.size()) {
                    let text =
                        format!("the attachment has no longer the {} bytes it was made with", file.size());
                    return Err(io::Error::other(text));
                }
                if read.is_empty() {
                    continue;
                }
                self.current = Some((file, read_to, encoded));
                let piece = if encoded { STANDARD.encode(&read).into_bytes() } else { read };
                return Ok(Some(piece.into()));
            }
            match self.chunks.next() {
                None => return Ok(None),
                Some(HttpChunk::Bytes(bytes)) if bytes.is_empty() => {}
                Some(HttpChunk::Bytes(bytes)) => return Ok(Some(bytes.into())),
                Some(HttpChunk::Attachment(file)) => self.current = Some((file, 0, false)),
                Some(HttpChunk::Base64(file)) => self.current = Some((file, 0, true)),
            }
        }
    }
}

/// A whole piece, or what is left of the file. It may block, so it has a thread of its own.
async fn read(file: SharedAttachment, at: u64) -> io::Result<Vec<u8>> {
    let reading = tokio::task::spawn_blocking(move || {
        let mut piece: Vec<u8> = Vec::new();
        while piece.len() < PIECE {
            let more = file.read_at(at + piece.len() as u64, PIECE - piece.len())?;
            if more.is_empty() {
                break;
            }
            piece.extend(more);
        }
        Ok(piece)
    });
    reading.await.map_err(|_| io::Error::other("the thread that read the attachment was lost"))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachment::MemoryAttachment;
    use futures_util::TryStreamExt as _;

    fn file(bytes: &[u8]) -> SharedAttachment {
        Arc::new(MemoryAttachment::new("a.bin", "application/octet-stream", bytes.to_vec()))
    }

    async fn sent(chunks: Vec<HttpChunk>) -> Vec<u8> {
        let length: u64 = chunks.iter().map(HttpChunk::length).sum();
        let all: Vec<Bytes> = pieces(chunks).try_collect().await.unwrap();
        assert!(all.iter().all(|piece| !piece.is_empty() && piece.len() <= PIECE / 3 * 4));
        let all = all.concat();
        assert_eq!(all.len() as u64, length, "what is sent is as long as was said");
        all
    }

    #[tokio::test]
    async fn chunks_are_sent_one_after_the_other() {
        let chunks = vec![
            HttpChunk::Bytes(b"{\"file\":\"".to_vec()),
            HttpChunk::Bytes(Vec::new()),
            HttpChunk::Base64(file(b"hello")),
            HttpChunk::Bytes(b"\"}".to_vec()),
            HttpChunk::Attachment(file(b"raw")),
            HttpChunk::Attachment(file(b"")),
        ];
        assert_eq!(sent(chunks).await, b"{\"file\":\"aGVsbG8=\"}raw");
    }

    #[tokio::test]
    async fn a_large_attachment_goes_in_pieces_and_its_base64_is_whole() {
        let bytes: Vec<u8> = (0..PIECE * 2 + 7).map(|place| u8::try_from(place % 251).unwrap()).collect();
        assert_eq!(sent(vec![HttpChunk::Attachment(file(&bytes))]).await, bytes);
        assert_eq!(sent(vec![HttpChunk::Base64(file(&bytes))]).await, STANDARD.encode(&bytes).into_bytes());
    }
}
