//! What systemd's log-in service says of the session: whether it is locked, and since when nobody is there. That the
//! machine is about to sleep is asked of nobody: asleep no shot can be taken, and the timer measures the sleep itself.

use std::{collections::HashMap, io, pin::pin, sync::Arc, time::Duration};

use async_io::Timer;
use futures_util::future::{Either, select};
use stint_domain::time::Millis;
use zbus::{blocking::Connection, connection::Builder, zvariant::OwnedValue};

use crate::source::SourceError;

const SERVICE: &str = "org.freedesktop.login1";
/// The session of whoever asks; for a service of a user, the one that has the user's display.
const SESSION: &str = "/org/freedesktop/login1/session/auto";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// A service that is silent for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(5);

/// A line to the log-in service.
#[derive(Debug)]
pub(super) struct LogIn {
    bus: Connection,
}

/// What it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    pub(super) locked: bool,
    /// Since when nobody is there, by the machine's awake time.
    pub(super) idle_since: Option<Millis>,
}

impl LogIn {
    /// A line that was tried: there may be a bus and no such service, or no session.
    pub(super) fn open() -> Result<Self, SourceError> {
        let bus = Builder::system().and_then(|bus| connect(bus, PATIENCE)).map_err(|error| lost(&error))?;
        let login = Self { bus };
        login.hints()?;
        Ok(login)
    }

    /// What it says now.
    pub(super) fn hints(&self) -> Result<Hints, SourceError> {
        let asked = ("org.freedesktop.login1.Session",);
        let said = self.bus.call_method(Some(SERVICE), SESSION, Some(PROPERTIES), "GetAll", &asked);
        let said: HashMap<String, OwnedValue> =
            said.and_then(|said| said.body().deserialize()).map_err(|error| lost(&error))?;
        let flag = |name| said.get(name).and_then(|value| bool::try_from(value).ok()).unwrap_or_default();
        let since = said.get("IdleSinceHintMonotonic").and_then(|value| u64::try_from(value).ok());
        let idle_since = since.filter(|_| flag("IdleHint")).map(|microseconds| Millis(microseconds / 1_000));
        Ok(Hints { locked: flag("LockedHint"), idle_since })
    }
}

/// What is at the other end may take the connection and never say a word: the greeting has an end, too.
fn connect(bus: Builder<'_>, patience: Duration) -> Result<Connection, zbus::Error> {
    async_io::block_on(async {
        let greeting = pin!(bus.method_timeout(PATIENCE).build());
        match select(greeting, Timer::after(patience)).await {
            Either::Left((connection, _)) => connection.map(Connection::from),
            Either::Right(_) => {
                let error = io::Error::new(io::ErrorKind::TimedOut, "it doesn't greet");
                Err(zbus::Error::InputOutput(Arc::new(error)))
            }
        }
    })
}

fn lost(error: &zbus::Error) -> SourceError {
    SourceError::NoLogIn { reason: error.to_string() }
}

#[cfg(test)]
#[path = "login_tests.rs"]
mod tests;
