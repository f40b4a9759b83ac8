//! Taking possession of a data directory: the store is opened, the installation named, the targets made known, and
//! the timer finds out what happened while nobody looked.

use std::{path::PathBuf, sync::Arc};

use stint_clock::Clock;
use stint_config::Loaded;
use stint_domain::time::UnixMs;
use stint_store::{LockError, Mode, OpenError, Options, Store, WriteError, installation, name_installation};
use tokio::sync::watch;

use crate::{
    activity::Attention,
    chance,
    current::Current,
    deliver::{Bell, Passes},
    desk::Desk,
    ledger::Ledger,
    outward::Keys,
    place::Place,
    presence::Presence,
    pulse::Pulse,
    shots::Shots,
    supervise::{Supervisor, TaskReport},
    targets,
    timer::TimerError,
    wiring::{Plugins, Turns},
};

/// Why a data directory could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// Nobody says where it is.
    #[error(
        "failed to find a place for the data: there is no home folder; name one with --data-dir or storage.data_dir"
    )]
    NoDataDir,
    /// The store can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store can't be used.
    #[error(transparent)]
    Store(#[from] stint_store::Error),
    /// The timer can't be looked at.
    #[error(transparent)]
    Timer(#[from] TimerError),
    /// The system gives no random bytes.
    #[error("failed to draw random bytes for the installation's name: {source}")]
    Chance {
        /// What the system said.
        #[from]
        source: getrandom::Error,
    },
}

impl DeskError {
    /// Whether the disk is full, can't be written, or fails.
    pub fn is_of_disk(&self) -> bool {
        match self {
            Self::Open(error) => error.is_of_disk(),
            Self::Store(stint_store::Error::Write(error))
            | Self::Timer(TimerError::Write(error) | TimerError::Store(stint_store::Error::Write(error))) => {
                matches!(
                    error,
                    WriteError::Full { .. }
                        | WriteError::ReadOnly { .. }
                        | WriteError::NotDurable { .. }
                        | WriteError::Unavailable { .. }
                )
            }
            _ => false,
        }
    }

    /// Whether somebody else has the data directory at the moment.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Open(OpenError::Lock(LockError::Owned { .. })))
    }
}

/// Possession of a data directory. What is in the desk can be handed on; this stays with whoever opened it.
#[derive(Debug)]
pub struct Owner {
    /// What others work with.
    pub desk: Desk,
    pub(crate) current: watch::Sender<Current>,
    pub(crate) tasks: watch::Sender<Vec<TaskReport>>,
    pub(crate) plugins: Plugins,
}

/// No clock that is right is before 2026.
pub(crate) const BUILT_AFTER: UnixMs = UnixMs(1_767_225_600_000);
const WRONG_CLOCK: &str = "the machine's clock is set to a time before this program was written; set it (for example \
     with `timedatectl set-ntp true`): how long was worked is measured rightly all the same, when it was is not";

/// Where the data is.
pub fn data_dir(loaded: &Loaded) -> Result<PathBuf, DeskError> {
    loaded.data_dir().ok_or(DeskError::NoDataDir)
}

impl Owner {
    /// Takes the data directory that the configuration names. Where another one counts in its place, the targets stay
    /// those that were known: nobody says that they are not wanted any more.
    pub async fn open(
        current: impl Into<Current>,
        place: Place,
        clock: Arc<dyn Clock>,
        presence: Presence,
    ) -> Result<Self, DeskError> {
        let (current, current_seen) = watch::channel(current.into());
        let (alerts, alerts_seen) = watch::channel(Vec::new());
        let (tasks, tasks_seen) = watch::channel(Vec::new());
        let (catalogue, catalogue_seen) = watch::channel(Arc::default());
        let (lines, lines_seen) = watch::channel(Arc::default());
        let options = options(&current.borrow(), presence, alerts.clone())?;
        let now = clock.sample().wall;
        if now < BUILT_AFTER {
            tell(&alerts, &WRONG_CLOCK);
        }
        let opened = Store::open(options, now)?;
        for alert in &opened.alerts {
            tell(&alerts, alert);
        }
        let mut unwritable = opened.frozen.map(|why| why.to_string());
        let store = Arc::new(opened.store);
        still_put_aside(&store, &alerts);
        let installation = named(&store, now).await?.into();
        let Current { loaded: config, rejected } = current.borrow().clone();
        if unwritable.is_none() && rejected.is_none() {
            let adopted = targets::adopt(&store, &config.config, now).await.map_err(DeskError::from);
            unwritable = reading_only(adopted, presence)?;
        }
        let keys = Keys::new(Arc::clone(&clock));
        let mut desk = Desk {
            store,
            clock,
            place: Arc::new(place),
            installation,
            presence,
            current: current_seen,
            alerts: alerts_seen,
            tasks: tasks_seen,
            bell: Bell::default(),
            passes: Passes::default(),
            ledger: Ledger::default(),
            shots: Shots::default(),
            attention: Attention::default(),
            unwritable: None,
            keys,
            pulse: Pulse::default(),
            turns: Turns::default(),
            plugins: catalogue_seen,
            lines: lines_seen,
        };
        if unwritable.is_none() {
            unwritable = reading_only(desk.timer().take_over().await.map_err(DeskError::from), presence)?;
        }
        if let Some(why) = unwritable {
            let told = format!("nothing new can be recorded, what is shown was recorded before: {why}");
            tell(&alerts, &told);
            desk.unwritable = Some(why.into());
        }
        Ok(Self { desk, current, tasks, plugins: Plugins { catalogue, lines } })
    }

    /// Who keeps this owner's tasks running.
    pub fn supervisor(&self) -> Supervisor {
        Supervisor::new(self.tasks.clone())
    }
}

/// A disk without room keeps nobody from seeing what is there; a host is not to start on one.
fn reading_only(done: Result<(), DeskError>, presence: Presence) -> Result<Option<String>, DeskError> {
    match done {
        Ok(()) => Ok(None),
        Err(error) if presence == Presence::Command && error.is_of_disk() => Ok(Some(error.to_string())),
        Err(error) => Err(error),
    }
}

fn options(
    current: &Current,
    presence: Presence,
    alerts: watch::Sender<Vec<String>>,
) -> Result<Options, DeskError> {
    let mode = match presence {
        Presence::Host { .. } => Mode::Threaded,
        Presence::Command => Mode::Inline,
    };
    let quota_bytes = current.loaded.config.storage.quota.bytes();
    let dir = data_dir(&current.loaded)?;
    // Somebody who asks is shown what is there, though nothing new can be recorded.
    let reading_suffices = presence == Presence::Command;
    Ok(Options {
        mode,
        quota_bytes,
        reading_suffices,
        ..Options::new(dir, move |alert| tell(&alerts, &alert))
    })
}

/// An alert is in the log, in the status and beside every answer for as long as this process lives.
fn tell(alerts: &watch::Sender<Vec<String>>, alert: &dyn std::fmt::Display) {
    tracing::error!(target: "stint", "{alert}");
    alerts.send_modify(|all| all.push(alert.to_string()));
}

/// What was put aside earlier still stands: whoever found it may have been a verb that nobody looked at.
fn still_put_aside(store: &Store, alerts: &watch::Sender<Vec<String>>) {
    for path in store.quarantined() {
        let path = path.display().to_string();
        if !alerts.borrow().iter().any(|alert| alert.contains(&path)) {
            let still = format!(
                "a damaged database was put aside as {path}: what was recorded since its last backup may be missing; \
                 this is told until that file is moved away"
            );
            tell(alerts, &still);
        }
    }
}

async fn named(store: &Store, now: UnixMs) -> Result<String, DeskError> {
    if let Some(name) = store.read(|transaction| installation(transaction))? {
        return Ok(name);
    }
    // An installation is named as commands are: the kind of id doesn't show in its text.
    let name = chance::command_id(now)?.to_string();
    Ok(store.write(move |transaction| name_installation(transaction, &name)).await?)
}
