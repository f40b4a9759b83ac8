//! What stands between a target and its backend: certificates, proxies, keyrings, login servers. Each is told with what
//! to do about it, nothing is lost, and nobody is asked in a hot loop.

use std::{
    fs,
    io::Read as _,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use stint_tests::backend::Backend;

use super::stage::{KEY, Stage, backend, key, target};
use crate::desk::until;

/// A server behind TLS that nobody should get past.
struct Guarded {
    url: String,
    connections: Arc<AtomicUsize>,
}

fn guarded(certificate: &rcgen::Certificate, key: &KeyPair) -> Guarded {
    let secret = rustls::pki_types::PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], secret);
    let (config, connections) = (Arc::new(config.unwrap()), Arc::<AtomicUsize>::default());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let count = Arc::clone(&connections);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let read = rustls::StreamOwned::new(session, stream).read(&mut [0; 16]);
            assert!(read.is_err(), "nothing is sent past a certificate that isn't right");
        }
    });
    Guarded { url, connections }
}

/// Servers whose certificates nobody, somebody else and somebody long ago signed; and who signs here.
fn certificates() -> ([Guarded; 3], String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, "who signs here");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let made = |name: &str, change: fn(&mut CertificateParams)| {
        let (mut params, key) =
            (CertificateParams::new(vec![name.to_owned()]).unwrap(), KeyPair::generate().unwrap());
        change(&mut params);
        guarded(&params.signed_by(&key, &authority).unwrap(), &key)
    };
    let stranger = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let servers = [
        guarded(&stranger.cert, &stranger.signing_key),
        made("other.example", |_| {}),
        made("127.0.0.1", |params| {
            (params.not_before, params.not_after) = (date_time_ymd(2001, 1, 1), date_time_ymd(2002, 1, 1));
        }),
    ];
    (servers, authority.pem())
}

/// A target at another address, with a credential of its own name.
fn target_at(name: &str, url: &str, backend: &Backend) -> String {
    target(name, backend).replace(&backend.url(""), url).replace("\"key\" }", &format!("\"{name}\" }}"))
}

#[test]
fn each_bar_is_told_with_what_to_do_and_asked_with_patience() {
    let (backend, (servers, authority)) = (backend(), certificates());
    let [stranger, other, old] = &servers;
    let mut config = "[network]\nca_file = \"ca.pem\"\n".to_owned();
    for (name, server) in [("stranger", stranger), ("other", other), ("old", old)] {
        config += &target_at(name, &server.url, &backend).replace(&format!("\"{name}\" }}"), "\"key\" }");
    }
    for name in ["empty", "locked", "pointer"] {
        config += &target_at(name, &backend.url(""), &backend);
    }
    let credentials = format!(
        "[credentials.empty]\nscheme = \"bearer\"\nvalue = {{ file = \"empty\" }}\n\
         [credentials.locked]\nscheme = \"bearer\"\nvalue = {{ keyring = \"work\" }}\n\
         [credentials.pointer]\nscheme = \"bearer\"\nstore = {{ file = \"token\" }}\n[credentials.pointer.refresh]\n\
         url = \"{}\"\nbody = '{{\"refreshToken\":\"{{refresh}}\"}}'\nrefresh_token = {{ file = \"refresh\" }}\n\
         access = \"/nothing/here\"\n",
        backend.url("/auth/refresh")
    );
    let stage = Stage::new(&(config + &credentials + &key()));
    fs::write(stage.desk.path("ca.pem"), authority).unwrap();
    fs::write(stage.desk.path("empty"), "").unwrap();
    fs::write(stage.desk.path("refresh"), backend.log_in().refresh).unwrap();
    // A keyring that nobody is there to open.
    fs::create_dir(stage.desk.path("bin")).unwrap();
    let tool = stage.desk.path("bin/secret-tool");
    fs::write(&tool, "#!/bin/sh\necho 'secret-tool: Cannot get secret of a locked object' >&2\nexit 1\n")
        .unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = stage.desk.command(&["run"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", stage.desk.path("bin").display()));
    stage.desk.stint(&["start"]).ok();
    let host = stage.desk.start(command).unwrap();
    // What is known of the target, and of its one delivery.
    let told = |name: &str| {
        let deliveries = stage.desk.json(&["queue", "list"])["items"].clone();
        let of_it = deliveries.as_array().unwrap().iter().find(|item| item["target"] == name).cloned();
        let target = stage.target(name);
        format!("{} {} {}", target["held_because"], target["last_error"], of_it.unwrap_or_default())
    };
    let expected = [
        ("stranger", ["UnknownIssuer", "ca_file"]),
        ("other", ["not valid for name", "certificate"]),
        ("old", ["expired", "certificate"]),
        ("empty", ["empty", "stint auth set empty"]),
        ("locked", ["locked", "keyring"]),
        ("pointer", ["/nothing/here", "refresh"]),
    ];
    for (name, parts) in expected {
        until(name, || parts.iter().all(|part| told(name).contains(part)));
    }
    let before: Vec<usize> = servers.iter().map(|server| server.connections.load(Ordering::SeqCst)).collect();
    let asked = backend.counts().requests;
    for _ in 0..5 {
        stage.desk.stint(&["sync", "--wait"]).ok();
    }
    for (server, before) in servers.iter().zip(before) {
        let more = server.connections.load(Ordering::SeqCst) - before;
        assert!(more <= 6, "{}: {more} connections for five wishes", server.url);
    }
    assert!(backend.counts().requests - asked <= 6, "{:?}", backend.counts());
    for (name, _) in expected {
        assert_eq!(
            (stage.count(name, "pending"), stage.count(name, "failed")),
            (1, 0),
            "{name}: {}",
            told(name)
        );
    }
    assert_eq!(host.end(), 0);
    assert!(!stage.desk.log().contains(KEY));
}

#[test]
fn a_proxy_that_is_away_and_certificates_that_are_none_are_told() {
    let backend = backend();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (network, parts) in [
        (format!("proxy = \"http://{nobody}\""), ["by way of the proxy", "refused"]),
        ("ca_file = \"ca.pem\"".to_owned(), ["network.ca_file", "PEM"]),
    ] {
        let stage = Stage::new(&(target("work", &backend) + &key() + "[network]\n" + &network + "\n"));
        fs::write(stage.desk.path("ca.pem"), "this is no certificate").unwrap();
        stage.desk.stint(&["start"]).ok();
        let host = stage.desk.host();
        let told = || stage.target("work").to_string();
        until(parts[0], || parts.iter().all(|part| told().contains(part)));
        assert_eq!((stage.count("work", "pending"), stage.count("work", "failed")), (1, 0), "{}", told());
        assert_eq!(host.end(), 0);
    }
    assert_eq!(backend.counts().requests, 0);
}
