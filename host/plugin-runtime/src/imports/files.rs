//! `files`: the granted folder, within the bytes of one call.

use std::sync::Arc;

use crate::bindings::stint::plugin::files::{FileError, Host};
use crate::bindings::stint::plugin::types::Chunk;
use crate::grants::Grants;
use crate::manifest::Kind;
use crate::sandbox::Sandbox;
use crate::services::{self, Folder, HttpChunk};

impl Sandbox {
    fn folder(&self) -> Result<Arc<Folder>, FileError> {
        self.permit(&[Kind::Target], "files", Grants::files).map_err(FileError::Refused)?;
        let none = || FileError::Refused("no folder is granted".to_owned());
        self.around.folder.clone().ok_or_else(none)
    }

    /// Content within the call's bytes, which it is charged for at once: work that was begun is not refunded.
    fn file_content(&mut self, chunks: Vec<Chunk>) -> wasmtime::Result<Result<Vec<HttpChunk>, FileError>> {
        let content = match self.content(chunks)? {
            Ok(content) => content,
            Err(refusal) => return Ok(Err(FileError::Refused(refusal))),
        };
        let bytes = content.iter().map(HttpChunk::length).fold(self.file_bytes, u64::saturating_add);
        let most = self.around.limits.file_bytes;
        if bytes > most {
            return Ok(Err(FileError::Full(format!(
                "one call may write {most} bytes, and this would make {bytes}"
            ))));
        }
        self.file_bytes = bytes;
        Ok(Ok(content))
    }
}

fn told(error: services::FileError) -> FileError {
    match error {
        services::FileError::Refused(text) => FileError::Refused(text),
        services::FileError::Full(text) => FileError::Full(text),
        services::FileError::Other(text) => FileError::Other(text),
    }
}

impl Host for Sandbox {
    async fn exists(&mut self, path: String) -> wasmtime::Result<Result<bool, FileError>> {
        let folder = match self.folder() {
            Ok(folder) => folder,
            Err(refusal) => return Ok(Err(refusal)),
        };
        Ok(self.blocking(move || folder.exists(&path)).await?.map_err(told))
    }

    async fn append(
        &mut self,
        path: String,
        expected_length: u64,
        content: Vec<Chunk>,
    ) -> wasmtime::Result<Result<u64, FileError>> {
        let folder = match self.folder() {
            Ok(folder) => folder,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let content = match self.file_content(content)? {
            Ok(content) => content,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The path stays held until this work is done, even if the call is cut off meanwhile.
        let held = self.files.clone();
        let appended = self.blocking(move || folder.append(&path, expected_length, &content, &held)).await?;
        Ok(appended.map_err(told))
    }

    async fn write(&mut self, path: String, content: Vec<Chunk>) -> wasmtime::Result<Result<(), FileError>> {
        let folder = match self.folder() {
            Ok(folder) => folder,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let content = match self.file_content(content)? {
            Ok(content) => content,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let held = self.files.clone();
        Ok(self.blocking(move || folder.write(&path, &content, &held)).await?.map_err(told))
    }
}
