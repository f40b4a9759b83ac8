//! Serves the API on a socket until it is told to stop. Requests that are under way then are finished. A socket that
//! somebody removed is made again: without it the host would own the data directory, and nobody could speak to it.

use std::time::Duration;

use axum::Router;
use stint_engine::{Desk, Stop};

use super::socket::{Address, Socket, SocketError};

/// How often the socket is looked for: nothing tells when it goes.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Serves until it is told to stop, on this socket first.
pub(crate) async fn serve(
    address: Address,
    first: Option<Socket>,
    desk: Desk,
    router: Router,
    stop: Stop,
) -> Result<(), SocketError> {
    let mut next = first;
    while !*stop.borrow() {
        let socket = match next.take() {
            Some(socket) => socket,
            None => address.listen()?,
        };
        let (mark, told) = (socket.mark(), stop.clone());
        let until = async move {
            let mut told = told;
            tokio::select! {
                _ = told.wait_for(|stop| *stop) => {}
                () = async { while mark.is_there() { tokio::time::sleep(LOOK_AGAIN).await } } => {}
            }
        };
        let served = axum::serve(socket, router.clone()).with_graceful_shutdown(until).await;
        served.map_err(|source| SocketError::Serve { source })?;
        if *stop.borrow() {
            break;
        }
        // Where the whole directory went, a new socket could be made in another one's.
        desk.store().look_at_footing().map_err(|source| SocketError::Lost { source })?;
        tracing::warn!(target: "stint::api", "the socket was removed; it is made again");
    }
    Ok(())
}
