//! `clock`: the host's clocks.

use crate::bindings::stint::plugin::clock::Host;
use crate::sandbox::Sandbox;

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
        Ok(self.around.clock.utc_offset_s(&zone, at))
    }
}
