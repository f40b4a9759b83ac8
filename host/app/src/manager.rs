//! What systemd is told of the host: that it is ready, reads its configuration again, ends, and is alive. One datagram
//! each, to the socket that systemd names; without one nobody is told, and a datagram that is lost changes nothing.

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::{
    ffi::OsStrExt as _,
    net::{SocketAddr, UnixDatagram},
};
use std::time::Duration;

use stint_engine::{Desk, Stop};

/// Whoever keeps the host running, if somebody does.
#[derive(Debug)]
pub(crate) struct Manager {
    way: Option<(UnixDatagram, SocketAddr)>,
}

impl Manager {
    /// The one that the environment names.
    pub(crate) fn of_environment() -> Self {
        let named = std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty());
        let way = named.and_then(|name| {
            let address = match name.as_bytes().strip_prefix(b"@") {
                Some(name) => SocketAddr::from_abstract_name(name),
                None => SocketAddr::from_pathname(&name),
            };
            let socket = UnixDatagram::unbound().ok()?;
            socket.set_nonblocking(true).ok()?;
            Some((socket, address.ok()?))
        });
        Self { way }
    }

    /// All that the host serves is served.
    pub(crate) fn ready(&self) {
        self.tell("READY=1\nSTATUS=running\n");
    }

    /// The configuration is read again; `ready` says that this is over.
    pub(crate) fn reloading(&self) {
        self.tell("RELOADING=1\nSTATUS=reading the configuration again\n");
    }

    /// It ends, because somebody wanted that.
    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1\nSTATUS=ending\n");
    }

    fn tell(&self, what: &str) {
        if let Some((socket, address)) = &self.way
            && let Err(error) = socket.send_to_addr(what.as_bytes(), address)
        {
            tracing::debug!(target: "stint", "failed to tell the service manager: {error}");
        }
    }
}

/// How often systemd wants to hear that the host is alive, if it does, and means this process.
pub(crate) fn watchdog_interval() -> Option<Duration> {
    let number = |name| std::env::var(name).ok()?.parse::<u64>().ok();
    let ours = number("WATCHDOG_PID").is_none_or(|pid| pid == u64::from(std::process::id()));
    number("WATCHDOG_USEC").filter(|usec| ours && *usec > 0).map(Duration::from_micros)
}

/// Feeds the watchdog for as long as what delivers answers.
pub(crate) async fn feed_watchdog(
    desk: Desk,
    interval: Duration,
    mut stop: Stop,
) -> Result<(), std::io::Error> {
    let manager = Manager::of_environment();
    let step = interval / 4;
    loop {
        if desk.is_alive(step).await {
            manager.tell("WATCHDOG=1\n");
        } else {
            tracing::error!(target: "stint", "what delivers doesn't answer, so the service manager isn't told that all is well");
        }
        tokio::select! {
            () = tokio::time::sleep(step) => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
        }
    }
}
