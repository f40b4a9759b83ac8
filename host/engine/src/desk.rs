//! What every command, request and task of the host works with: the store, the clocks, the configuration that counts
//! now. Handed around by cloning; nothing in it is changed in place.

use std::sync::Arc;

use stint_clock::Clock;
use stint_domain::time::UnixMs;
use stint_plugin_runtime::registry::Catalogue;
use stint_store::{Connection, Error, Store};
use tokio::sync::watch;

use crate::{
    activity::Attention,
    current::Current,
    deliver::{Bell, Passes},
    ledger::Ledger,
    outward::Keys,
    place::Place,
    presence::Presence,
    pulse::Pulse,
    room,
    shots::Shots,
    supervise::TaskReport,
    timer::{Settings, TimerService},
    wiring::{Lines, Turns},
};

/// What everybody works with.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) place: Arc<Place>,
    pub(crate) installation: Arc<str>,
    pub(crate) presence: Presence,
    pub(crate) current: watch::Receiver<Current>,
    pub(crate) alerts: watch::Receiver<Vec<String>>,
    pub(crate) tasks: watch::Receiver<Vec<TaskReport>>,
    pub(crate) bell: Bell,
    pub(crate) passes: Passes,
    pub(crate) ledger: Ledger,
    pub(crate) shots: Shots,
    pub(crate) attention: Attention,
    /// Why nothing can be recorded, where reading sufficed.
    pub(crate) unwritable: Option<Arc<str>>,
    pub(crate) plugins: watch::Receiver<Arc<Catalogue>>,
    pub(crate) lines: watch::Receiver<Lines>,
    pub(crate) keys: Keys,
    pub(crate) pulse: Pulse,
    pub(crate) turns: Turns,
}

impl Desk {
    /// The store.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// The clocks.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// What the wall clock says.
    pub fn now(&self) -> UnixMs {
        self.clock.sample().wall
    }

    /// The credentials.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The configuration that counts now.
    pub fn current(&self) -> Current {
        self.current.borrow().clone()
    }

    /// Who works here, and where.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Who has the data directory.
    pub fn presence(&self) -> Presence {
        self.presence
    }

    /// Why nothing can be recorded. What was found then may not have been stored, so nothing may be decided on it even
    /// if there is room again by now.
    pub fn unwritable(&self) -> Option<&str> {
        self.unwritable.as_deref()
    }

    /// The alerts that stand: each is something that a person must know of.
    pub fn alerts(&self) -> Vec<String> {
        let mut alerts = self.alerts.borrow().clone();
        // Where nothing can be recorded that is said already.
        if self.unwritable.is_none() {
            alerts.extend(room::alert(self.store.data_dir()));
        }
        alerts
    }

    /// What the folder of plugins has, as it is from moment to moment. Without a host nobody looks.
    pub fn plugins(&self) -> watch::Receiver<Arc<Catalogue>> {
        self.plugins.clone()
    }

    /// What the targets' items go through, as it is from moment to moment. A target that has none isn't ready to be
    /// judged yet, or is switched off.
    pub fn lines(&self) -> watch::Receiver<Lines> {
        self.lines.clone()
    }

    /// The timer's service, by the configuration that counts now.
    pub fn timer(&self) -> TimerService {
        let current = self.current.borrow();
        let config = &current.loaded.config;
        let settings = Settings {
            rules: config.timer.rules(),
            zone: self.place.zone.clone(),
            origin: self.place.origin(config, &self.installation),
            room: crate::targets::room(config),
        };
        let service = TimerService::new(
            Arc::clone(&self.store),
            Arc::clone(&self.clock),
            settings,
            self.presence.watch(),
        );
        service.telling(self.bell.clone(), self.ledger.clone())
    }

    /// What is known of the screenshots.
    pub fn shots(&self) -> &Shots {
        &self.shots
    }

    /// Whether somebody is there.
    pub(crate) fn attention(&self) -> &Attention {
        &self.attention
    }

    /// What wakes deliveries.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// What happens, as it happens.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// How the passes over targets ended.
    pub fn passes(&self) -> &Passes {
        &self.passes
    }

    /// Reads: all from one state of the database.
    pub fn read<T>(&self, question: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        self.store.read(|transaction| question(transaction))
    }
}
