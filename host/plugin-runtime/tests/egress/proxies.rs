//! Proxies: a real one that forwards plain requests and opens tunnels for the others.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::certificates::Authority;
use crate::failures::closed_port;
use crate::server::{Server, answer};
use crate::stage::{CANARY, Stage, get_with_secret, post};
use stint_plugin_runtime::egress::{ProxyWay, Scheme, WayOut};
use stint_plugin_runtime::services::{HttpError, HttpRequest};

/// A proxy. It takes every name for a server on this machine.
struct Proxy {
    port: u16,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { port: listener.local_addr().unwrap().port(), heads: Arc::default() };
        let heads = Arc::clone(&proxy.heads);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(served(stream, Arc::clone(&heads)));
            }
        });
        proxy
    }

    fn way(&self, login: &str, roots: Option<Vec<u8>>) -> WayOut {
        let url = Url::parse(&format!("http://{login}proxy.example:{}", self.port)).unwrap();
        WayOut { proxy: ProxyWay::at(&url), extra_roots: roots }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn served(mut stream: TcpStream, heads: Arc<Mutex<Vec<String>>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return };
        head.push(byte);
    }
    let text = String::from_utf8(head).unwrap();
    heads.lock().unwrap().push(text.clone());
    let target = text.split(' ').nth(1).unwrap().to_owned();
    let tunnels = text.starts_with("CONNECT ");
    let port: u16 = if tunnels {
        target.rsplit(':').next().unwrap().parse().unwrap()
    } else {
        Url::parse(&target).unwrap().port().unwrap()
    };
    let Ok(mut beyond) = TcpStream::connect(("127.0.0.1", port)).await else {
        let _either_way = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
        return;
    };
    if tunnels {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
    } else {
        beyond.write_all(text.as_bytes()).await.unwrap();
    }
    let _either_way = copy_bidirectional(&mut stream, &mut beyond).await;
}

const AT: [(&str, &str); 1] = [("proxy.example", "127.0.0.1")];

#[tokio::test]
async fn plain_requests_are_forwarded_and_the_proxys_login_goes_to_the_proxy() {
    let (server, proxy) = (Server::new(|_| answer(200, &[], "in")).await, Proxy::new().await);
    let origin = format!("http://api.example:{}", server.port);
    let stage = Stage::by(&proxy.way("ada:secret@", None), &[&origin], &AT).with_secret(Scheme::Bearer);
    assert_eq!(stage.send(get_with_secret(&origin)).await.unwrap().body, b"in");
    let head = proxy.heads()[0].to_lowercase();
    assert!(head.starts_with(&format!("get {origin}/ http/1.1")), "{head}");
    assert!(head.contains("proxy-authorization: basic ywrhonnly3jlda=="), "{head}");
    assert!(server.only().header("authorization").contains(CANARY));
}

#[tokio::test]
async fn other_requests_go_through_a_tunnel_that_knows_no_secret() {
    let authority = Authority::new();
    let server = Server::tls(authority.acceptor("api.example", false), |_| answer(200, &[], "in")).await;
    let proxy = Proxy::new().await;
    let origin = format!("https://api.example:{}", server.port);
    let stage = Stage::by(&proxy.way("ada:secret@", Some(authority.pem())), &[&origin], &AT)
        .with_secret(Scheme::Bearer);
    assert_eq!(stage.send(get_with_secret(&origin)).await.unwrap().body, b"in");
    let heads = proxy.heads();
    assert!(heads[0].starts_with(&format!("CONNECT api.example:{} ", server.port)), "{heads:?}");
    assert!(heads[0].to_lowercase().contains("proxy-authorization: basic"), "{heads:?}");
    assert!(!format!("{heads:?}").contains(CANARY));
    let seen = server.only();
    assert!(seen.header("authorization").contains(CANARY) && seen.header("proxy-authorization").is_empty());
}

#[tokio::test]
async fn the_grants_count_through_a_proxy_too() {
    let (server, proxy) = (Server::new(|_| answer(200, &[], "in")).await, Proxy::new().await);
    let origin = format!("http://api.example:{}", server.port);
    let stage = Stage::by(&proxy.way("", None), &[&origin], &AT);
    for url in [format!("http://other.example:{}/", server.port), server.url("/")] {
        assert!(matches!(stage.get(&url).await, Err(HttpError::Refused(_))), "{url}");
    }
    assert!(proxy.heads().is_empty());
}

#[tokio::test]
async fn a_proxy_that_is_away_is_told_as_such() {
    let port = closed_port();
    let url = Url::parse(&format!("http://ada:{CANARY}@proxy.example:{port}")).unwrap();
    let way = WayOut { proxy: ProxyWay::at(&url), extra_roots: None };
    for origin in ["http://api.example", "https://api.example"] {
        let stage = Stage::by(&way, &[origin], &AT);
        let error = stage.send(HttpRequest { credential: None, ..post(origin, "x") }).await.unwrap_err();
        assert!(
            matches!(&error, HttpError::Offline(text) if text.starts_with("by way of the proxy: ")),
            "{error}"
        );
        assert!(!format!("{error:?}{way:?}{:?}", stage.client).contains(CANARY));
    }
}

#[tokio::test]
async fn a_tunnel_that_leads_nowhere_has_sent_nothing() {
    let proxy = Proxy::new().await;
    let origin = format!("https://api.example:{}", closed_port());
    let stage = Stage::by(&proxy.way("", None), &[&origin], &AT);
    let error = stage.send(HttpRequest { credential: None, ..post(&origin, "x") }).await.unwrap_err();
    assert!(matches!(error, HttpError::Offline(_)) && !error.may_have_arrived(), "{error}");
}

/// The variables are those of the process, so the test runs itself in another one that has them.
#[tokio::test]
async fn the_systems_proxy_is_used_unless_the_environment_excepts_the_host() {
    const NAME: &str = "proxies::the_systems_proxy_is_used_unless_the_environment_excepts_the_host";
    if let Ok(port) = std::env::var("STINT_TEST_PROXIED") {
        let server = format!("http://api.example:{port}");
        let excepted = format!("http://proxy.example:{port}");
        let stage = Stage::by(&WayOut::default(), &[&server, &excepted], &AT);
        assert_eq!(stage.get(&server).await.unwrap().body, b"in", "the proxy found it, we can't");
        // The proxy's own name is looked up without a check for the proxy's sake alone.
        let error = stage.get(&excepted).await.unwrap_err();
        assert!(error.to_string().contains("127.0.0.1, which is no public address"), "{error}");
        return;
    }
    let (server, proxy) = (Server::new(|_| answer(200, &[], "in")).await, Proxy::new().await);
    let mut again = tokio::task::spawn_blocking({
        let (port, proxy) = (server.port, proxy.port);
        move || {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", NAME, "--nocapture"])
                .env("STINT_TEST_PROXIED", port.to_string())
                .env("http_proxy", format!("http://proxy.example:{proxy}"))
                .env("no_proxy", "proxy.example")
                .output()
                .unwrap()
        }
    })
    .await
    .unwrap();
    again.stdout.append(&mut again.stderr);
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stdout));
    assert_eq!((proxy.heads().len(), server.seen().len()), (1, 1));
}
