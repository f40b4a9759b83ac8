//! The way out to the network: as the system says, none, or one proxy.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use url::Url;

use super::address::plain_address;
use crate::decode::{Fault, FromText};

/// The way out to the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// What the system's environment says (`HTTPS_PROXY` and its relatives).
    #[default]
    System,
    /// No proxy, whatever the system says.
    Off,
    /// This one.
    At(Url),
}

const EXAMPLE: &str = "\"system\", \"off\", or for example \"http://proxy.example.com:3128\"";

impl FromText for Proxy {
    fn expected() -> String {
        EXAMPLE.to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        match text {
            "system" => Ok(Self::System),
            "off" => Ok(Self::Off),
            _ => match plain_address(text, &["http", "https", "socks5", "socks5h"], EXAMPLE) {
                Ok(url) => Ok(Self::At(url)),
                Err(fault) if text.contains('@') => {
                    let hint = "take the login out, and name it: proxy_credential = \"…\", a name under [credentials]";
                    Err(fault.hint(hint))
                }
                Err(fault) => Err(fault),
            },
        }
    }
}

impl Serialize for Proxy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::System => "system",
            Self::Off => "off",
            Self::At(url) => url.as_str(),
        })
    }
}

impl JsonSchema for Proxy {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Proxy".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "`system`, `off`, or the address of a proxy (http, https, socks5, socks5h).",
            "examples": ["system", "off", "http://proxy.example.com:3128"],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_a_word_or_an_address() {
        assert_eq!(Proxy::from_text("system"), Ok(Proxy::System));
        assert_eq!(Proxy::from_text("off"), Ok(Proxy::Off));
        assert!(matches!(Proxy::from_text("socks5h://127.0.0.1:9050"), Ok(Proxy::At(_))));
        let fault = Proxy::from_text("http://bob:hunter2@proxy.test:3128").unwrap_err();
        assert!(fault.hint.unwrap().contains("proxy_credential"));
        assert!(!fault.message.contains("hunter2"));
        assert!(Proxy::from_text("proxy.test").unwrap_err().message.contains("is no address"));
        assert_eq!(Proxy::from_text("socks5:x").unwrap_err().message, "`socks5:x` names no host");
        let fault = Proxy::from_text("proxy.test:3128").unwrap_err();
        assert_eq!(fault.message, "an address can't begin with `proxy.test:` here");
    }
}
