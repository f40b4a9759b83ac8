//! `[plugins]`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::{FilePath, Name, Pin, PublicKey},
};

/// The folder of plugins, and which of them are trusted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Plugins {
    /// The folder. By default `plugins` beside the configuration file.
    pub dir: Option<FilePath>,
    /// Whether only signed plugins are loaded. Signatures can't be checked yet, so `true` is refused.
    pub require_signature: bool,
    /// The minisign keys that may sign them, once signatures are checked.
    pub trusted_keys: Vec<PublicKey>,
    /// The one hash that the file of a plugin may have, by the plugin's name.
    pub pin: BTreeMap<Name, Pin>,
}

impl Section for Plugins {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self {
            dir: reader.optional("dir"),
            require_signature: reader.value("require_signature", false),
            trusted_keys: reader.list("trusted_keys"),
            pin: reader.named_values("pin"),
        }
    }
}
