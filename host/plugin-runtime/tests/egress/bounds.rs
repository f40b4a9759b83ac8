//! Answers that never end, that come too slowly, or that unpack into too much: bounded by bytes and by time.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::{Act, Server, answer, redirect, written};
use crate::stage::{Stage, request};
use stint_plugin_runtime::services::{HttpError, HttpRequest};

async fn error(act: impl Fn() -> Act + Send + Sync + 'static, timeout: Duration) -> HttpError {
    let server = Server::new(move |_| act()).await;
    let stage = Stage::new(&[&server.url("")]);
    let error = stage.send(HttpRequest { timeout, ..request("GET", &server.url("/")) }).await.unwrap_err();
    assert!(stage.excerpt().ends_with(&error.to_string()), "{}", stage.excerpt());
    assert!(error.may_have_arrived(), "{error}");
    error
}

const LONG: Duration = Duration::from_mins(2);
const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn an_answer_is_read_only_as_far_as_it_may_be() {
    let too_large =
        HttpError::TooLarge("the answer has more than 65536 bytes, which are the most".to_owned());
    let two_gigabytes = b"HTTP/1.1 200 OK\r\ncontent-length: 2147483648\r\n\r\n";
    assert_eq!(error(|| Act::Hang(two_gigabytes.to_vec()), LONG).await, too_large, "it is believed");
    let endless = || Act::Endless(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; 8_192]);
    assert_eq!(error(endless, LONG).await, too_large);
    let chunks = || {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        Act::Endless(head, b"3\r\nxxx\r\n".to_vec())
    };
    assert_eq!(error(chunks, LONG).await, too_large);
    let bomb = || {
        let mut gz = GzEncoder::new(Vec::new(), Compression::best());
        gz.write_all(&vec![0; 16 << 20]).unwrap();
        answer(200, &[("content-encoding", "gzip")], gz.finish().unwrap())
    };
    assert_eq!(error(bomb, LONG).await, too_large);
    let head = || Act::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-more: and more\r\n".to_vec());
    assert!(matches!(error(head, LONG).await, HttpError::Protocol(_)));
}

#[tokio::test]
async fn an_answer_that_comes_too_slowly_is_given_up() {
    let timeout = HttpError::Timeout("there was no answer within 50ms".to_owned());
    assert_eq!(error(|| Act::Hang(Vec::new()), SHORT).await, timeout);
    assert_eq!(error(|| Act::Hang(b"HTTP/1.1 200 OK\r\nx".to_vec()), SHORT).await, timeout);
    let one_byte = || Act::Hang(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1".to_vec());
    assert_eq!(error(one_byte, SHORT).await, timeout);
    // A drop now and then keeps no exchange alive: the time is that of the whole.
    let drops = || Act::OneByOne(written(200, &[], vec![b'x'; 60_000_000]));
    assert_eq!(error(drops, SHORT).await, timeout);
}

#[tokio::test]
async fn the_time_is_that_of_all_redirects_together() {
    let server = Server::new(|seen| match seen.target.as_str() {
        "/slow" => Act::Hang(Vec::new()),
        _ => redirect(302, "/slow"),
    })
    .await;
    let stage = Stage::new(&[&server.url("")]);
    let sent = HttpRequest { timeout: SHORT, ..request("GET", &server.url("/")) };
    assert!(matches!(stage.send(sent).await, Err(HttpError::Timeout(_))));
    assert_eq!(server.seen().len(), 2);
    assert_eq!(
        stage.excerpt(),
        format!("GET {} → timed out: there was no answer within 50ms", server.url("/slow"))
    );
}
