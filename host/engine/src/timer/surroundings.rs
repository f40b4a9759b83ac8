//! What surrounds a decision: gathered inside the transaction that will store it, so it can't be outrun.

use stint_domain::{
    clock::ClockSample,
    entry::{Details, Origin},
    id::Entropy,
    time::Span,
    timer::{Context, Rules, Taken, Timer},
};
use stint_store::{
    Connection, Error,
    queue::Room,
    timeline::{self, Loaded},
};

/// What the timer goes by, as the configuration says it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The rules' settings.
    pub rules: Rules,
    /// The person's time zone, as an IANA name.
    pub zone: String,
    /// Who works, and where.
    pub origin: Origin,
    /// How much may wait at one target.
    pub room: Room,
}

/// Who watches the timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// A host that stays and sends heartbeats.
    Host,
    /// A command that is gone when it is done.
    Command,
}

/// A moment: all clocks, and fresh chance. It is taken before the transaction, because neither belongs in one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) now: ClockSample,
    pub(crate) entropy: Entropy,
}

/// The timer and what surrounds it, as the transaction sees them.
pub(crate) struct Scene {
    loaded: Loaded,
    last: Option<Details>,
    taken: Vec<Taken>,
}

impl Scene {
    /// Reads the scene. Other entries are looked at only within `reach`.
    pub(crate) fn read(connection: &Connection, reach: Option<Span>) -> Result<Self, Error> {
        let taken = reach.map(|span| timeline::taken(connection, span)).transpose()?.unwrap_or_default();
        Ok(Self { loaded: timeline::load(connection)?, last: timeline::last_details(connection)?, taken })
    }

    pub(crate) const fn timer(&self) -> &Timer {
        &self.loaded.timer
    }

    pub(crate) const fn version(&self) -> u64 {
        self.loaded.version
    }

    /// The context of a decision at this moment.
    pub(crate) fn context<'a>(
        &'a self,
        settings: &'a Settings,
        watch: Watch,
        moment: &Moment,
    ) -> Context<'a> {
        Context {
            now: moment.now,
            attended: watch == Watch::Host,
            next_seq: self.loaded.next_seq,
            entropy: moment.entropy,
            rules: settings.rules,
            zone: &settings.zone,
            origin: &settings.origin,
            last: self.last.as_ref(),
            taken: &self.taken,
        }
    }
}
