//! Serves loopback until it is told to stop. That a port is taken ends nothing: the host goes on, says so in its log
//! and its status, and tries again from time to time.

use std::{
    io,
    net::{SocketAddr, TcpListener as StdListener},
};

use axum::Router;
use stint_engine::Stop;
use tokio::net::TcpListener;

use super::Door;

/// Why loopback isn't served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    /// The address can't be had.
    #[error(
        "failed to serve the page at {address}: {source}; [control] listen names another address, \":0\" any free port"
    )]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Others could reach it.
    #[error("failed to serve the page at {address}: others than this machine could reach it")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// It can't be served.
    #[error("failed to serve the page: {source}")]
    Serve {
        /// What the system said.
        source: io::Error,
    },
}

/// Takes an address of this machine.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    if !address.ip().is_loopback() {
        return Err(ListenError::NotLoopback { address });
    }
    let failed = |source| ListenError::Bind { address, source };
    let listener = StdListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    TcpListener::from_std(listener).map_err(failed)
}

/// Serves until it is told to stop, on this listener first. Streams of events last as long as a page is open, so they
/// are cut rather than waited for.
pub(crate) async fn serve(
    address: SocketAddr,
    first: Option<TcpListener>,
    door: Door,
    router: Router,
    mut stop: Stop,
) -> Result<(), ListenError> {
    let listener = match first {
        Some(listener) => listener,
        None => bind(address)?,
    };
    let at = listener.local_addr().map_err(|source| ListenError::Serve { source })?;
    door.is_at(Some(at));
    tracing::info!(target: "stint::api", "the page is at http://{at}/, and `stint dashboard` opens it");
    let served = tokio::select! {
        served = axum::serve(listener, router) => served,
        _ = stop.wait_for(|stop| *stop) => Ok(()),
    };
    door.is_at(None);
    served.map_err(|source| ListenError::Serve { source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_others_could_reach_and_what_is_taken_is_refused() {
        let error = bind("0.0.0.0:0".parse().unwrap()).unwrap_err().to_string();
        assert_eq!(error, "failed to serve the page at 0.0.0.0:0: others than this machine could reach it");
        let first = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let error = bind(first.local_addr().unwrap()).unwrap_err().to_string();
        assert!(error.contains("[control] listen names another address"), "{error}");
    }
}
