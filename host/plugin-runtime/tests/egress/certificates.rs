//! TLS: the right certificate, and each that isn't.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::server::{Server, answer};
use crate::stage::{Stage, grants, post};
use stint_plugin_runtime::egress::{Client, ProxyWay, WayOut};
use stint_plugin_runtime::services::{HttpError, HttpRequest};

/// An authority of a test's own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// What `network.ca_file` would hold.
    pub(crate) fn pem(&self) -> Vec<u8> {
        self.0.pem().into_bytes()
    }

    /// What a server of this name needs.
    pub(crate) fn acceptor(&self, name: &str, expired: bool) -> TlsAcceptor {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if expired {
            params.not_before = date_time_ymd(2001, 1, 1);
            params.not_after = date_time_ymd(2002, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn way(roots: Option<Vec<u8>>) -> WayOut {
    WayOut { proxy: ProxyWay::Off, extra_roots: roots }
}

async fn posted(acceptor: TlsAcceptor, roots: Option<Vec<u8>>) -> Result<u16, HttpError> {
    let server = Server::tls(acceptor, |_| answer(200, &[], "in")).await;
    let origin = format!("https://api.example:{}", server.port);
    let address = format!("https://127.0.0.1:{}", server.port);
    let stage = Stage::by(&way(roots), &[&origin, &address], &[("api.example", "127.0.0.1")]);
    let answered = stage.send(HttpRequest { credential: None, ..post(&origin, "text") }).await;
    assert_eq!(server.seen().len(), usize::from(answered.is_ok()), "nothing came before the handshake");
    answered.map(|answer| answer.status)
}

fn unsafe_text(answered: Result<u16, HttpError>) -> String {
    let error = answered.unwrap_err();
    assert!(!error.may_have_arrived());
    match error {
        HttpError::Tls(text) => text,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_certificate_of_the_configured_authority_is_trusted_for_its_name() {
    let authority = Authority::new();
    let posted = posted(authority.acceptor("api.example", false), Some(authority.pem())).await;
    assert_eq!(posted.unwrap(), 200);
}

#[tokio::test]
async fn a_certificate_that_is_not_right_is_not_trusted() {
    let authority = Authority::new();
    let pem = || Some(authority.pem());
    let text = unsafe_text(posted(authority.acceptor("other.example", false), pem()).await);
    assert!(text.contains("other.example") || text.contains("NotValidForName"), "{text}");
    let text = unsafe_text(posted(authority.acceptor("api.example", true), pem()).await);
    assert!(text.contains("expired"), "{text}");
    let text = unsafe_text(posted(authority.acceptor("api.example", false), None).await);
    assert!(text.contains("UnknownIssuer") || text.contains("unknown"), "{text}");
    let text = unsafe_text(posted(Authority::new().acceptor("api.example", false), pem()).await);
    assert!(
        text.contains("UnknownIssuer") || text.contains("unknown") || text.contains("BadSignature"),
        "{text}"
    );
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_not_spoken_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://127.0.0.1:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        let _gone = stream.read(&mut [0; 1_024]).await;
    });
    let stage = Stage::new(&[&origin]);
    let error = stage.send(HttpRequest { credential: None, ..post(&origin, "text") }).await.unwrap_err();
    assert!(matches!(&error, HttpError::Tls(_)) && !error.may_have_arrived(), "{error}");
}

#[test]
fn a_file_that_holds_no_certificate_is_refused_at_once() {
    let refused = |pem: &[u8]| Client::new(&way(Some(pem.to_vec())), grants(&[])).unwrap_err().to_string();
    let none = "failed to read the certificates of network.ca_file: there is none in it; it holds one or more in PEM";
    assert_eq!(refused(b"this is no certificate\n"), none);
    assert_eq!(refused(b""), none);
    for broken in [
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
    ] {
        let text = refused(broken.as_bytes());
        assert!(text.starts_with("failed to read the certificates of network.ca_file: "), "{text}");
    }
}
