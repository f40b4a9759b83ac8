//! Where the local API listens. Only the machine itself may reach it: the dashboard shows what a person did all day,
//! and its token is no protection for a network.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::decode::{Fault, FromText};

/// A loopback address with a port; port 0 has the system choose one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Listen(SocketAddr);

const EXAMPLES: &str = "for example 127.0.0.1:7468, [::1]:7468, or :0 for any free port";

impl Listen {
    /// The address to listen on.
    pub const fn address(self) -> SocketAddr {
        self.0
    }
}

impl Default for Listen {
    fn default() -> Self {
        Self(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7468))
    }
}

impl FromText for Listen {
    fn expected() -> String {
        "an address of this machine with a port, such as \"127.0.0.1:7468\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        let Some((host, port)) = text.rsplit_once(':') else {
            return Err(Fault::whole(text, format!("`{text}` has no port")).hint(EXAMPLES));
        };
        let digits = !port.is_empty() && port.bytes().all(|digit| digit.is_ascii_digit());
        let Some(number) = port.parse::<u16>().ok().filter(|_| digits) else {
            let at = text.len() - port.len()..text.len();
            return Err(
                Fault::part(at, format!("`{port}` is no port")).hint("a port is a number up to 65535")
            );
        };
        let plain = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let address = match plain {
            "" | "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
            _ => plain
                .parse()
                .map_err(|_| Fault::part(0..host.len(), format!("`{host}` is no address")).hint(EXAMPLES))?,
        };
        if !address.is_loopback() {
            let message = format!("`{host}` can be reached from other machines");
            let hint = "the local API is for this machine alone: 127.0.0.1 or [::1]; from elsewhere, use an SSH tunnel";
            return Err(Fault::part(0..host.len(), message).hint(hint));
        }
        Ok(Self(SocketAddr::new(address, number)))
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Listen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Listen {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Listen".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A loopback address with a port; port 0 has the system choose one.",
            "pattern": "^(localhost|127(\\.[0-9]+){3}|\\[::1\\])?:[0-9]{1,5}$",
            "examples": ["127.0.0.1:7468", ":0"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_written_in_several_ways() {
        for (text, shown) in [
            ("127.0.0.1:7468", "127.0.0.1:7468"),
            (":0", "127.0.0.1:0"),
            ("localhost:80", "127.0.0.1:80"),
            ("[::1]:0", "[::1]:0"),
            ("127.8.8.8:1", "127.8.8.8:1"),
        ] {
            assert_eq!(Listen::from_text(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn another_machine_and_what_is_no_address_are_refused() {
        let refused = |text: &str| {
            let fault = Listen::from_text(text).unwrap_err();
            (fault.at, fault.message)
        };
        assert_eq!(refused("0.0.0.0:80"), (0..7, "`0.0.0.0` can be reached from other machines".into()));
        assert_eq!(refused("[::]:80"), (0..4, "`[::]` can be reached from other machines".into()));
        assert_eq!(refused("host:80"), (0..4, "`host` is no address".into()));
        assert_eq!(refused("127.0.0.1"), (0..9, "`127.0.0.1` has no port".into()));
        assert_eq!(refused("127.0.0.1:99999"), (10..15, "`99999` is no port".into()));
        assert_eq!(refused("127.0.0.1:+80"), (10..13, "`+80` is no port".into()));
        assert_eq!(refused(":"), (1..1, "`` is no port".into()));
    }
}
