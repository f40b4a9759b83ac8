//! `log`: lines into the call's log book, which keeps the bounds.

use crate::bindings::stint::plugin::log::{Field, Host, Level};
use crate::sandbox::Sandbox;

impl Host for Sandbox {
    fn write(&mut self, level: Level, message: String, fields: Vec<Field>) -> wasmtime::Result<()> {
        self.log.write(level, &message, &fields);
        Ok(())
    }
}
