//! Where a request may go: by the grants, by the address that is written, by the address a name leads to.

use crate::server::{Server, answer};
use crate::stage::{Stage, request};
use stint_plugin_runtime::egress::{ProxyWay, WayOut};
use stint_plugin_runtime::services::HttpError;

fn refused<T: std::fmt::Debug>(answered: Result<T, HttpError>) -> String {
    let error = answered.unwrap_err();
    assert!(!error.may_have_arrived(), "{error}");
    match error {
        HttpError::Refused(text) => text,
        other => panic!("{other}"),
    }
}

async fn greeter() -> Server {
    Server::new(|_| answer(200, &[("x-a", "b")], "hello")).await
}

fn by_names(patterns: &[&str], names: &[(&'static str, &'static str)]) -> Stage {
    Stage::by(&WayOut { proxy: ProxyWay::Off, extra_roots: None }, patterns, names)
}

#[tokio::test]
async fn what_is_granted_is_sent() {
    let server = greeter().await;
    let stage = Stage::new(&[&server.url("")]);
    let answered = stage.get(&server.url("/x?y=1")).await.unwrap();
    assert_eq!((answered.status, answered.body.as_slice()), (200, b"hello".as_slice()));
    assert!(answered.headers.contains(&("x-a".to_owned(), "b".to_owned())));
    let seen = server.only();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("GET", "/x?y=1"));
    assert_eq!(seen.header("user-agent"), concat!("stint/", env!("CARGO_PKG_VERSION")));
    assert_eq!(stage.excerpt(), format!("GET {} → 200 OK\nhello", server.url("/x?…")));
}

#[tokio::test]
async fn method_scheme_host_and_port_are_each_held_against_the_grants() {
    let server = greeter().await;
    let stage = Stage::new(&[&format!("POST {}", server.url(""))]);
    for (method, url) in [
        ("GET", server.url("/")),
        ("POST", format!("https://127.0.0.1:{}/", server.port)),
        ("POST", format!("http://127.0.0.2:{}/", server.port)),
        ("POST", "http://127.0.0.1/".to_owned()),
        ("TRACE", server.url("/")),
    ] {
        let text = refused(stage.send(request(method, &url)).await);
        assert!(text.contains("grant") || text.contains("ask") || text.contains("never sent"), "{text}");
    }
    assert!(server.seen().is_empty());
    assert!(stage.send(request("POST", &server.url("/"))).await.is_ok());
}

#[tokio::test]
async fn a_granted_name_that_leads_to_a_private_address_is_not_connected_to() {
    let server = greeter().await;
    let origin = format!("http://rebind.example:{}", server.port);
    for address in [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "fd00:ec2::254",
        "0.0.0.0",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ] {
        let stage = by_names(&[&origin], &[("rebind.example", address)]);
        let text = refused(stage.get(&origin).await);
        assert!(
            text.starts_with("`rebind.example` leads to ") && text.contains("no public address"),
            "{text}"
        );
        assert!(text.contains("into `allow`"), "{text}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_is_connected_to_only_at_the_addresses_that_are_granted() {
    let server = greeter().await;
    let origin = format!("http://inside.example:{}", server.port);
    let both = [("inside.example", "10.255.255.1"), ("inside.example", "127.0.0.1")];
    let stage = by_names(&[&origin, "http://127.0.0.0/8"], &both);
    assert_eq!(stage.get(&origin).await.unwrap().status, 200, "the private one of the two was left out");
    assert_eq!(server.only().header("host"), format!("inside.example:{}", server.port));
}

#[tokio::test]
async fn an_address_in_any_writing_is_the_address_it_is() {
    let server = greeter().await;
    let port = server.port;
    // A wildcard stands for names; whatever this machine is called by numbers isn't one.
    let stage = by_names(&[&format!("http://*:{port}"), &format!("http://8.8.8.8:{port}")], &[]);
    for host in [
        "127.0.0.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
        "[::]",
        "0",
        "%31%32%37.0.0.1",
        "①②⑦.0.0.1",
    ] {
        refused(stage.get(&format!("http://{host}:{port}/latest/meta-data")).await);
    }
    assert_eq!(server.connections(), 0);
    let open = Stage::new(&[&server.url("")]);
    assert_eq!(open.get(&format!("http://2130706433:{port}/")).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_offline() {
    let stage = by_names(&["http://nowhere.example", "http://empty.example"], &[]);
    let error = stage.get("http://nowhere.example/").await.unwrap_err();
    assert!(
        matches!(error, HttpError::Offline(_)) && error.to_string().contains("there is no name"),
        "{error}"
    );
}
