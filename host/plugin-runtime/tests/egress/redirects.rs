//! Redirects: each is a request of its own, and what belongs to one origin stays there.

use std::sync::Arc;

use crate::server::{Server, answer, redirect};
use crate::stage::{CANARY, Stage, get_with_secret, post, request};
use stint_plugin_runtime::MemoryAttachment;
use stint_plugin_runtime::egress::{ProxyWay, Scheme, WayOut};
use stint_plugin_runtime::services::{HttpBody, HttpChunk, HttpError, HttpRequest};

#[tokio::test]
async fn a_redirect_to_this_machine_is_not_followed() {
    let inside = Server::new(|_| answer(200, &[], "the control socket")).await;
    for target in [inside.url("/api/v1/status"), format!("http://localhost:{}/", inside.port)] {
        let outside = Server::new(move |_| redirect(302, &target)).await;
        let stage = Stage::new(&[&outside.url("")]);
        let error = stage.get(&outside.url("/")).await.unwrap_err();
        assert!(
            matches!(&error, HttpError::Refused(text) if text.contains("doesn't ask for GET")),
            "{error}"
        );
        assert!(!error.may_have_arrived(), "a GET acts on nothing");
    }
    // Granted by its name, it is still an address of this machine.
    let target = format!("http://rebind.example:{}/", inside.port);
    let outside = Server::new(move |_| redirect(307, &target)).await;
    let patterns = [outside.url(""), format!("http://rebind.example:{}", inside.port)];
    let way = WayOut { proxy: ProxyWay::Off, extra_roots: None };
    let only_outside = format!("http://127.0.0.1:{}", outside.port);
    assert_eq!(only_outside, patterns[0]);
    let stage = Stage::by(&way, &[&patterns[0], &patterns[1]], &[("rebind.example", "127.0.0.2")]);
    let error = stage.get(&outside.url("/")).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.2, which is no public address"), "{error}");
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn within_an_origin_everything_goes_along() {
    let server = Server::new(|seen| match seen.target.as_str() {
        "/a" => redirect(307, "/b?c"),
        _ => answer(200, &[], "done"),
    })
    .await;
    let stage = Stage::new(&[&server.url("")]).with_secret(Scheme::Bearer);
    let mut sent = post(&server.url("/a"), "text");
    sent.headers = vec![("x-own".into(), "1".into()), ("idempotency-key".into(), "k".into())];
    assert_eq!(stage.send(sent).await.unwrap().body, b"done");
    for (seen, target) in server.seen().iter().zip(["/a", "/b?c"]) {
        assert_eq!((seen.target.as_str(), seen.body.as_slice()), (target, b"text".as_slice()));
        assert_eq!(seen.header("authorization"), format!("Bearer {CANARY}"));
        assert_eq!((seen.header("x-own"), seen.header("idempotency-key")), ("1".into(), "k".into()));
    }
    assert_eq!(server.connections(), 1, "the redirect was read to its end");
}

#[tokio::test]
async fn to_another_origin_go_neither_credential_nor_headers_of_its_own() {
    let other = Server::new(|_| answer(200, &[], "hello")).await;
    for scheme in [
        Scheme::Bearer,
        Scheme::Basic { user: Some("ada".into()) },
        Scheme::Header { name: "x-api-key".into() },
        Scheme::Query { name: "key".into() },
    ] {
        let target = other.url("/there");
        let server = Server::new(move |_| redirect(302, &target)).await;
        let stage = Stage::new(&[&server.url(""), &other.url("")]).with_secret(scheme);
        let mut sent = get_with_secret(&server.url("/"));
        sent.headers = vec![("x-own".into(), "1".into()), ("accept".into(), "text/plain".into())];
        assert_eq!(stage.send(sent).await.unwrap().status, 200);
        let arrived = format!("{:?}", server.only());
        assert!(arrived.contains(CANARY) || arrived.contains("YWRhOmNhbmFye"), "{arrived}");
        let seen = other.seen().pop().unwrap();
        assert!(
            !format!("{seen:?}").contains("canary") && seen.header("authorization").is_empty(),
            "{seen:?}"
        );
        assert_eq!((seen.header("x-own"), seen.header("accept")), (String::new(), "text/plain".into()));
    }
}

#[tokio::test]
async fn what_changes_something_is_not_taken_to_another_origin_without_its_name() {
    let other = Server::new(|_| answer(200, &[], "made")).await;
    let target = other.url("/there");
    let server = Server::new(move |_| redirect(307, &target)).await;
    let stage = Stage::new(&[&server.url(""), &other.url("")]).with_secret(Scheme::Bearer);
    let keyed =
        HttpRequest { headers: vec![("x-key".into(), "k".into())], ..request("POST", &server.url("/")) };
    for sent in [post(&server.url("/"), "text"), keyed] {
        let error = stage.send(sent).await.unwrap_err();
        let text = format!("the backend leads this POST to {}", other.url("/there"));
        assert!(matches!(&error, HttpError::Refused(told) if told.starts_with(&text)), "{error}");
        assert!(error.to_string().ends_with("write its new address into the settings"), "{error}");
    }
    assert!(other.seen().is_empty());
    let plain = HttpRequest { credential: None, ..post(&server.url("/"), "text") };
    assert_eq!(stage.send(plain).await.unwrap().body, b"made");
    assert_eq!(other.only().body, b"text");
}

#[tokio::test]
async fn a_way_round_ends_where_the_plugin_has_it_end() {
    let server = Server::new(|_| redirect(302, "/again")).await;
    let stage = Stage::new(&[&server.url("")]);
    assert_eq!(stage.get(&server.url("/")).await.unwrap().status, 302);
    assert_eq!(server.seen().len(), 6, "the first one and five more");
    let answered =
        stage.send(HttpRequest { redirects: 0, ..request("GET", &server.url("/")) }).await.unwrap();
    assert!(answered.headers.contains(&("location".to_owned(), "/again".to_owned())));
    assert_eq!(server.seen().len(), 7);
}

#[tokio::test]
async fn a_streamed_body_is_sent_again_from_its_beginning() {
    let server = Server::new(|seen| match seen.target.as_str() {
        "/a" => redirect(307, "/b"),
        _ => answer(201, &[], ""),
    })
    .await;
    let bytes: Vec<u8> = (0..200_000_u32).map(|place| u8::try_from(place % 251).unwrap()).collect();
    let file = Arc::new(MemoryAttachment::new("a.bin", "application/octet-stream", bytes.clone()));
    let stage = Stage::new(&[&server.url("")]);
    let body = HttpBody::Content(vec![HttpChunk::Attachment(file)]);
    let sent = HttpRequest { body, ..request("PUT", &server.url("/a")) };
    assert_eq!(stage.send(sent).await.unwrap().status, 201);
    assert!(server.seen().iter().all(|seen| seen.body == bytes && seen.method == "PUT"));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn what_was_taken_and_led_on_is_not_told_as_unsent() {
    let gone = crate::failures::closed_port();
    for (target, granted) in
        [(format!("http://127.0.0.1:{gone}/"), true), ("http://10.0.0.1/".to_owned(), false)]
    {
        let to = target.clone();
        let server = Server::new(move |_| redirect(303, &to)).await;
        let mut patterns = vec![server.url("")];
        patterns.extend(granted.then(|| format!("http://127.0.0.1:{gone}")));
        let stage = Stage::new(&patterns.iter().map(String::as_str).collect::<Vec<_>>());
        let error =
            stage.send(HttpRequest { credential: None, ..post(&server.url("/"), "x") }).await.unwrap_err();
        assert!(matches!(error, HttpError::Protocol(_)) && error.may_have_arrived(), "{error}");
        assert!(error.to_string().contains("had taken the request and led on"), "{error}");
        // What has to be sent again as it is was not taken.
        let to = target.clone();
        let server = Server::new(move |_| redirect(307, &to)).await;
        patterns[0] = server.url("");
        let stage = Stage::new(&patterns.iter().map(String::as_str).collect::<Vec<_>>());
        let error =
            stage.send(HttpRequest { credential: None, ..post(&server.url("/"), "x") }).await.unwrap_err();
        assert!(!error.may_have_arrived(), "{error}");
    }
}

#[tokio::test]
async fn a_form_keeps_its_one_type_and_a_get_has_none() {
    let server = Server::new(|seen| match seen.target.as_str() {
        "/a" => redirect(303, "/b"),
        _ => answer(200, &[], ""),
    })
    .await;
    let stage = Stage::new(&[&server.url("")]);
    let part = stint_plugin_runtime::services::HttpPart {
        name: "text".into(),
        filename: None,
        mime: Some("text/plain".into()),
        content: vec![HttpChunk::Bytes(b"hello".to_vec())],
    };
    let mut sent =
        HttpRequest { body: HttpBody::Multipart(vec![part]), ..request("POST", &server.url("/a")) };
    sent.headers =
        vec![("content-type".into(), "multipart/form-data".into()), ("content-language".into(), "en".into())];
    stage.send(sent).await.unwrap();
    let [form, got] = server.seen().try_into().unwrap();
    assert!(form.header("content-type").starts_with("multipart/form-data; boundary="), "{form:?}");
    assert!(!form.header("content-type").contains('|'), "one type alone: {form:?}");
    assert!(String::from_utf8(form.body).unwrap().contains("\r\n\r\nhello\r\n"));
    assert_eq!(
        (got.method.as_str(), got.header("content-type"), got.header("content-language")),
        ("GET", String::new(), String::new())
    );
}
