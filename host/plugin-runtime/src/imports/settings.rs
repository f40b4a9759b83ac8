//! `settings`: the user's settings, as they were checked.

use crate::bindings::stint::plugin::settings::Host;
use crate::sandbox::Sandbox;

impl Host for Sandbox {
    fn json(&mut self) -> wasmtime::Result<String> {
        Ok(self.around.settings.to_string())
    }
}
