//! What a target's plugin may reach: `https://api.example.com`, `POST https://*.example.com:8443`,
//! `http://10.0.0.0/8`. A wildcard stands for names and never for an address; an address has to be granted as such.

use std::{fmt, net::IpAddr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

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
pub struct Method(pub(super) String);

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

pub(super) const fn bits(address: IpAddr) -> u8 {
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
