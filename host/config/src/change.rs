//! What differs between two configurations: what a reload has to do, and what it says it did.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Config, Target},
    value::Name,
};

/// What differs between two configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The fixed tables in which something changed.
    pub tables: Vec<&'static str>,
    /// Targets that weren't there.
    pub added: BTreeSet<Name>,
    /// Targets that aren't there any more.
    pub removed: BTreeSet<Name>,
    /// Targets that are something else now: themselves, or a transform, policy or credential of theirs.
    pub changed: BTreeSet<Name>,
}

impl Changes {
    /// What differs.
    pub fn between(old: &Config, new: &Config) -> Self {
        let tables = [
            ("storage", old.storage != new.storage),
            ("identity", old.identity != new.identity),
            ("network", old.network != new.network),
            ("timer", old.timer != new.timer),
            ("capture", old.capture != new.capture),
            ("activity", old.activity != new.activity),
            ("sync", old.sync != new.sync),
            ("plugins", old.plugins != new.plugins),
            ("limits", old.limits != new.limits),
            ("control", old.control != new.control),
            ("log", old.log != new.log),
        ];
        let names = |config: &Config| config.targets.keys().cloned().collect::<BTreeSet<Name>>();
        let (before, after) = (names(old), names(new));
        let same = |name: &Name| match (old.targets.get(name), new.targets.get(name)) {
            (Some(was), Some(is)) => was == is && parts(old, was) == parts(new, is),
            _ => false,
        };
        Self {
            tables: tables.into_iter().filter(|(_, differs)| *differs).map(|(table, _)| table).collect(),
            added: after.difference(&before).cloned().collect(),
            removed: before.difference(&after).cloned().collect(),
            changed: before.intersection(&after).filter(|name| !same(name)).cloned().collect(),
        }
    }

    /// Whether nothing does.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a target refers to.
fn parts<'c>(config: &'c Config, target: &'c Target) -> impl PartialEq + use<'c> {
    let transforms: Vec<_> = target.transforms.iter().map(|name| config.transforms.get(name)).collect();
    let policy = target.policy.as_ref().map(|name| config.policies.get(name));
    let credentials: BTreeMap<_, _> =
        target.credentials.values().map(|name| (name, config.credentials.get(name))).collect();
    (transforms, policy, credentials)
}
