//! The running host: owns the data directory and keeps its tasks running until it is told to stop.

use std::sync::Arc;

use stint_clock::Clock;
use stint_config::Loaded;
use stint_domain::time::Millis;
use stint_store::Lost;
use tokio::sync::watch;

use crate::{
    activity::watch_desk,
    chance,
    deliver::deliver,
    desk::Desk,
    heartbeat,
    ledger::tell_changes,
    link,
    open::{DeskError, Owner},
    outward::Outward,
    place::Place,
    presence::Presence,
    pulse,
    reload::Reloader,
    shots::take_when_due,
    supervise::{Stop, Supervisor},
    timer::{OnQuit, TimerError},
    upkeep, watch as watching,
    wiring::{Lines, Outside, keep_wired},
};

/// How long tasks get to end in their own time.
const GRACE: Millis = Millis::from_secs(8);

/// The running host.
#[derive(Debug)]
pub struct Host {
    owner: Owner,
    supervisor: Supervisor,
    stop: watch::Sender<bool>,
    lost: watch::Sender<Option<Lost>>,
}

impl Host {
    /// Takes the data directory and starts the host's own tasks.
    pub async fn start(loaded: Loaded, place: Place, clock: Arc<dyn Clock>) -> Result<Self, DeskError> {
        let since = clock.sample().wall;
        let owner = Owner::open(loaded, place, clock, Presence::Host { since }).await?;
        let (stop, lost) = (watch::Sender::new(false), watch::Sender::new(None));
        let mut host = Self { supervisor: owner.supervisor(), owner, stop, lost };
        let (desk, lost) = (host.desk(), host.lost.clone());
        host.keep("heartbeat", move |stop| heartbeat::beat(desk.clone(), lost.clone(), stop));
        let desk = host.desk();
        host.keep("network", move |stop| link::listen(desk.clone(), stop));
        let desk = host.desk();
        host.keep("upkeep", move |stop| upkeep::keep_up(desk.clone(), stop));
        let desk = host.desk();
        host.keep("changes", move |stop| tell_changes(desk.clone(), stop));
        let (desk, plugins) = (host.desk(), host.owner.plugins.clone());
        let outside: Arc<dyn Outside> = Arc::new(Outward::new(desk.keys().clone()));
        host.keep("plugins", move |stop| {
            keep_wired(desk.clone(), plugins.clone(), Arc::clone(&outside), stop)
        });
        host.deliver(host.desk().lines());
        let desk = host.desk();
        host.keep("screenshots", move |stop| take_when_due(desk.clone(), stop));
        let desk = host.desk();
        host.keep("desk", move |stop| watch_desk(desk.clone(), stint_capture::bystander, stop));
        let reloader = host.reloader();
        host.keep("configuration", move |stop| watching::watch(reloader.clone(), stop));
        Ok(host)
    }

    /// What requests work with.
    pub fn desk(&self) -> Desk {
        self.owner.desk.clone()
    }

    /// Who may change the configuration that counts.
    pub fn reloader(&self) -> Reloader {
        Reloader::new(self.owner.desk.clone(), self.owner.current.clone())
    }

    /// Delivers along these lines, whatever they become.
    pub fn deliver(&mut self, lines: watch::Receiver<Lines>) {
        let (desk, reports) = (self.desk(), self.owner.tasks.clone());
        self.keep(pulse::ANSWERS, move |stop| deliver(desk.clone(), lines.clone(), reports.clone(), stop));
    }

    /// Keeps one more task running: a panic, an error or an end that nobody asked for starts it again.
    pub fn keep<W, F, E>(&mut self, name: &'static str, work: W)
    where
        W: FnMut(Stop) -> F + Send + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: std::fmt::Display + Send + 'static,
    {
        self.supervisor.keep(name, self.stop.subscribe(), work);
    }

    /// Waits until what the host stands on is lost: its data directory, its lock or its database. It is to be
    /// abandoned then.
    pub async fn lost(&self) -> Lost {
        let mut lost = self.lost.subscribe();
        loop {
            if let Some(what) = lost.borrow_and_update().clone() {
                return what;
            }
            if lost.changed().await.is_err() {
                // The sender is ours, so it is there for as long as we are.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Leaves everything as it is, for a process that ends at once. Closing the store in order would remove the log of
    /// the database by its name, which may be another one's by now.
    pub fn abandon(self) {
        self.stop.send_replace(true);
        std::mem::forget(self);
    }

    /// Ends everything: the tasks, then the timer as the configuration says, then the store.
    pub async fn stop(self) -> Result<(), TimerError> {
        self.stop.send_replace(true);
        self.supervisor.finish(GRACE).await;
        let desk = self.owner.desk;
        let on_quit = match desk.current().loaded.config.timer.on_quit {
            stint_config::model::OnQuit::Keep => OnQuit::Keep,
            stint_config::model::OnQuit::Pause => OnQuit::Pause,
            stint_config::model::OnQuit::Stop => OnQuit::Stop,
        };
        let id = chance::command_id(desk.now())?;
        let left = desk.timer().quit(on_quit, id).await;
        let store = Arc::clone(desk.store());
        // Closing waits for what was handed in.
        let closed = tokio::task::spawn_blocking(move || store.close()).await;
        if closed.is_err() {
            tracing::error!(target: "stint::store", "the store could not be closed in order");
        }
        left
    }
}
