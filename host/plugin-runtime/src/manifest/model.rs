//! The manifest's shape. It is written by people as TOML and carried in the component as JSON; the keys are the
//! same in both, except that `settings_schema` is a file's name in the one and the schema itself in the other.

use semver::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use stint_domain::delivery::{Idempotency, Ordering};

/// The version of the contract that this host speaks.
pub const CONTRACT: Version = Version::new(0, 1, 0);

/// Whether what was made for a version of the contract can be used here.
pub(crate) fn is_spoken(version: &Version) -> bool {
    (version.major, version.minor) == (CONTRACT.major, CONTRACT.minor) && version.pre.is_empty()
}

/// What a plugin says about itself and asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest<Schema = Value> {
    /// The plugin's name, by which the configuration refers to it.
    pub name: String,
    /// The plugin's own version. Of two files with one name the newer version serves.
    pub version: Version,
    /// The version of the contract it was written for.
    #[serde(default = "contract")]
    pub contract: Version,
    /// What it is: one kind or several.
    pub kinds: Vec<Kind>,
    /// One or two sentences for the person who has to decide whether to install it.
    pub description: String,
    /// Its licence, as an SPDX expression.
    pub licence: String,
    /// The JSON Schema of its settings; without one it takes none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_schema: Option<Schema>,
    /// How it delivers; present exactly when it is a target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetTraits>,
    /// What it asks to be allowed.
    #[serde(default)]
    pub asks: Asks,
}

fn contract() -> Version {
    CONTRACT
}

/// What a plugin can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Hands items to a backend.
    Target,
    /// Changes or drops items.
    Transform,
    /// Says when to deliver.
    Policy,
}

impl Kind {
    /// Every kind, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Target, Self::Transform, Self::Policy];

    /// The word for it, which is also the name of its world in the contract.
    pub fn word(self) -> &'static str {
        match self {
            Self::Target => "target",
            Self::Transform => "transform",
            Self::Policy => "policy",
        }
    }

    /// The interface that a component of this kind exports.
    pub fn interface(self) -> &'static str {
        match self {
            Self::Target => "uploader",
            Self::Transform => "transformer",
            Self::Policy => "planner",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

/// How a target delivers. The host plans its attempts by this, so nothing here has a convenient default that
/// might be untrue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetTraits {
    /// How the backend tells a repeated item from a new one.
    pub idempotency: Idempotency,
    /// Whether an entry's events have to arrive in order.
    pub ordering: Ordering,
    /// How many items one call may get.
    #[serde(default = "one")]
    pub max_batch: u32,
    /// How many of its calls may run side by side, where the configuration says more; absent when it doesn't care.
    /// A target that appends to one file says 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_in_flight: Option<u32>,
    /// The kinds of items it takes: `time-entry`, `screenshot`, `activity`, or a custom kind, whose name must not be
    /// one of these with a slip in it.
    pub accepts: Vec<String>,
    /// True when each item replaces the entry's earlier ones, so that only the newest needs to be sent.
    #[serde(default)]
    pub snapshots: bool,
}

fn one() -> u32 {
    1
}

/// What a plugin asks for. Whatever isn't here is refused, whatever the configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// The hosts it wants to send requests to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<AskedHost>,
    /// The credentials it uses, by the names it knows them by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<AskedCredential>,
    /// To read, send or store the bytes of attachments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments: Option<Ask>,
    /// To keep a small durable memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Ask>,
    /// To write files in a folder that the operator names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<Ask>,
}

/// A request for something that is simply granted or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Why, in words for the person who grants it.
    pub reason: String,
}

/// A host that a plugin wants to reach: one it names, or the one in a setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedHost {
    /// Scheme, host and port, such as `https://api.example.com` or `https://*.example.com`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// A JSON pointer to the setting that holds the address, such as `/url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setting: Option<String>,
    /// The methods it uses there.
    pub methods: Vec<String>,
    /// Why, in words for the person who grants it.
    pub reason: String,
}

/// A credential that a plugin uses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedCredential {
    /// The plugin's own name for it; the configuration says which credential that is.
    pub name: String,
    /// Why, in words for the person who grants it.
    pub reason: String,
}
