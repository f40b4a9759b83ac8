//! `types.attachment`: what a file is called and how large it is, and its bytes if they are asked for and granted.

use std::sync::Arc;

use wasmtime::component::Resource;

use crate::attachment::{Attached, SharedAttachment};
use crate::bindings::stint::plugin::types::{Host, HostAttachment};
use crate::manifest::Kind;
use crate::sandbox::Sandbox;

/// One read brings at most this many bytes, whatever was asked for: the contract lets the host answer with fewer.
const READ_BYTES_MAX: usize = 1024 * 1024;

impl Host for Sandbox {}

impl Sandbox {
    /// The attachment behind a handle.
    pub(crate) fn attached(&self, handle: &Resource<Attached>) -> wasmtime::Result<SharedAttachment> {
        Ok(Arc::clone(&self.table.get(handle)?.0))
    }

    /// The attachment behind a handle, if its bytes may be used.
    pub(crate) fn readable(
        &self,
        handle: &Resource<Attached>,
    ) -> wasmtime::Result<Result<SharedAttachment, String>> {
        let permitted =
            self.permit(&[Kind::Target, Kind::Transform], "attachment", crate::grants::Grants::attachments);
        let file = self.attached(handle)?;
        Ok(permitted.map(|()| file))
    }
}

impl HostAttachment for Sandbox {
    fn name(&mut self, handle: Resource<Attached>) -> wasmtime::Result<String> {
        Ok(self.attached(&handle)?.name().to_owned())
    }

    fn mime(&mut self, handle: Resource<Attached>) -> wasmtime::Result<String> {
        Ok(self.attached(&handle)?.mime().to_owned())
    }

    fn size(&mut self, handle: Resource<Attached>) -> wasmtime::Result<u64> {
        Ok(self.attached(&handle)?.size())
    }

    fn sha256(&mut self, handle: Resource<Attached>) -> wasmtime::Result<String> {
        Ok(self.attached(&handle)?.sha256().to_owned())
    }

    async fn read(
        &mut self,
        handle: Resource<Attached>,
        offset: u64,
        len: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, String>> {
        let file = match self.readable(&handle)? {
            Ok(file) => file,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let length = usize::try_from(len).unwrap_or(usize::MAX).min(READ_BYTES_MAX);
        let read = self.blocking(move || file.read_at(offset, length)).await?;
        Ok(read.map_err(|error| format!("the attachment can't be read: {error}")))
    }

    fn drop(&mut self, handle: Resource<Attached>) -> wasmtime::Result<()> {
        self.table.delete(handle)?;
        Ok(())
    }
}
