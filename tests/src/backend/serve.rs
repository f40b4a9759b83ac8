//! The server's loop: accepts connections, a bounded number at once, and speaks HTTP on each.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tower::ServiceExt as _;

use super::desk::Desk;
use super::wire::{End, ResetSwitch, Wire};

/// Connections at once; the next ones wait in the system's queue.
const CONNECTIONS_MAX: usize = 1024;

/// The answer is that there is none.
#[derive(Debug, Error)]
#[error("the connection is severed, as a fault asks for")]
struct Severed;

/// Serves until it is told to stop. Connections that are open then end with the runtime they live in.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    desk: Arc<Desk>,
    stop: oneshot::Receiver<()>,
) {
    tokio::select! {
        () = accept_all(listener, router, desk) => {}
        _ = stop => {}
    }
}

async fn accept_all(listener: TcpListener, router: Router, desk: Arc<Desk>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // No file descriptor is left, most likely: one has to be given back first.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let (router, desk) = (router.clone(), Arc::clone(&desk));
        tokio::spawn(async move {
            let open = Open::new(desk);
            converse(stream, router).await;
            drop(open);
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, router: Router) {
    // Small answers go out at once.
    let _ = stream.set_nodelay(true);
    let (wire, reset) = Wire::new(stream);
    let service = service_fn(move |request| answer(router.clone(), reset.clone(), request));
    // How a connection ends is the other side's affair, or a fault's.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(wire), service).await;
}

async fn answer(router: Router, reset: ResetSwitch, request: Request<Incoming>) -> Result<Response, Severed> {
    let response = match router.oneshot(request.map(Body::new)).await {
        Ok(response) => response,
        Err::<_, Infallible>(never) => match never {},
    };
    match response.extensions().get::<End>() {
        None => Ok(response),
        Some(End::Cut) => Err(Severed),
        Some(End::Reset) => {
            reset.set();
            Err(Severed)
        }
    }
}

/// A connection, counted as long as it is open.
struct Open(Arc<Desk>);

impl Open {
    fn new(desk: Arc<Desk>) -> Self {
        desk.change(|books| {
            books.counts.connections += 1;
            books.counts.open_connections += 1;
        });
        Self(desk)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.change(|books| books.counts.open_connections -= 1);
    }
}
