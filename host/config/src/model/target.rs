//! `[targets.NAME]`

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use stint_domain::item::Kind;

use crate::{
    decode::{Fault, FromText, Reader, Section},
    value::{FilePath, Grant, Name, Settings, Words},
};

/// Where items are delivered to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Target {
    /// Whether items are delivered to it.
    #[schemars(default = "yes")]
    pub enabled: bool,
    /// The plugin that speaks to it. One that isn't in the folder holds the target; its items wait.
    pub plugin: Name,
    /// A name under `[policies]` that decides when items are sent. Without one, stint decides.
    pub policy: Option<Name>,
    /// Names under `[transforms]` that change items before they are sent, in this order.
    #[schemars(default)]
    pub transforms: Vec<Name>,
    /// The kinds of items it gets.
    #[schemars(default = "default_accepts", schema_with = "kinds_schema")]
    pub accepts: Vec<Kind>,
    /// What the plugin may reach.
    #[schemars(default)]
    pub allow: Vec<Grant>,
    /// A folder that the plugin may write to.
    pub files: Option<FilePath>,
    /// How many calls of the plugin run at the same time at most.
    #[schemars(default = "default_in_flight", range(min = 1, max = 64))]
    pub max_in_flight: u32,
    /// The credentials it may use: the plugin's name for one, and a name under `[credentials]`.
    #[schemars(default)]
    pub credentials: BTreeMap<Name, Name>,
    /// Handed to the plugin.
    #[schemars(default)]
    pub settings: Settings,
}

const fn yes() -> bool {
    true
}

const fn default_in_flight() -> u32 {
    4
}

/// Time alone: a picture or a sample goes nowhere unless it is written.
fn default_accepts() -> Vec<Kind> {
    vec![Kind::TimeEntry]
}

fn kinds_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let words: Vec<&str> = Kind::WORDS.iter().map(|(word, _)| *word).collect();
    schemars::json_schema!({"type": "array", "items": {"type": "string", "enum": words}, "minItems": 1})
}

/// The name of a credential. What can't be one may be the secret itself, so it isn't repeated.
struct CredentialName(Name);

impl FromText for CredentialName {
    fn expected() -> String {
        "the name of a credential, such as \"redmine-key\"".to_owned()
    }

    fn from_text(text: &str) -> Result<Self, Fault> {
        Name::from_text(text).map(Self).map_err(|_| {
            Fault::whole(text, "this can't be the name of a credential")
                .hint("a name under [credentials] is meant; the secret itself stands in no file")
        })
    }
}

fn read_credentials(reader: &mut Reader<'_, '_, '_>) -> BTreeMap<Name, Name> {
    let named = reader.named_values::<CredentialName>("credentials");
    named.into_iter().map(|(plugins_name, CredentialName(name))| (plugins_name, name)).collect()
}

impl Section for Target {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self {
            enabled: reader.value("enabled", yes()),
            plugin: reader
                .required("plugin", "\"…\", the name of a plugin in the folder")
                .unwrap_or(Name::absent()),
            policy: reader.optional("policy"),
            transforms: reader.list("transforms"),
            accepts: reader.value("accepts", default_accepts()),
            allow: reader.list("allow"),
            files: reader.optional("files"),
            max_in_flight: reader.within("max_in_flight", default_in_flight(), 1..=64),
            credentials: read_credentials(reader),
            settings: reader.value("settings", Settings::default()),
        }
    }
}
