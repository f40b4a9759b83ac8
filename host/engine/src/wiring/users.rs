//! Who uses a plugin: the places of the configuration that name it.

use stint_config::{
    Config, Owner,
    value::{Name, Settings},
};
use stint_plugin_runtime::manifest::Kind;

/// A place of the configuration that names a plugin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct User<'c> {
    pub(crate) owner: Owner<'c>,
    pub(crate) plugin: &'c Name,
    pub(crate) settings: &'c Settings,
}

impl<'c> User<'c> {
    /// A target, if there is one of this name.
    pub(crate) fn target(config: &'c Config, name: &'c Name) -> Option<Self> {
        let target = config.targets.get(name)?;
        Some(Self { owner: Owner::Target(name), plugin: &target.plugin, settings: &target.settings })
    }

    /// A transform, if there is one of this name.
    pub(crate) fn transform(config: &'c Config, name: &'c Name) -> Option<Self> {
        let used = config.transforms.get(name)?;
        Some(Self { owner: Owner::Transform(name), plugin: &used.plugin, settings: &used.settings })
    }

    /// A policy, if there is one of this name.
    pub(crate) fn policy(config: &'c Config, name: &'c Name) -> Option<Self> {
        let used = config.policies.get(name)?;
        Some(Self { owner: Owner::Policy(name), plugin: &used.plugin, settings: &used.settings })
    }

    /// Everybody who uses any plugin. Targets that are switched off use none.
    pub(crate) fn all(config: &'c Config) -> Vec<Self> {
        let targets = config.targets.iter().filter(|(_, target)| target.enabled);
        let targets = targets.filter_map(|(name, _)| Self::target(config, name));
        let transforms = config.transforms.keys().filter_map(|name| Self::transform(config, name));
        let policies = config.policies.keys().filter_map(|name| Self::policy(config, name));
        targets.chain(transforms).chain(policies).collect()
    }

    /// What the plugin has to be here.
    pub(crate) fn kind(&self) -> Kind {
        match self.owner {
            Owner::Target(_) => Kind::Target,
            Owner::Transform(_) => Kind::Transform,
            Owner::Policy(_) => Kind::Policy,
        }
    }

    /// The table of the configuration: `targets.work`.
    pub(crate) fn place(&self) -> String {
        match self.owner {
            Owner::Target(name) => format!("targets.{name}"),
            Owner::Transform(name) => format!("transforms.{name}"),
            Owner::Policy(name) => format!("policies.{name}"),
        }
    }
}
