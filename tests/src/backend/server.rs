//! A running backend, as a test holds it.
//!
//! It lives on a thread of its own with a runtime of its own: tests with or without a runtime use it alike, and its
//! timers go on where a test has paused time. Dropping it ends it.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::config::Config;
use super::desk::Desk;
use super::fault::Rule;
use super::ledger::Ledger;
use super::seen::{Counts, Seen};
use super::sessions::Tokens;
use super::{api, serve};

/// Why there is no backend.
#[derive(Debug, Error)]
pub enum BackendError {
    /// The address can't be listened on.
    #[error("listen on {address}: {source}; name a free port of this machine, or 127.0.0.1:0 for any")]
    Listen {
        /// The address.
        address: String,
        /// Why not.
        source: io::Error,
    },
    /// The thread or its runtime could not be made.
    #[error("start the backend's thread: {0}")]
    Thread(io::Error),
}

/// A running backend.
pub struct Backend {
    desk: Arc<Desk>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Backend {
    /// Starts a backend as it is by default, on a free port.
    pub fn start() -> Result<Self, BackendError> {
        Self::with(Config::default())
    }

    /// Starts a backend. When this returns, it accepts connections.
    pub fn with(config: Config) -> Result<Self, BackendError> {
        let refused = |source| BackendError::Listen { address: config.listen.clone(), source };
        let listener = std::net::TcpListener::bind(&config.listen).map_err(refused)?;
        listener.set_nonblocking(true).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let desk = Arc::new(Desk::new(config));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(BackendError::Thread)?;
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&desk);
        let thread = std::thread::Builder::new()
            .name("sample-backend".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    // The listener was just made and is good; without one there is nothing to serve.
                    if let Ok(listener) = TcpListener::from_std(listener) {
                        let router = api::router(Arc::clone(&shared));
                        serve::serve(listener, router, shared, stopped).await;
                    }
                });
            })
            .map_err(BackendError::Thread)?;
        Ok(Self { desk, address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path: `url("/time-entries/start")`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Logs the user in, as if over HTTP but without a request.
    pub fn log_in(&self) -> Tokens {
        self.desk.change(|books| books.sessions.issue(&self.desk.config))
    }

    /// No access token is good any more; refresh tokens stay good.
    pub fn expire_tokens(&self) {
        self.desk.change(|books| books.sessions.expire());
    }

    /// No token is good any more, and none can be renewed: somebody has to log in.
    pub fn revoke_tokens(&self) {
        self.desk.change(|books| books.sessions.revoke());
    }

    /// Access tokens that are issued from now on are good for so many requests.
    pub fn set_token_uses(&self, uses: Option<u64>) {
        self.desk.change(|books| books.sessions.uses = uses);
    }

    /// Puts a fault in force.
    pub fn fail(&self, rule: Rule) {
        self.desk.change(|books| books.rules.add(rule));
    }

    /// Takes all faults out of force, and lets go of what is held.
    pub fn heal(&self) {
        self.desk.change(|books| books.rules.clear());
        self.release();
    }

    /// Lets go of all requests that are held now.
    pub fn release(&self) {
        self.desk.release();
    }

    /// What it keeps.
    pub fn ledger(&self) -> Ledger {
        self.desk.read(|books| books.ledger.clone())
    }

    /// Effects by idempotency key.
    pub fn effects(&self) -> BTreeMap<String, u64> {
        self.desk.read(|books| books.ledger.effects.clone())
    }

    /// How much arrived.
    pub fn counts(&self) -> Counts {
        self.desk.read(|books| books.counts.clone())
    }

    /// The last 4,096 requests as they came, with the tokens that they carried.
    pub fn seen(&self) -> Vec<Seen> {
        self.desk.read(|books| books.recent.all())
    }

    /// Waits until something holds, woken by every change. It waits for as long as that takes.
    pub async fn until(&self, mut holds: impl FnMut(&Ledger, &Counts) -> bool) {
        self.desk.until(|books| holds(&books.ledger, &books.counts)).await;
    }

    /// The same for a test without a runtime.
    pub fn until_blocking(&self, mut holds: impl FnMut(&Ledger, &Counts) -> bool) {
        self.desk.until_blocking(|books| holds(&books.ledger, &books.counts));
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there has been printed already.
            let _ = thread.join();
        }
    }
}
