//! What goes wrong with a service.

use std::io;
use std::path::PathBuf;

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    /// There is nowhere to put a user's unit.
    #[error("failed to find the folder of your units: neither XDG_CONFIG_HOME nor HOME names one")]
    NoHome,
    /// The system's unit needs somebody to run as.
    #[error("failed to write the system's unit: the host can't run as {}", who.as_deref().unwrap_or("nobody"))]
    NoUser {
        /// Who was named.
        who: Option<String>,
    },
    /// A file can't be written or removed.
    #[error("failed to {action} {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// systemd didn't do what it was asked.
    #[error("failed to have systemd do `{command}`: {reason}")]
    Manager {
        /// The command.
        command: String,
        /// What it said.
        reason: String,
    },
}
