//! Who has the data directory: a host that stays, or a command that is gone when it is done.

use stint_domain::time::UnixMs;

use crate::timer::Watch;

/// Who has the data directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A host.
    Host {
        /// Since when.
        since: UnixMs,
    },
    /// A command.
    Command,
}

impl Presence {
    /// Who watches the timer.
    pub(crate) const fn watch(self) -> Watch {
        match self {
            Self::Host { .. } => Watch::Host,
            Self::Command => Watch::Command,
        }
    }
}
