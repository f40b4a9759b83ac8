//! The plugins and lines that are looked at: a host's own where one runs, else the same made here for the moment.

use std::{path::Path, sync::Arc};

use stint_config::Loaded;
use stint_plugin_runtime::registry::{Catalogue, State, survey};

use crate::{
    desk::Desk,
    outward::Outward,
    presence::Presence,
    wiring::{Lines, Wirer, engine, rules_of},
};

/// What serves, and what it is wired to.
pub(super) async fn wired(desk: &Desk, loaded: &Loaded) -> Result<(Arc<Catalogue>, Lines), String> {
    if matches!(desk.presence(), Presence::Host { .. }) {
        return Ok((desk.plugins().borrow().clone(), desk.lines().borrow().clone()));
    }
    let rules = rules_of(loaded, 0);
    let wanted = rules.wanted.clone();
    let surveyed = tokio::task::spawn_blocking(move || survey(&rules)).await;
    let mut catalogue = surveyed.map_err(|_| "the folder of plugins could not be read".to_owned())?;
    let engine = engine(desk, loaded).await.map_err(|error| error.to_string())?;
    for (name, entry) in &mut catalogue.entries {
        let Some(file) = entry.file.clone().filter(|_| entry.state == State::Ready && wanted.contains(name))
        else {
            continue;
        };
        match engine.load(Path::new(&file)).await {
            Ok(plugin) => entry.plugin = Some(plugin),
            Err(error) => (entry.state, entry.error) = (State::Rejected, Some(error.operator())),
        }
    }
    let outside = Arc::new(Outward::new(desk.keys().clone()));
    let wirer = Wirer::new(Arc::clone(desk.store()), Arc::clone(desk.clock()), &desk.place().zone, outside);
    let lines = wirer.wire(loaded, &catalogue).await;
    Ok((Arc::new(catalogue), lines))
}
