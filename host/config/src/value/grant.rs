//! What a target's plugin may reach: `https://api.example.com`, `POST https://*.example.com:8443`,
//! `http://10.0.0.0/8`. A wildcard stands for names and never for an address; an address has to be granted as such.

use std::{fmt, net::IpAddr, ops::Range};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use url::Host;

use crate::decode::{Fault, FromText};

/// One entry of `allow`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The method; all of them when none is written.
    pub method: Option<Method>,
    /// The scheme.
    pub scheme: Scheme,
    /// The hosts.
    pub host: GrantedHost,
    /// The port.
    pub port: u16,
}

/// A method of HTTP, in capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Method(String);

/// A scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Encrypted.
    Https,
    /// Not encrypted.
    Http,
}

/// Which hosts are meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GrantedHost {
    /// `*`: every name, but no address.
    AnyName,
    /// `*.example.com`: every name below this one. It begins with a dot.
    Below(String),
    /// This name.
    Name(String),
    /// The addresses of a block; a single address is a block of its own.
    Block {
        /// An address in it.
        address: IpAddr,
        /// How many bits of it count.
        prefix: u8,
    },
}

const EXAMPLES: &str =
    "for example https://api.example.com, POST https://*.example.com:8443 or http://10.0.0.0/8";

impl Method {
    /// The method.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Scheme {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }

    /// The port that is meant when none is written.
    pub const fn port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

impl GrantedHost {
    /// Whether all hosts that `other` means are meant by this too.
    fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AnyName, Self::AnyName | Self::Below(_) | Self::Name(_)) => true,
            (Self::Below(wide), Self::Below(narrow) | Self::Name(narrow)) => narrow.ends_with(wide.as_str()),
            (Self::Block { address: wide, prefix }, Self::Block { address: narrow, prefix: narrower }) => {
                prefix <= narrower && in_block(*narrow, *wide, *prefix)
            }
            (mine, others) => mine == others,
        }
    }

    /// Whether only addresses are meant that no stranger can have: those of this machine and of private networks.
    pub fn is_private(&self) -> bool {
        match self {
            Self::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Self::Block { .. } => PRIVATE.iter().any(|(address, prefix)| {
                let block = address.parse().map(|address| Self::Block { address, prefix: *prefix });
                block.is_ok_and(|block| block.includes(self))
            }),
            Self::AnyName | Self::Below(_) => false,
        }
    }
}

const PRIVATE: [(&str, u8); 8] = [
    ("127.0.0.0", 8),
    ("10.0.0.0", 8),
    ("172.16.0.0", 12),
    ("192.168.0.0", 16),
    ("169.254.0.0", 16),
    ("::1", 128),
    ("fc00::", 7),
    ("fe80::", 10),
];

impl Grant {
    /// Whether everything that `other` allows is allowed by this too.
    pub fn includes(&self, other: &Self) -> bool {
        (self.scheme, self.port) == (other.scheme, other.port)
            && (self.method.is_none() || self.method == other.method)
            && self.host.includes(&other.host)
    }
}

impl FromText for Grant {
    fn expected() -> String {
        "what may be reached, such as \"https://api.example.com\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
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
    if rest.contains('@') {
        let message = "a login stands in this address";
        return Err(Fault::part(0..end, message)
            .hint("take it out; a credential is attached by the host, see `credentials`"));
    }
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

const fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn in_block(address: IpAddr, block: IpAddr, prefix: u8) -> bool {
    let shift = u32::from(bits(block).saturating_sub(prefix));
    match (address, block) {
        (IpAddr::V4(address), IpAddr::V4(block)) => {
            (address.to_bits() ^ block.to_bits()).checked_shr(shift).unwrap_or(0) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(block)) => {
            (address.to_bits() ^ block.to_bits()).checked_shr(shift).unwrap_or(0) == 0
        }
        _ => false,
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Method(method)) = &self.method {
            write!(f, "{method} ")?;
        }
        write!(f, "{}://", self.scheme.word())?;
        match &self.host {
            GrantedHost::AnyName => f.write_str("*")?,
            GrantedHost::Below(suffix) => write!(f, "*{suffix}")?,
            GrantedHost::Name(name) => f.write_str(name)?,
            GrantedHost::Block { address, prefix } => {
                match address {
                    IpAddr::V4(address) => write!(f, "{address}")?,
                    IpAddr::V6(address) => write!(f, "[{address}]")?,
                }
                if *prefix < bits(*address) {
                    write!(f, "/{prefix}")?;
                }
            }
        }
        if self.port == self.scheme.port() { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

impl Serialize for Grant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Grant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Grant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "What may be reached: an optional method, a scheme, a host or a block of addresses, a port.",
            "pattern": "^([A-Z]+ +)?https?://.+$",
            "examples": ["https://api.example.com", "POST https://*.example.com:8443", "http://10.0.0.0/8"],
        })
    }
}

#[cfg(test)]
#[path = "grant_tests.rs"]
mod tests;
