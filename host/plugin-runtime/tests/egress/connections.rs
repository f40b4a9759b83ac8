//! Connections are kept from request to request, also from call to call.

use crate::server::{Server, answer};
use crate::stage::{Stage, post};
use stint_plugin_runtime::services::HttpRequest;

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let server =
        Server::new(|seen| answer(if seen.target == "/missing" { 404 } else { 200 }, &[], "x".repeat(5_000)))
            .await;
    let stage = Stage::new(&[&server.url("")]);
    for path in ["/a", "/b", "/missing", "/c"] {
        stage.get(&server.url(path)).await.unwrap();
        stage.send(HttpRequest { credential: None, ..post(&server.url(path), "text") }).await.unwrap();
    }
    assert_eq!((server.seen().len(), server.connections()), (8, 1));
}
