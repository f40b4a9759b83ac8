//! A backend that gives the secret back: whatever it does, neither the plugin nor a person sees it.

use std::io::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::server::{Act, Seen, Server, answer, redirect, written};
use crate::stage::{CANARY, Stage, get_with_secret, request};
use stint_plugin_runtime::egress::Scheme;
use stint_plugin_runtime::services::{HttpError, HttpRequest};

/// What came out in the end.
struct Kept {
    excerpt: String,
    body: Result<Vec<u8>, HttpError>,
}

/// What a backend does with what it got, and nothing of the secret may be in anything that comes out.
async fn kept(act: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Kept {
    let server = Server::new(act).await;
    let stage = Stage::new(&[&server.url("")]).with_secret(Scheme::Bearer);
    let answered = stage.send(get_with_secret(&server.url("/x"))).await;
    assert!(server.seen().iter().any(|seen| seen.header("authorization").contains(CANARY)));
    assert_eq!(server.seen()[0].header("accept-encoding"), "identity");
    let all =
        format!("{answered:?} {:?} {}", answered.as_ref().err().map(ToString::to_string), stage.excerpt());
    let bodies = answered.as_ref().map(|answer| String::from_utf8_lossy(&answer.body).into_owned());
    for text in [all, bodies.unwrap_or_default()] {
        assert!(!text.contains("canary") && !text.contains("7f3a9c51"), "{text}");
        assert!(!text.contains(&BASE64_STANDARD.encode(CANARY)[..12]), "{text}");
    }
    Kept { excerpt: stage.excerpt(), body: answered.map(|answer| answer.body) }
}

#[tokio::test]
async fn an_echo_in_the_body() {
    let Kept { excerpt, body } = kept(|seen| answer(200, &[], seen.header("authorization"))).await;
    assert_eq!(body.unwrap(), b"Bearer *****************");
    assert!(excerpt.ends_with("Bearer *****************"));
}

#[tokio::test]
async fn an_echo_in_a_header_and_in_the_name_of_one() {
    kept(|seen| {
        let (echo, name) = (seen.header("authorization"), format!("x-{CANARY}"));
        answer(200, &[("x-echo", &echo), (&name, "1"), ("set-cookie", &format!("t={CANARY}"))], "")
    })
    .await;
}

#[tokio::test]
async fn an_echo_in_base64_json_and_an_address() {
    let Kept { body, .. } = kept(|seen| {
        let whole = BASE64_STANDARD.encode(format!("{{\"auth\":\"{}\"}}", seen.header("authorization")));
        answer(200, &[], whole)
    })
    .await;
    let left = body.unwrap();
    assert!(left.windows(16).any(|part| part == b"****************"), "{}", String::from_utf8_lossy(&left));
}

#[tokio::test]
async fn an_echo_that_is_packed() {
    let Kept { body, .. } = kept(|seen| {
        let mut gz = GzEncoder::new(Vec::new(), Compression::default());
        gz.write_all(seen.header("authorization").as_bytes()).unwrap();
        answer(200, &[("content-encoding", "gzip")], gz.finish().unwrap())
    })
    .await;
    assert_eq!(body.unwrap(), b"Bearer *****************");
    let Kept { body, .. } = kept(|seen| {
        let mut first = ZlibEncoder::new(Vec::new(), Compression::default());
        first.write_all(seen.header("authorization").as_bytes()).unwrap();
        let mut then = GzEncoder::new(Vec::new(), Compression::default());
        then.write_all(&first.finish().unwrap()).unwrap();
        answer(200, &[("content-encoding", "deflate, gzip")], then.finish().unwrap())
    })
    .await;
    assert_eq!(body.unwrap(), b"Bearer *****************");
    let Kept { body, .. } = kept(|_| answer(200, &[("content-encoding", "br")], "whatever")).await;
    assert_eq!(
        body.unwrap_err(),
        HttpError::Protocol("the answer is packed as `br`, though none was asked for".to_owned())
    );
}

#[tokio::test]
async fn an_echo_in_pieces() {
    let Kept { body, .. } = kept(|seen| Act::OneByOne(written(200, &[], seen.header("authorization")))).await;
    assert_eq!(body.unwrap(), b"Bearer *****************");
}

#[tokio::test]
async fn an_echo_in_a_refusal_and_around_the_end_of_what_is_shown() {
    let Kept { body: refused, .. } =
        kept(|seen| answer(401, &[], format!("no such token: {}", seen.header("authorization")))).await;
    let HttpError::Unauthorized(text) = refused.unwrap_err() else { panic!() };
    assert_eq!(
        text,
        "the backend refused the credential (401 Unauthorized): no such token: Bearer *****************"
    );
    for before in [2_030, 2_040, 2_048, 65_530] {
        kept(move |seen| answer(401, &[], format!("{}{}", "x".repeat(before), seen.header("authorization"))))
            .await;
        kept(move |seen| {
            answer(200, &[], format!("{}{}", "x".repeat(before.min(60_000)), seen.header("authorization")))
        })
        .await;
    }
}

#[tokio::test]
async fn an_echo_in_a_redirects_target() {
    // In a path, in the name of a host, in the scheme, in what can't be read.
    for target in
        ["/login/SECRET", "http://SECRET.example/", "SECRET://x", "http://[SECRET", "http://a:SECRET@b/"]
    {
        kept(move |seen| match seen.target.as_str() {
            "/x" => redirect(302, &target.replace("SECRET", CANARY)),
            // What isn't followed is a status without more.
            _ => answer(404, &[], "gone"),
        })
        .await;
    }
    let server = Server::new(|_| redirect(302, &format!("/{CANARY}"))).await;
    let stage = Stage::new(&[&server.url("")]).with_secret(Scheme::Bearer);
    let sent = HttpRequest { redirects: 0, ..get_with_secret(&server.url("/")) };
    let answered = stage.send(sent).await.unwrap();
    assert!(
        answered.headers.contains(&("location".to_owned(), "/*****************".to_owned())),
        "{answered:?}"
    );
}

#[tokio::test]
async fn an_echo_by_the_next_origin_and_on_a_later_request() {
    let other = Server::new(|_| answer(200, &[], format!("somebody sent {CANARY}"))).await;
    let target = other.url("/");
    let server = Server::new(move |_| redirect(302, &target)).await;
    let stage =
        Stage::new(&[&server.url(""), &other.url("")]).with_secret(Scheme::Query { name: "key".into() });
    let answered = stage.send(get_with_secret(&server.url("/"))).await.unwrap();
    assert_eq!(answered.body, b"somebody sent *****************");
    let later = stage.send(request("GET", &other.url("/last"))).await.unwrap();
    assert_eq!(later.body, b"somebody sent *****************", "though this one went without the secret");
}

#[tokio::test]
async fn an_echo_in_what_breaks_off() {
    let Kept { body: cut, .. } = kept(|seen| {
        let text = written(200, &[("x-echo", &seen.header("authorization"))], seen.header("authorization"));
        Act::Cut(text[..text.len() - 3].to_vec())
    })
    .await;
    assert!(cut.unwrap_err().may_have_arrived());
    kept(|seen| Act::Cut(format!("{} is no HTTP\r\n\r\n", seen.header("authorization")).into_bytes())).await;
}
