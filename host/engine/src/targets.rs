//! The targets that the configuration names, made known to the store: what is recorded from then on goes to them too.

use stint_config::Config;
use stint_domain::time::UnixMs;
use stint_store::{Error, Store, queue::Room, target};

/// The targets that get items. One that is switched off is retired: its rows stay as they are.
fn wanted(config: &Config) -> Vec<target::Spec> {
    let enabled = config.targets.iter().filter(|(_, target)| target.enabled);
    enabled
        .map(|(name, target)| target::Spec {
            name: name.as_str().to_owned(),
            accepts: target.accepts.clone(),
        })
        .collect()
}

/// How much may wait at one target.
pub(crate) fn room(config: &Config) -> Room {
    Room { backlog_max: u64::from(config.storage.max_backlog) }
}

/// Makes the store's targets those of the configuration. Writes only where something differs, because every command
/// without a host comes here first.
pub(crate) async fn adopt(store: &Store, config: &Config, now: UnixMs) -> Result<(), Error> {
    let wanted = wanted(config);
    let mut sorted: Vec<target::Spec> = wanted.iter().cloned().map(in_order).collect();
    sorted.sort_by(|one, other| one.name.cmp(&other.name));
    if store.read(|transaction| target::configured(transaction))? == sorted {
        return Ok(());
    }
    store.write(move |transaction| target::sync(transaction, &wanted, now).map(drop)).await
}

fn in_order(mut spec: target::Spec) -> target::Spec {
    spec.accepts.sort_unstable();
    spec.accepts.dedup();
    spec
}
