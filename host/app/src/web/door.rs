//! The door: what is known of where loopback is served, and of the keys that open it. Handed around by cloning.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use stint_clock::Clock;
use stint_domain::time::Millis;

use super::{
    keyring::{Keyring, LINK_LIFE, Notice, Session},
    link::Link,
    token::{Token, TokenError},
};

/// The door.
#[derive(Clone, Debug)]
pub(crate) struct Door(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    token: Token,
    clock: Arc<dyn Clock>,
    keys: Mutex<Keyring>,
    address: Mutex<Option<SocketAddr>>,
}

impl Door {
    /// The door of a data directory. Nothing is served behind it yet.
    pub(crate) fn of(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, TokenError> {
        let (keys, address) = (Mutex::default(), Mutex::default());
        Ok(Self(Arc::new(Inner { token: Token::of(dir)?, clock, keys, address })))
    }

    /// Where it is, while something is served there.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        *lock(&self.0.address)
    }

    pub(super) fn is_at(&self, address: Option<SocketAddr>) {
        *lock(&self.0.address) = address;
    }

    /// A link that lets one browser in, once. Nothing while nothing is served.
    pub(crate) fn link(&self) -> Result<Option<Link>, getrandom::Error> {
        let Some(address) = self.address() else { return Ok(None) };
        let key = lock(&self.0.keys).link(self.now())?;
        Ok(Some(Link { url: format!("http://{address}/enter?key={key}"), lasts: LINK_LIFE }))
    }

    pub(super) fn enter(&self, key: &str) -> Result<Option<String>, getrandom::Error> {
        lock(&self.0.keys).enter(key, self.now())
    }

    pub(super) fn session(&self, name: &str) -> Option<Session> {
        lock(&self.0.keys).session(name, self.now())
    }

    pub(super) fn has_token(&self, given: &str) -> bool {
        self.0.token.is(given)
    }

    /// Leaves a word for the session's next page.
    pub(super) fn leave(&self, session: &Session, notice: Notice) {
        lock(&self.0.keys).leave(session, notice);
    }

    /// Takes the word that was left.
    pub(super) fn take(&self, session: &Session) -> Option<Notice> {
        lock(&self.0.keys).take(session)
    }

    fn now(&self) -> Millis {
        self.0.clock.sample().monotonic
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing in here can be left half done.
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
