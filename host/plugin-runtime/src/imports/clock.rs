//! `clock`: the host's clocks.

use crate::bindings::stint::plugin::clock::Host;
use crate::sandbox::Sandbox;

/// The longest name of a zone has half as many.
const ZONE_BYTES_MAX: usize = 64;

impl Host for Sandbox {
    fn now(&mut self) -> wasmtime::Result<i64> {
        Ok(self.around.clock.now_unix_ms())
    }

    fn monotonic(&mut self) -> wasmtime::Result<u64> {
        Ok(self.around.clock.monotonic_ns())
    }

    fn timezone(&mut self) -> wasmtime::Result<String> {
        Ok(self.around.clock.timezone())
    }

    fn utc_offset(&mut self, zone: String, at: i64) -> wasmtime::Result<Option<i32>> {
        let possible = zone.len() <= ZONE_BYTES_MAX && zone.bytes().all(|byte| byte.is_ascii_graphic());
        Ok(possible.then(|| self.around.clock.utc_offset_s(&zone, at)).flatten())
    }
}
