//! The whole configuration.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Activity, Capture, Control, Credential, Extension, Identity, Limits, Log, Network, Plugins, Storage,
    Sync, Target, Timer,
};
use crate::{
    decode::{Reader, Section},
    value::Name,
};

/// The configuration of stint. Nothing has to be written: every key has a default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[schemars(default, deny_unknown_fields)]
pub struct Config {
    /// Where stint keeps its data, and how much of it.
    pub storage: Storage,
    /// Whose time is tracked, and on which machine.
    pub identity: Identity,
    /// The way to the network.
    pub network: Network,
    /// The timer.
    pub timer: Timer,
    /// Screenshots.
    pub capture: Capture,
    /// Idle and focus samples.
    pub activity: Activity,
    /// When and how items are delivered.
    pub sync: Sync,
    /// The folder of plugins, and which of them are trusted.
    pub plugins: Plugins,
    /// How much one call of a plugin may use.
    pub limits: Limits,
    /// The local API and the dashboard.
    pub control: Control,
    /// What stint writes about its own work.
    pub log: Log,
    /// Where items are delivered to, by names you choose.
    pub targets: BTreeMap<Name, Target>,
    /// What changes items before they are sent, by names you choose.
    pub transforms: BTreeMap<Name, Extension>,
    /// What decides when items are sent, by names you choose.
    pub policies: BTreeMap<Name, Extension>,
    /// Where secrets are kept, by names you choose. Never the secrets themselves.
    pub credentials: BTreeMap<Name, Credential>,
}

impl Section for Config {
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self {
        Self {
            storage: reader.section("storage"),
            identity: reader.section("identity"),
            network: reader.section("network"),
            timer: reader.section("timer"),
            capture: reader.section("capture"),
            activity: reader.section("activity"),
            sync: reader.section("sync"),
            plugins: reader.section("plugins"),
            limits: reader.section("limits"),
            control: reader.section("control"),
            log: reader.section("log"),
            targets: reader.named("targets"),
            transforms: reader.named("transforms"),
            policies: reader.named("policies"),
            credentials: reader.named("credentials"),
        }
    }
}
