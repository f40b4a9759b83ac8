//! `stint run`

use std::{sync::Arc, time::Duration};

use clap::Args;
use serde::Serialize;
use stint_clock::{Clock, SystemClock};
use stint_config::{Loaded, model::LogLevel};
use stint_engine::{Host, Reloaded, Reloader, data_dir};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::Globals;
use crate::api::{self, Address};
use crate::client::Patience;
use crate::error::CliError;
use crate::logging;
use crate::manager::{Manager, feed_watchdog, watchdog_interval};
use crate::output::{Output, Verbosity};
use crate::place;
use crate::time::Zone;
use crate::web::{self, Door};

/// Run the host in the foreground
///
/// It keeps the timer's heartbeat and delivers what was recorded. SIGTERM or Ctrl-C ends it in order, SIGHUP reads the
/// configuration again, as does any change of its files.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  stint run\n  stint run --config ./stint.toml --verbose")]
pub(crate) struct Run {}

/// How long threads that wait for an answer get when all else has ended.
const LEFT_BEHIND: Duration = Duration::from_secs(1);

/// What is printed once it runs.
#[derive(Serialize)]
struct Running {
    version: u32,
    pid: u32,
    socket: String,
    /// The page's address, where it is served. It wants a key: `stint dashboard`.
    dashboard: Option<String>,
}

impl Running {
    fn text(&self) -> String {
        let page = match &self.dashboard {
            Some(url) => format!("The dashboard is at {url}: `stint dashboard` lets your browser in.\n"),
            None => "The dashboard isn't served: `stint status` says why.\n".to_owned(),
        };
        format!("stint runs (pid {}). What to type next: stint status\n{page}", self.pid)
    }
}

impl Run {
    pub(super) fn run(globals: &Globals, output: Output) -> Result<(), CliError> {
        let loaded = globals.load()?;
        let louder = match output.verbosity {
            Verbosity::Quiet => Some(LogLevel::Warn),
            Verbosity::Normal => None,
            Verbosity::Verbose => Some(LogLevel::Debug),
        };
        logging::begin(&loaded, louder)?;
        for warning in &loaded.warnings {
            tracing::warn!(target: "stint::config", "{}", warning.summary());
        }
        if let Some(unknown) = Zone::of_system().unknown() {
            tracing::warn!(target: "stint", "no time zone is called {unknown:?} (TZ), so UTC counts");
        }
        for file in &loaded.files {
            tracing::debug!(target: "stint::config", file = %file.display(), "read");
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new()?);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(|error| CliError::no_runtime(&error))?;
        let ended = runtime.block_on(async {
            let dir = data_dir(&loaded)?;
            let signals = Signals::listen()?;
            let address = Address::in_dir(&dir);
            let mut host = start(loaded, clock, &address).await?;
            let door = Door::of(&dir, host.desk().clock().clone())?;
            let router = api::hosted(host.desk(), door.clone());
            let dashboard = open(&mut host, &door, &router);
            // The first one is made here, so that a socket that can't be had ends the program with a clear error.
            let mut first = Some(address.listen()?);
            let desk = host.desk();
            host.keep("control socket", move |stop| {
                api::serve(address.clone(), first.take(), desk.clone(), router.clone(), stop)
            });
            if let Some(interval) = watchdog_interval() {
                let desk = host.desk();
                host.keep("watchdog", move |stop| feed_watchdog(desk.clone(), interval, stop));
            }
            let socket = dir.join("control.sock").display().to_string();
            tracing::info!(target: "stint", data_dir = %dir.display(), "stint runs");
            let manager = Manager::of_environment();
            manager.ready();
            let running = Running { version: 1, pid: std::process::id(), socket, dashboard };
            let told = output.result(&running, || running.text());
            if let Err(error) = told {
                // It was started to run, and that nobody reads this is no reason to end.
                tracing::warn!(target: "stint", "failed to say so on the standard output: {error}");
            }
            let reloader = host.reloader();
            tokio::select! {
                () = signals.until_the_end(&reloader, &manager) => {}
                lost = host.lost() => {
                    host.abandon();
                    return Err(lost.into());
                }
            }
            manager.stopping();
            host.stop().await.map_err(|error| CliError::from_timer(&error))?;
            tracing::info!(target: "stint", "stint has ended");
            Ok(())
        });
        // What matters is closed by now. A display or a bus that never answers keeps a thread for ever, and is not to
        // keep the process.
        runtime.shutdown_timeout(LEFT_BEHIND);
        ended
    }
}

/// Has loopback served. That its address can't be had doesn't end the host: the task tells it, and tries again.
fn open(host: &mut Host, door: &Door, router: &axum::Router) -> Option<String> {
    let address = host.desk().current().loaded.config.control.listen.address();
    let bound = web::bind(address).ok();
    let url = bound.as_ref().and_then(|bound| bound.local_addr().ok()).map(|at| format!("http://{at}/"));
    let (mut first, door) = (bound, door.clone());
    let router = web::router(host.desk(), &door, router.clone());
    host.keep("dashboard", move |stop| web::serve(address, first.take(), door.clone(), router.clone(), stop));
    url
}

/// Starts the host as soon as it may. A verb that has the data directory will be done in a moment; another host won't.
async fn start(loaded: Loaded, clock: Arc<dyn Clock>, address: &Address) -> Result<Host, CliError> {
    let patience = Patience::begin(Arc::clone(&clock));
    let mut told = false;
    loop {
        match Host::start(loaded.clone(), place::here(), Arc::clone(&clock)).await {
            Err(error) if error.is_taken() && address.connect().is_err() && patience.lasts().await => {
                if !std::mem::replace(&mut told, true) {
                    tracing::info!(target: "stint", "waiting for who has the data directory: {error}");
                }
            }
            started => return Ok(started?),
        }
    }
}

/// The signals that mean something.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Listens from here on: before the host has anything that a signal could cut.
    fn listen() -> Result<Self, CliError> {
        let listen = |kind| signal(kind).map_err(|error| CliError::no_runtime(&error));
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// Waits for the signal that ends the host, and has the configuration read again on the way.
    async fn until_the_end(mut self, reloader: &Reloader, manager: &Manager) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    manager.reloading();
                    match reloader.reload().await {
                        Ok(Reloaded::Same) => tracing::info!(target: "stint::config", "read again: nothing is new"),
                        // These two are told where they happen; a mistake that is still there only once.
                        Ok(Reloaded::InPlace { .. }) => {}
                        Ok(Reloaded::Rejected(mistakes)) => {
                            tracing::error!(target: "stint::config", mistakes = mistakes.errors(), "read again: refused");
                        }
                        Err(error) => tracing::error!(target: "stint::config", "{error}"),
                    }
                    manager.ready();
                }
            }
        }
    }
}
