//! Whether a request was meant for this door, and comes from one of its own pages or from no page at all.
//!
//! A site can point a name of its own at this machine and have a browser ask here (DNS rebinding): then `Host` is that
//! name. It can post forms here: then `Origin` is its own. Both have to be ours to the letter.

use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderValue, Method, header, request::Parts};

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Foreign {
    #[error("failed to take the request: its Host is not this machine's address")]
    Host,
    #[error("failed to take the request: it comes from another site's page")]
    Origin,
}

/// Checks where a request was sent to and where it comes from.
pub(super) fn check(parts: &Parts, address: SocketAddr) -> Result<(), Foreign> {
    let host = host(parts).filter(|host| is_ours(host, address)).ok_or(Foreign::Host)?;
    let heads = &parts.headers;
    let mut origins = heads.get_all(header::ORIGIN).iter();
    if origins.any(|origin| origin.to_str().ok() != Some(&format!("http://{host}"))) {
        return Err(Foreign::Origin);
    }
    // Browsers say more than their origin. A person may follow a link to us from anywhere; nothing else may come.
    let from_elsewhere =
        word(heads, "sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site));
    let is_a_visit = parts.method == Method::GET && word(heads, "sec-fetch-mode") == Some("navigate");
    if from_elsewhere && !is_a_visit { Err(Foreign::Origin) } else { Ok(()) }
}

/// The one host that a request names.
fn host(parts: &Parts) -> Option<&str> {
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    // A request in absolute form names it twice.
    let again = parts.uri.authority().is_none_or(|authority| authority.as_str() == host);
    (hosts.next().is_none() && again).then_some(host)
}

fn is_ours(host: &str, address: SocketAddr) -> bool {
    host == address.to_string() || host == format!("localhost:{}", address.port())
}

fn word<'h>(heads: &'h HeaderMap, name: &str) -> Option<&'h str> {
    heads.get(name).map(HeaderValue::to_str)?.ok()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn checked(method: &str, heads: &[(&str, &str)]) -> Result<(), Foreign> {
        let request =
            heads.iter().fold(Request::builder().method(method).uri("/"), |request, (name, value)| {
                request.header(*name, *value)
            });
        check(&request.body(()).unwrap().into_parts().0, "127.0.0.1:7468".parse().unwrap())
    }

    #[test]
    fn the_host_is_ours_to_the_letter() {
        for host in ["127.0.0.1:7468", "localhost:7468"] {
            assert_eq!(checked("GET", &[("host", host)]), Ok(()));
        }
        for host in [
            "evil.test:7468",
            "127.0.0.1",
            "127.0.0.1:7469",
            "localhost",
            "localhost.evil.test:7468",
            "LOCALHOST:7468",
            "127.0.0.1:7468.evil.test",
            "127.1:7468",
            "[::1]:7468",
            "user@127.0.0.1:7468",
            "",
        ] {
            assert_eq!(checked("GET", &[("host", host)]), Err(Foreign::Host), "{host}");
        }
        assert_eq!(checked("GET", &[]), Err(Foreign::Host));
        let twice = [("host", "127.0.0.1:7468"), ("host", "127.0.0.1:7468")];
        assert_eq!(checked("GET", &twice), Err(Foreign::Host));
    }

    #[test]
    fn the_origin_is_the_very_same_or_none() {
        let from = |origin| checked("POST", &[("host", "127.0.0.1:7468"), ("origin", origin)]);
        assert_eq!(from("http://127.0.0.1:7468"), Ok(()));
        for origin in [
            "http://localhost:7468",
            "https://127.0.0.1:7468",
            "http://127.0.0.1:7468/",
            "http://127.0.0.1:74680",
            "http://evil.test",
            "null",
            "",
        ] {
            assert_eq!(from(origin), Err(Foreign::Origin), "{origin}");
        }
    }

    #[test]
    fn from_elsewhere_one_may_come_for_a_visit_alone() {
        let ask = |method, site, mode| {
            let heads = [("host", "127.0.0.1:7468"), ("sec-fetch-site", site), ("sec-fetch-mode", mode)];
            checked(method, &heads)
        };
        for (method, site, mode) in
            [("GET", "cross-site", "navigate"), ("POST", "same-origin", "cors"), ("GET", "none", "navigate")]
        {
            assert_eq!(ask(method, site, mode), Ok(()), "{method} {site} {mode}");
        }
        for (method, site, mode) in [
            ("POST", "cross-site", "navigate"),
            ("GET", "cross-site", "no-cors"),
            ("GET", "same-site", "cors"),
            ("POST", "same-site", "navigate"),
        ] {
            assert_eq!(ask(method, site, mode), Err(Foreign::Origin), "{method} {site} {mode}");
        }
    }
}
