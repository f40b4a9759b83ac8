//! Which hosts are meant: `https://api.example.com`, `https://*.example.com:8443`, `http://10.0.0.0/8`, `https://*`.
//!
//! A pattern is compared with a URL that has been parsed, never with its text: `http://0x7f.1` and `http://127.0.0.1`
//! are the same host by the time it gets here. A wildcard stands for whole labels and never matches an address.

use std::net::IpAddr;

use url::{Host, Url};

/// A pattern over scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPattern {
    scheme: &'static str,
    host: HostPart,
    port: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostPart {
    /// Any name, but no address: those have to be granted as such.
    AnyName,
    /// Any name below this one; the text begins with a dot.
    Below(String),
    /// This name.
    Name(String),
    /// An address in this block; a single address is a block of its own.
    Block { address: IpAddr, prefix: u8 },
}

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({hint})")]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

const EXAMPLES: &str = "for example https://api.example.com, https://*.example.com or http://10.0.0.0/8";

impl HostPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let refuse = |message: String, hint: &str| Err(PatternError { message, hint: hint.to_owned() });
        let shown = text.escape_debug();
        let Some((scheme, rest)) = text.split_once("://") else {
            return refuse(format!("`{shown}` has no scheme"), EXAMPLES);
        };
        let (scheme, usual_port) = match scheme {
            "https" => ("https", 443),
            "http" => ("http", 80),
            _ => return refuse(format!("the scheme of `{shown}` is neither https nor http"), EXAMPLES),
        };
        if rest.contains('@') || rest.contains(['?', '#']) {
            return refuse(format!("`{shown}` has more than scheme, host and port"), EXAMPLES);
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if let Some(host) = block(rest) {
            return Ok(Self { scheme, host, port: usual_port });
        }
        if rest.contains('/') {
            return refuse(format!("`{shown}` has a path or a malformed block"), EXAMPLES);
        }
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => match port.parse() {
                Ok(port) => (host, port),
                Err(_) => return refuse(format!("the port of `{shown}` is no number up to 65535"), EXAMPLES),
            },
            _ => (rest, usual_port),
        };
        match host_part(host) {
            Some(host) => Ok(Self { scheme, host, port }),
            None => refuse(format!("`{shown}` names no host"), EXAMPLES),
        }
    }

    /// Whether a URL's scheme, host and port fit.
    pub fn matches(&self, url: &Url) -> bool {
        if url.scheme() != self.scheme || url.port_or_known_default() != Some(self.port) {
            return false;
        }
        match (url.host(), &self.host) {
            (Some(Host::Domain(_)), HostPart::AnyName) => true,
            (Some(Host::Domain(name)), HostPart::Name(granted)) => trimmed(name) == granted,
            (Some(Host::Domain(name)), HostPart::Below(suffix)) => {
                trimmed(name).strip_suffix(suffix.as_str()).is_some_and(|label| !label.is_empty())
            }
            (Some(Host::Ipv4(address)), HostPart::Block { address: block, prefix }) => {
                in_block(address.into(), *block, *prefix)
            }
            (Some(Host::Ipv6(address)), HostPart::Block { address: block, prefix }) => {
                in_block(address.into(), *block, *prefix)
            }
            _ => false,
        }
    }

    /// Whether everything that `other` means is meant by this pattern too.
    pub fn includes(&self, other: &Self) -> bool {
        if (self.scheme, self.port) != (other.scheme, other.port) {
            return false;
        }
        match (&self.host, &other.host) {
            (HostPart::AnyName, HostPart::AnyName | HostPart::Below(_) | HostPart::Name(_)) => true,
            (HostPart::Below(wide), HostPart::Below(narrow) | HostPart::Name(narrow)) => {
                narrow.ends_with(wide.as_str())
            }
            (
                HostPart::Block { address: wide, prefix },
                HostPart::Block { address: narrow, prefix: narrower },
            ) => prefix <= narrower && in_block(*narrow, *wide, *prefix),
            (mine, others) => mine == others,
        }
    }

    /// The pattern that means exactly the host of a URL.
    pub fn exactly(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "https" => "https",
            "http" => "http",
            _ => return None,
        };
        let host = match url.host()? {
            Host::Domain(name) => HostPart::Name(trimmed(name).to_owned()),
            Host::Ipv4(address) => HostPart::Block { address: address.into(), prefix: 32 },
            Host::Ipv6(address) => HostPart::Block { address: address.into(), prefix: 128 },
        };
        Some(Self { scheme, host, port: url.port_or_known_default()? })
    }

    /// Whether this pattern names an address or a block of them, rather than names. The broker connects to a
    /// private or loopback address only where such a pattern granted it.
    pub fn covers_address(&self, address: IpAddr) -> bool {
        matches!(&self.host, HostPart::Block { address: block, prefix } if in_block(address, *block, *prefix))
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://", self.scheme)?;
        match &self.host {
            HostPart::AnyName => f.write_str("*")?,
            HostPart::Below(suffix) => write!(f, "*{suffix}")?,
            HostPart::Name(name) => f.write_str(name)?,
            HostPart::Block { address: IpAddr::V4(address), prefix: 32 } => write!(f, "{address}")?,
            HostPart::Block { address: IpAddr::V6(address), prefix: 128 } => write!(f, "[{address}]")?,
            HostPart::Block { address: IpAddr::V4(address), prefix } => write!(f, "{address}/{prefix}")?,
            HostPart::Block { address: IpAddr::V6(address), prefix } => write!(f, "[{address}]/{prefix}")?,
        }
        match (self.scheme, self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

/// `10.0.0.0/8` or `[fc00::]/7`.
fn block(text: &str) -> Option<HostPart> {
    let (address, prefix) = text.split_once('/')?;
    let address = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    let address: IpAddr = address.parse().ok()?;
    let prefix: u8 = prefix.parse().ok()?;
    (prefix <= bits(address)).then_some(HostPart::Block { address, prefix })
}

fn host_part(text: &str) -> Option<HostPart> {
    if text == "*" {
        return Some(HostPart::AnyName);
    }
    if let Some(suffix) = text.strip_prefix("*.") {
        return match Host::parse(suffix).ok()? {
            Host::Domain(name) if name.contains('.') && !name.contains('*') => {
                Some(HostPart::Below(format!(".{}", trimmed(&name))))
            }
            _ => None,
        };
    }
    match Host::parse(text).ok()? {
        Host::Domain(name) if name.contains('*') || trimmed(&name).is_empty() => None,
        Host::Domain(name) => Some(HostPart::Name(trimmed(&name).to_owned())),
        Host::Ipv4(address) => Some(HostPart::Block { address: address.into(), prefix: 32 }),
        Host::Ipv6(address) => Some(HostPart::Block { address: address.into(), prefix: 128 }),
    }
}

/// `example.com.` is `example.com` said with its root.
fn trimmed(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn in_block(address: IpAddr, block: IpAddr, prefix: u8) -> bool {
    let shift = u32::from(bits(block) - prefix);
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

#[cfg(test)]
#[path = "host_pattern_tests.rs"]
mod tests;
