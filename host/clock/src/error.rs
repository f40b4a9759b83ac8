//! What can fail before the first sample. Reading a clock itself can't.

use std::{io, path::PathBuf};

use stint_domain::id::IdError;

/// The machine did not say what the clocks need.
#[derive(Debug, thiserror::Error)]
pub enum ClockError {
    /// The boot id can't be read.
    #[error("failed to read the boot id from {}: stint needs /proc to tell a reboot from sleep", path.display())]
    BootIdUnreadable {
        /// The file that holds it.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The boot id is none.
    #[error("failed to understand the boot id in {}: is that the kernel's own /proc?", path.display())]
    BootIdInvalid {
        /// The file that holds it.
        path: PathBuf,
        /// Why.
        source: IdError,
    },
    /// The time zone has no name that could be written into an entry.
    #[error(
        "failed to tell the time zone's name: set TZ, as in TZ=Europe/Vienna, or link /etc/localtime into \
         /usr/share/zoneinfo"
    )]
    ZoneUnknown {
        /// Why, where the system said.
        source: Option<jiff::Error>,
    },
}
