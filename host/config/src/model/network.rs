//! `[network]`

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::{FilePath, Name, Proxy},
};

/// The way to the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Network {
    /// The proxy: `system`, `off`, or its address without a login.
    pub proxy: Proxy,
    /// The name of a credential (scheme `basic`) that the proxy asks for.
    pub proxy_credential: Option<Name>,
    /// A PEM file of certificate authorities that are trusted beside the system's.
    pub ca_file: Option<FilePath>,
}

impl Section for Network {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self {
            proxy: reader.value("proxy", Proxy::default()),
            proxy_credential: reader.optional("proxy_credential"),
            ca_file: reader.optional("ca_file"),
        }
    }
}
