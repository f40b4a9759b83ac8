//! `[transforms.NAME]` and `[policies.NAME]`: a plugin and its settings.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    decode::{Reader, Section},
    value::{Name, Settings},
};

/// A transform or a policy: a plugin and its settings.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Extension {
    /// The plugin.
    pub plugin: Name,
    /// Handed to the plugin.
    #[schemars(default)]
    pub settings: Settings,
}

impl Section for Extension {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self {
            plugin: reader
                .required("plugin", "\"…\", the name of a plugin in the folder")
                .unwrap_or(Name::absent()),
            settings: reader.value("settings", Settings::default()),
        }
    }
}
