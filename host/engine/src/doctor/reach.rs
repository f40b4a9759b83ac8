//! Whether a target's hosts can be reached: name, connection, certificate, proxy. It is asked by the target's own way
//! to the network, so that what is found is what a delivery would find. A host is asked for nothing but its header, with
//! no credential, and any answer will do.

use std::{sync::Arc, time::Duration};

use stint_config::{
    model::Target,
    value::{Grant, GrantedHost, Name},
};
use stint_plugin_runtime::{
    grants::{Allowed, Grants, HostRule},
    manifest::AskedHost,
    services::{HttpBody, HttpError, HttpRequest},
};

use super::{Area, Finding};
use crate::wiring::Bound;

/// How long one host may take.
const BOUND: Duration = Duration::from_secs(5);

/// What is found about the hosts that the configuration names for a target. Wildcards and blocks name none.
pub(super) async fn reach(name: &Name, target: &Target, bound: &Bound) -> Vec<Finding> {
    let mut origins: Vec<(String, String, u16)> = target.allow.iter().filter_map(origin).collect();
    origins.sort();
    origins.dedup();
    let asked = origins.iter().map(|(origin, host, port)| one(name, bound, origin, host, *port));
    futures_util::future::join_all(asked).await
}

/// The one origin that a grant means, its host and its port.
fn origin(grant: &Grant) -> Option<(String, String, u16)> {
    let host = match &grant.host {
        GrantedHost::Name(name) => name.clone(),
        GrantedHost::Block { address, prefix } if *prefix == if address.is_ipv4() { 32 } else { 128 } => {
            if address.is_ipv4() {
                address.to_string()
            } else {
                format!("[{address}]")
            }
        }
        GrantedHost::AnyName | GrantedHost::Below(_) | GrantedHost::Block { .. } => return None,
    };
    Some((format!("{}://{host}:{}", grant.scheme.word(), grant.port), host, grant.port))
}

async fn one(name: &Name, bound: &Bound, origin: &str, host: &str, port: u16) -> Finding {
    let (broker, _said) = bound.network.for_call();
    let Some(request) = request(bound, origin) else {
        return Finding::warning(Area::Targets, format!("{origin} can't be asked for")).of(name.as_str());
    };
    match broker.send(request).await {
        Ok(_) | Err(HttpError::TooLarge(_)) => {
            Finding::ok(Area::Targets, format!("{origin} answers")).of(name.as_str())
        }
        Err(error) => trouble(error, origin, host, port).await.of(name.as_str()),
    }
}

/// A question that the target's grants may not cover: the operator asks it, not the plugin.
fn request(bound: &Bound, origin: &str) -> Option<HttpRequest> {
    let mut manifest = bound.plugin.manifest().clone();
    let (host, methods) = (Some(origin.to_owned()), vec!["HEAD".to_owned()]);
    manifest.asks.hosts = vec![AskedHost { host, setting: None, methods, reason: String::new() }];
    let hosts = vec![HostRule::parse(&format!("HEAD {origin}")).ok()?];
    let allowed = Allowed { hosts, ..Allowed::default() };
    let grants = Grants::new(&manifest, &serde_json::Value::Null, allowed);
    Some(HttpRequest {
        method: "HEAD".to_owned(),
        url: format!("{origin}/").parse().ok()?,
        headers: Vec::new(),
        body: HttpBody::Empty,
        credential: None,
        timeout: BOUND,
        redirects: 0,
        response_bytes_max: 0,
        grants: Arc::new(grants),
    })
}

async fn trouble(error: HttpError, origin: &str, host: &str, port: u16) -> Finding {
    let finding = |what: String| Finding::error(Area::Targets, what);
    let ask = format!("curl -sv -o /dev/null {origin}/");
    match error {
        HttpError::Offline(why) if why.starts_with("by way of the proxy") => {
            let through = finding(format!("{origin} can't be reached through the proxy")).because(why);
            through.write("network", vec!["proxy = \"off\"".to_owned()])
        }
        HttpError::Offline(why) => {
            let bare = host.trim_start_matches('[').trim_end_matches(']');
            let looked_up = tokio::time::timeout(BOUND, tokio::net::lookup_host((bare, port))).await;
            match looked_up {
                Ok(Ok(_)) => finding(format!("nothing answers at {host}:{port}")).because(why).run(ask),
                Ok(Err(_)) => {
                    let unknown = finding(format!("no address is known for {host}"));
                    unknown.because(why).run(format!("getent hosts {host}"))
                }
                Err(_) => {
                    let mute = finding(format!("no name server says where {host} is"));
                    mute.because(why).run("cat /etc/resolv.conf")
                }
            }
        }
        HttpError::Tls(why) => {
            let unsafe_one = finding(format!("the certificate of {origin} is not trusted")).because(why);
            let lines = vec!["ca_file = \"FILE.pem\"".to_owned()];
            unsafe_one.run(ask).write("network", lines)
        }
        HttpError::Refused(why) => {
            let address = why.split_whitespace().nth(3).map(|word| word.trim_end_matches(',').to_owned());
            let refused = finding(format!("{origin} may not be connected to")).because(why.clone());
            match address.filter(|address| address.parse::<std::net::IpAddr>().is_ok()) {
                Some(address) => {
                    let scheme = origin.split("://").next().unwrap_or("https");
                    refused.because(format!(
                        "{why}; {scheme}://{address}:{port} beside what `allow` has would do"
                    ))
                }
                None => refused,
            }
        }
        HttpError::Timeout(why) => {
            finding(format!("{origin} takes the question and doesn't answer")).because(why).run(ask)
        }
        other => finding(format!("{origin} doesn't answer as a web server does"))
            .because(other.to_string())
            .run(ask),
    }
}
