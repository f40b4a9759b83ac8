//! Serves the API on a socket until it is told to stop. Requests that are under way then are finished.

use axum::Router;
use stint_engine::Stop;

use super::socket::{Socket, SocketError};

/// Serves until it is told to stop.
pub(crate) async fn serve(socket: Socket, router: Router, mut stop: Stop) -> Result<(), SocketError> {
    let told = async move {
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let served = axum::serve(socket, router).with_graceful_shutdown(told).await;
    served.map_err(|source| SocketError::Serve { source })
}
