//! A panic in the sandbox is a bare trap. The hook logs its message first, in the form that the host looks for, so
//! that a person reads why the call ended.

use std::sync::Once;

use crate::log::{self, Level};

/// Makes panics log their message. Every exported function begins with it; all but the first call do nothing.
pub(crate) fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            log::write(Level::Error, &panic.to_string(), &[("panic", "true")]);
        }));
    });
}
