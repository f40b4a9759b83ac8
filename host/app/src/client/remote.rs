//! Asking a host over its socket.

use std::io;

use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;

use super::{Call, reply::Reply};
use crate::api::Address;

/// Why a host didn't answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoteError {
    /// There is no host.
    #[error("there is no host at the socket: {0}")]
    Absent(io::Error),
    /// It went away, so that it isn't known whether it did what was asked.
    #[error("the host went away before it answered: {0}")]
    Gone(hyper::Error),
    /// It is stuck.
    #[error("the host doesn't answer")]
    Stuck,
    /// The request can't be written.
    #[error("the request can't be written: {0}")]
    Malformed(#[from] axum::http::Error),
}

/// Sends one request and reads the whole answer.
pub(super) async fn ask(address: &Address, call: &Call) -> Result<Reply, RemoteError> {
    let stream = address.connect().map_err(RemoteError::Absent)?;
    let request = call.request()?;
    let answered = async {
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // It runs beside the request and ends with it.
        let connection = tokio::spawn(connection);
        let response = sender.send_request(request).await?;
        let (head, body) = response.into_parts();
        let bytes = body.collect().await?.to_bytes();
        connection.abort();
        Ok(Reply::new(&head, bytes))
    };
    match tokio::time::timeout(call.patience(), answered).await {
        Ok(answered) => answered.map_err(RemoteError::Gone),
        Err(_) => Err(RemoteError::Stuck),
    }
}
