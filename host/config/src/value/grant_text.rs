//! Grants as they are written. A host is read by the parser that reads a request's address, so that `http://0x7f.1`
//! and `http://127.0.0.1` are one host in both.

use std::{net::IpAddr, ops::Range};

use url::Host;

use super::grant::{Grant, GrantedHost, Method, Scheme, bits};
use crate::decode::{Fault, FromText};

const EXAMPLES: &str =
    "for example https://api.example.com, POST https://*.example.com:8443 or http://10.0.0.0/8";

impl FromText for Grant {
    fn expected() -> String {
        "what may be reached, such as \"https://api.example.com\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        if text.contains('@') {
            return Err(Fault::whole(text, "a login stands in this address")
                .hint("take it out; a credential is attached by the host, see `credentials`"));
        }
        let (method, at) = method(text)?;
        let Some((scheme, rest)) = text[at..].split_once("://") else {
            let message = format!("`{}` has no scheme", &text[at..]);
            return Err(
                Fault::part(at..text.len(), message).hint(format!("write https:// before it; {EXAMPLES}"))
            );
        };
        let start = at + scheme.len() + 3;
        let scheme = match scheme {
            "https" => Scheme::Https,
            "http" => Scheme::Http,
            _ => {
                let message = format!("`{scheme}` is neither https nor http");
                return Err(Fault::part(at..at + scheme.len(), message).hint(EXAMPLES));
            }
        };
        let (host, port) = host_and_port(rest, start)?;
        Ok(Self { method, scheme, host, port: port.unwrap_or(scheme.port()) })
    }
}

/// The method, if one is written, and where the rest starts.
fn method(text: &str) -> Result<(Option<Method>, usize), Fault> {
    let Some((method, rest)) = text.split_once(' ').filter(|(method, _)| !method.contains("://")) else {
        return Ok((None, 0));
    };
    if method.is_empty() || !method.bytes().all(|letter| letter.is_ascii_uppercase()) || method.len() > 20 {
        let fault = Fault::part(0..method.len(), format!("`{method}` is no method"));
        let upper = method.to_uppercase();
        return Err(match upper.as_str() {
            "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" => {
                fault.hint(format!("write it in capital letters: {upper}"))
            }
            _ => fault.hint(EXAMPLES),
        });
    }
    let start = text.len() - rest.trim_start().len();
    Ok((Some(Method(method.to_owned())), start))
}

/// What stands after the scheme; `start` is where.
fn host_and_port(rest: &str, start: usize) -> Result<(GrantedHost, Option<u16>), Fault> {
    let end = start + rest.len();
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    if let Some((address, prefix)) = rest.split_once('/') {
        if let Some(block) = block(address, prefix) {
            return Ok((block, None));
        }
        let at = start + address.len();
        let fault = if address.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
            let message = format!("`{prefix}` is no length of a block of addresses");
            Fault::part(at + 1..end, message)
                .hint("up to 32 for IPv4 and 128 for IPv6, and no port beside it")
        } else {
            Fault::part(at..end, "a grant has no path").hint("leave out what follows the host")
        };
        return Err(fault);
    }
    if let Some(at) = rest.find(['?', '#', ' ']) {
        return Err(Fault::part(start + at..end, "a grant is a scheme, a host and a port").hint(EXAMPLES));
    }
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let at = start + host.len();
    let port = match port {
        None => None,
        Some(port) => {
            let number = port.parse::<u16>().ok().filter(|number| *number > 0 && !port.starts_with('+'));
            let fault = || {
                Fault::part(at + 1..at + 1 + port.len(), format!("`{port}` is no port"))
                    .hint("a port is a number from 1 to 65535; without one the scheme's own is meant")
            };
            Some(number.ok_or_else(fault)?)
        }
    };
    Ok((named(host, start..at)?, port))
}

/// `10.0.0.0/8` or `[fc00::]/7`.
fn block(address: &str, prefix: &str) -> Option<GrantedHost> {
    let plain = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    let address: IpAddr = plain.parse().ok()?;
    let prefix: u8 = prefix.parse().ok()?;
    (prefix <= bits(address)).then_some(GrantedHost::Block { address, prefix })
}

fn named(text: &str, at: Range<usize>) -> Result<GrantedHost, Fault> {
    let trimmed = |name: &str| name.strip_suffix('.').unwrap_or(name).to_owned();
    let no_host = || Fault::part(at.clone(), format!("`{text}` is no host")).hint(EXAMPLES);
    if text == "*" {
        return Ok(GrantedHost::AnyName);
    }
    if let Some(below) = text.strip_prefix("*.") {
        return match Host::parse(below) {
            Ok(Host::Domain(name)) if name.contains('.') && !name.contains('*') => {
                Ok(GrantedHost::Below(format!(".{}", trimmed(&name))))
            }
            Ok(Host::Domain(name)) if !name.contains('*') => {
                let message = format!("`*.{below}` would mean half of the world");
                Err(Fault::part(at, message).hint("name at least two labels: *.example.com"))
            }
            _ => Err(no_host()),
        };
    }
    if text.contains('*') {
        return Err(Fault::part(at, format!("a * stands in the middle of `{text}`"))
            .hint("a * stands for whole names at the beginning: *.example.com"));
    }
    match Host::parse(text) {
        Ok(Host::Domain(name)) if !trimmed(&name).is_empty() => Ok(GrantedHost::Name(trimmed(&name))),
        Ok(Host::Ipv4(address)) => Ok(GrantedHost::Block { address: address.into(), prefix: 32 }),
        Ok(Host::Ipv6(address)) => Ok(GrantedHost::Block { address: address.into(), prefix: 128 }),
        _ => Err(no_host()),
    }
}

#[cfg(test)]
#[path = "grant_tests.rs"]
mod tests;
