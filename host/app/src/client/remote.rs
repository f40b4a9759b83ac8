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

/// Why listening ended before anybody wanted it to.
#[derive(Debug, thiserror::Error)]
pub(super) enum ListenError {
    /// The host.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// What was heard can't be passed on.
    #[error(transparent)]
    Output(#[from] io::Error),
}

/// Listens to server-sent events: `heard` gets the data of each, and says whether it wants more.
pub(super) async fn listen(
    address: &Address,
    call: &Call,
    mut heard: impl FnMut(&str) -> io::Result<bool>,
) -> Result<(), ListenError> {
    let stream = address.connect().map_err(RemoteError::Absent)?;
    let request = call.request().map_err(RemoteError::from)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(RemoteError::Gone)?;
    let connection = tokio::spawn(connection);
    let mut body = sender.send_request(request).await.map_err(RemoteError::Gone)?.into_body();
    let mut lines = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(RemoteError::Gone)?.into_data() else { continue };
        lines.extend_from_slice(&data);
        while let Some(end) = lines.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = lines.drain(..=end).collect();
            let text = String::from_utf8_lossy(&line);
            // An event's data is one line here; its number and its name are in the data too.
            if let Some(data) = text.trim_end().strip_prefix("data:")
                && !heard(data.trim_start())?
            {
                return Ok(());
            }
        }
    }
    connection.abort();
    Ok(())
}
