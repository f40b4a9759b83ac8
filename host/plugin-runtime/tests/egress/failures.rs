//! Whether anything was sent before a failure. An item is sent again without asking only where nothing was.

use std::sync::Arc;
use std::time::Duration;

use crate::server::{Act, Server, answer, written};
use crate::stage::{Stage, post, request};
use stint_plugin_runtime::egress::{Client, Lookup, ProxyWay, WayOut};
use stint_plugin_runtime::services::{HttpError, HttpRequest, Later};
use tokio::net::TcpListener;

/// A port on which nobody listens.
pub(crate) fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn posted(url: &str) -> HttpError {
    let stage = Stage::new(&[url]);
    stage.send(HttpRequest { credential: None, ..post(url, "a body") }).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_connection_has_sent_nothing() {
    let url = format!("http://127.0.0.1:{}", closed_port());
    let error = posted(&url).await;
    assert!(matches!(&error, HttpError::Offline(text) if text.contains("refused")), "{error}");
    assert!(!error.may_have_arrived());
    let error = Stage::new(&[&url]).get(&url).await.unwrap_err();
    assert!(!error.may_have_arrived(), "{error}");
}

#[tokio::test]
async fn a_connection_that_is_cut_may_have_brought_the_request() {
    // Cut before anything was read, after the request, and within the answer.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // It has arrived, and is not read.
            stream.peek(&mut [0; 1]).await.unwrap();
        }
    });
    let error = posted(&url).await;
    assert!(matches!(error, HttpError::Protocol(_)) && error.may_have_arrived(), "{error}");
    for act in [
        || Act::Cut(Vec::new()),
        || Act::Cut(b"HTTP/1.1 2".to_vec()),
        || Act::Cut(written(200, &[], "whole")[..40].to_vec()),
        || Act::Cut(b"\x16\x03\x01 this is no HTTP\r\n\r\n".to_vec()),
    ] {
        let server = Server::new(move |_| act()).await;
        let error = posted(&server.url("")).await;
        assert!(matches!(error, HttpError::Protocol(_)) && error.may_have_arrived(), "{error}");
        assert_eq!(server.seen().len(), 1, "nothing was sent twice");
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_it_was_idle_is_made_again() {
    let server = Server::new(|seen| match seen.target.as_str() {
        "/last" => Act::Cut(written(200, &[], "bye")),
        _ => answer(200, &[], "hello"),
    })
    .await;
    let stage = Stage::new(&[&server.url("")]);
    for _ in 0..20 {
        stage.get(&server.url("/last")).await.unwrap();
        let sent = HttpRequest { credential: None, ..post(&server.url("/next"), "x") };
        match stage.send(sent).await {
            Ok(answered) => assert_eq!(answered.status, 200),
            // The close can cross with the request, and then nobody can know.
            Err(error) => assert!(error.may_have_arrived(), "{error}"),
        }
    }
    let arrived = server.seen().iter().filter(|seen| seen.target == "/next").count();
    assert!(arrived <= 20, "nothing was sent twice: {arrived}");
}

#[tokio::test]
async fn time_that_runs_out_before_there_is_a_connection_has_sent_nothing() {
    struct Never;
    impl Lookup for Never {
        fn addresses<'a>(&'a self, _: &'a str) -> Later<'a, std::io::Result<Vec<std::net::IpAddr>>> {
            Box::pin(std::future::pending())
        }
    }
    let mut stage = Stage::new(&["http://slow.example"]);
    let way = WayOut { proxy: ProxyWay::Off, extra_roots: None };
    stage.client = Client::with_lookup(&way, Arc::clone(&stage.grants), Arc::new(Never)).unwrap();
    let sent = HttpRequest {
        timeout: Duration::from_millis(50),
        credential: None,
        ..post("http://slow.example/", "x")
    };
    let error = stage.send(sent).await.unwrap_err();
    assert_eq!(error, HttpError::Offline("nothing could be sent within 50ms".to_owned()));
    // Without a body there is no telling when it begins, so nothing is promised.
    let sent = HttpRequest { timeout: Duration::from_millis(50), ..request("GET", "http://slow.example/") };
    assert!(stage.send(sent).await.unwrap_err().may_have_arrived());
}

#[tokio::test]
async fn time_that_runs_out_while_the_body_is_sent_may_have_brought_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let stage = Stage::new(&[&url]);
    let sent = HttpRequest {
        // Long enough for a busy machine to connect and to fill the kernel's buffers, which nobody empties.
        timeout: Duration::from_secs(3),
        credential: None,
        ..post(&url, &"x".repeat(20 << 20))
    };
    let error = stage.send(sent).await.unwrap_err();
    assert!(matches!(error, HttpError::Timeout(_)) && error.may_have_arrived(), "{error}");
    drop(listener);
}
