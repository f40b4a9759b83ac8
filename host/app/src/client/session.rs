//! A verb's session: it looks for a host, and takes the data directory itself where there is none. Both may change
//! while it looks, so it looks again until one of them works or five seconds are over.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::de::DeserializeOwned;
use stint_clock::{Clock, SystemClock};
use stint_config::{Diagnostics, Loaded, data_dir_despite_mistakes, sure_data_dir};
use stint_domain::{
    entry::Origin,
    id::CommandId,
    time::{Millis, UnixMs},
};
use stint_engine::{Current, command_id, data_dir};

use super::{
    Call, Patience,
    local::Local,
    remote::{ListenError, RemoteError, ask, listen},
    reply::Reply,
};
use crate::{
    api::{Address, Problem},
    cli::Globals,
    error::CliError,
    output::Output,
    place,
    time::Zone,
};

/// A verb's session.
#[derive(Debug)]
pub(crate) struct Session {
    /// What is wrong with the configuration keeps nobody from a host that runs by an earlier one.
    loaded: Result<Loaded, Diagnostics>,
    dir: PathBuf,
    /// The same where nothing in the configuration leaves a doubt about it.
    sure_dir: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    zone: Zone,
    local: Option<Local>,
    output: Output,
    /// Whether the person was told of an alert: once a verb is enough.
    is_alerted: bool,
}

impl Session {
    /// Begins a session. Nothing is looked for before the first request.
    pub(crate) fn begin(globals: &Globals) -> Result<Self, CliError> {
        let request = globals.request()?;
        let loaded = stint_config::load(&request);
        let dir = match &loaded {
            Ok(loaded) => data_dir(loaded)?,
            Err(mistakes) => data_dir_despite_mistakes(&request).ok_or_else(|| mistakes.clone())?,
        };
        let (zone, output) = (Zone::of_system(), globals.output());
        if let Some(unknown) = zone.unknown() {
            output.note(&format!(
                "no time zone is called {unknown:?} (TZ), so times are read and shown in UTC"
            ));
        }
        let sure_dir = if loaded.is_ok() { None } else { sure_data_dir(&request) };
        let clock = Arc::new(SystemClock::new()?);
        Ok(Self { sure_dir, loaded, dir, clock, zone, local: None, output, is_alerted: false })
    }

    /// What the wall clock says.
    pub(crate) fn now(&self) -> UnixMs {
        self.clock.sample().wall
    }

    /// How long the machine has been up: for how long something takes.
    pub(crate) fn uptime(&self) -> Millis {
        self.clock.sample().monotonic
    }

    /// Whose time it is, and where: as the configuration says, else as the machine says.
    pub(crate) fn origin(&self, installation: &str) -> Origin {
        let place = place::here();
        match &self.loaded {
            Ok(loaded) => place.origin(&loaded.config, installation),
            Err(_) => {
                Origin { person: place.user, machine: place.host, installation: installation.to_owned() }
            }
        }
    }

    /// The data directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The person's zone.
    pub(crate) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether something will be delivered of what is recorded.
    pub(crate) fn has_targets(&self) -> bool {
        self.loaded.as_ref().is_ok_and(|loaded| !loaded.config.targets.is_empty())
    }

    /// Whether what was recorded is for no target, because the configuration that would name some can't be read.
    pub(crate) fn reaches_nobody(&self) -> bool {
        self.loaded.is_err() && self.local.as_ref().is_some_and(|local| !local.knows_targets())
    }

    /// A new id for a command, which goes with it however often it is sent.
    pub(crate) fn command_id(&self) -> Result<CommandId, CliError> {
        Ok(command_id(self.now())?)
    }

    /// Whether the last request was answered without a host.
    pub(crate) fn is_alone(&self) -> bool {
        self.local.is_some()
    }

    /// Sends a request. It is sent again where a host goes away before it answers: a command's id makes it count once.
    pub(crate) async fn call<T: DeserializeOwned>(&mut self, call: Call) -> Result<T, CliError> {
        let Reply { status, body, alerts } = self.answer(&call).await?;
        if alerts > 0 && !call.shows_alerts() && !std::mem::replace(&mut self.is_alerted, true) {
            self.output.note("an alert stands, something may be missing: `stint status` shows it");
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| CliError::strange_answer(&error));
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => Err(CliError::of_problem(problem, &self.zone)),
            Err(error) => Err(CliError::strange_answer(&error)),
        }
    }

    /// Listens to a host until nobody wants to hear more, or the host ends.
    pub(crate) async fn listen(
        &self,
        call: &Call,
        heard: impl FnMut(&str) -> io::Result<bool>,
    ) -> Result<(), CliError> {
        match listen(&Address::in_dir(&self.dir), call, heard).await {
            Ok(()) => Ok(()),
            Err(ListenError::Remote(RemoteError::Absent(_))) => {
                Err(CliError::of_problem(Problem::no_host(), &self.zone))
            }
            Err(ListenError::Remote(error)) => Err(error.into()),
            Err(ListenError::Output(error)) => Err(error.into()),
        }
    }

    /// What a verb without a host goes by. Mistakes in the configuration keep nobody from tracking time; which targets
    /// an import is for can't be guessed.
    fn current(&mut self, call: &Call) -> Result<Current, CliError> {
        let mistakes = match &self.loaded {
            Ok(loaded) => return Ok(Current::from(loaded.clone())),
            Err(mistakes) => mistakes.clone(),
        };
        let Some(dir) = self.sure_dir.as_deref().filter(|_| !call.needs_targets()) else {
            return Err(mistakes.into());
        };
        let instead = stint_config::without_any_file(dir)?;
        if !call.shows_alerts() {
            let first = mistakes.iter().map(stint_config::Diagnostic::summary).next().unwrap_or_default();
            self.output.note(&format!(
                "the configuration can't be used, so what is built in counts; `stint config check` shows why: {first}"
            ));
        }
        Ok(Current::instead_of(mistakes, instead))
    }

    async fn answer(&mut self, call: &Call) -> Result<Reply, CliError> {
        let (address, patience) = (Address::in_dir(&self.dir), Patience::begin(Arc::clone(&self.clock)));
        loop {
            if let Some(local) = &self.local {
                return Ok(local.ask(call).await?);
            }
            match ask(&address, call).await {
                Ok(answered) => {
                    self.output.detail(&format!(
                        "the host in {} answered {}",
                        self.dir.display(),
                        call.name()
                    ));
                    return Ok(answered);
                }
                Err(RemoteError::Absent(_) | RemoteError::Gone(_)) => {}
                Err(error @ (RemoteError::Stuck | RemoteError::Malformed(_))) => return Err(error.into()),
            }
            let current = self.current(call)?;
            match Local::open(current, Arc::clone(&self.clock)).await {
                Ok(local) => {
                    self.output.detail(&format!("no host runs; this verb took {}", self.dir.display()));
                    self.local = Some(local);
                }
                Err(error) if error.is_taken() && patience.lasts().await => {}
                Err(error) if error.is_taken() => return Err(CliError::silent_owner(error, &self.dir)),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Runs a verb's work: one thread is enough for it.
pub(crate) fn run<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| CliError::no_runtime(&error))?.block_on(work)
}

/// The same for work that may leave somebody behind who waits for an answer that never comes.
pub(crate) fn run_and_leave<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::no_runtime(&error))?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}
