//! Content as the host streams it: the handles in it become the attachments they stand for, if those are granted.

use crate::bindings::stint::plugin::types::Chunk;
use crate::sandbox::Sandbox;
use crate::services::HttpChunk;

impl Sandbox {
    /// Chunks from a plugin, ready to be streamed; the inner error is for the plugin.
    pub(crate) fn content(&mut self, chunks: Vec<Chunk>) -> wasmtime::Result<Result<Vec<HttpChunk>, String>> {
        let mut content = Vec::with_capacity(chunks.len());
        for chunk in chunks {
            let chunk = match chunk {
                Chunk::Text(text) => Ok(HttpChunk::Bytes(text.into_bytes())),
                Chunk::Bytes(bytes) => Ok(HttpChunk::Bytes(bytes)),
                Chunk::Attachment(handle) => self.readable(&handle)?.map(HttpChunk::Attachment),
                Chunk::Base64(handle) => self.readable(&handle)?.map(HttpChunk::Base64),
            };
            match chunk {
                Ok(chunk) => content.push(chunk),
                Err(refusal) => return Ok(Err(refusal)),
            }
        }
        Ok(Ok(content))
    }
}
