//! `random`: bytes of the operating system's generator, a bounded number at a time.

use super::OverBound;
use crate::bindings::stint::plugin::random::Host;
use crate::sandbox::Sandbox;
use crate::services::HostFault;

const BYTES_MAX: usize = 65_536;

impl Host for Sandbox {
    fn bytes(&mut self, len: u32) -> wasmtime::Result<Vec<u8>> {
        let length = usize::try_from(len).unwrap_or(usize::MAX);
        if length > BYTES_MAX {
            return Err(OverBound(format!(
                "it asked for {len} random bytes at once, and {BYTES_MAX} are the most"
            ))
            .into());
        }
        let mut bytes = vec![0; length];
        getrandom::fill(&mut bytes).map_err(HostFault::new)?;
        Ok(bytes)
    }
}
