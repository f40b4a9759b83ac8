//! What a view is written on: how wide it may be, in which zone its times are, and when now is. All of it is handed in,
//! so a view of the same thing on the same paper is the same text.

use stint_domain::time::UnixMs;

use crate::{client::Session, terminal::columns, time::Zone};

/// What a view is written on.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    /// How many columns it has.
    pub(crate) width: usize,
    /// The zone of the times on it.
    pub(crate) zone: Zone,
    /// When it is read.
    pub(crate) now: UnixMs,
}

impl Paper {
    /// What stdout is.
    pub(crate) fn of(session: &Session) -> Self {
        Self { width: columns(), zone: session.zone().clone(), now: session.now() }
    }
}

#[cfg(test)]
impl Paper {
    /// Paper of this width, read in Vienna at half past ten on Monday, the second of March 2026.
    pub(crate) fn sample(width: usize) -> Self {
        Self { width, zone: Zone::named("Europe/Vienna"), now: UnixMs(1_772_443_800_000) }
    }
}
