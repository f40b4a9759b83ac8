//! The host's task that keeps its plugins: it watches the folder, has the registry look at what changed, and wires the
//! lines anew when the configuration or the catalogue is another one.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use stint_config::Loaded;
use stint_plugin_runtime::{
    Cache, Engine, EngineError, PoolSize,
    registry::{Catalogue, Registry, Rules, Timing, Trial},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{Lines, Outside, Tryout, Unready, Wirer, overview::tell_what_is_new, users::User};
use crate::{desk::Desk, supervise::Stop, watch::Watcher};

/// How soon a folder that is not there is looked for again, or one that couldn't be written: nothing tells when it
/// can be.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Where compiled plugins are kept, in the data directory.
const COMPILED: &str = "compiled";

/// Why plugins can't be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PluginsError {
    #[error("failed to {0}")]
    Engine(#[from] EngineError),
    #[error("failed to watch the folder of plugins: {0}")]
    Notify(#[from] notify::Error),
    #[error("failed to keep the plugins: the task for it was lost")]
    Lost,
}

/// Where the host's plugins and lines are told.
#[derive(Clone, Debug)]
pub(crate) struct Plugins {
    pub(crate) catalogue: watch::Sender<Arc<Catalogue>>,
    pub(crate) lines: watch::Sender<Lines>,
}

/// Keeps plugins and lines until it is told to stop.
pub(crate) async fn keep_wired(
    desk: Desk,
    plugins: Plugins,
    outside: Arc<dyn Outside>,
    mut stop: Stop,
) -> Result<(), PluginsError> {
    let mut current = desk.current.clone();
    let mut loaded = Arc::clone(&current.borrow_and_update().loaded);
    let mut ways = outside.changes();
    let engine = engine(&desk, &loaded).await?;
    let wirer = Wirer::new(Arc::clone(desk.store()), Arc::clone(desk.clock()), &desk.place().zone, outside);
    let wirer = Arc::new(wirer);
    let trial: Arc<dyn Trial> = Arc::new(Tryout::new(Arc::clone(&wirer), desk.current.clone()));
    let (rules, rules_seen) = watch::channel(rules_of(&loaded, 0));
    let (nudge, nudges) = mpsc::channel(1);
    let (mut watcher, mut changes) = Watcher::new(is_plugin)?;
    watcher.look_for(watched(&loaded));
    let mut catalogue = plugins.catalogue.subscribe();
    let mut unpruned = Some(engine.clone());
    let registry = Registry::new(engine, trial, Timing::default(), plugins.catalogue.clone());
    let mut registry_runs = JoinSet::new();
    registry_runs.spawn(registry.run(rules_seen, nudges));
    let mut known = Arc::new(Catalogue::default());
    loop {
        let seen = Arc::clone(&catalogue.borrow_and_update());
        tell_what_is_new(&desk, &known, &seen);
        known = seen;
        if known.settled
            && let Some(engine) = unpruned.take()
        {
            prune(engine, &desk);
        }
        let lines = tell(&wirer, &loaded, &known, &plugins.lines).await;
        let waiting = watcher.lacks_folders() || waits_for_a_folder(&lines);
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            _ = registry_runs.join_next() => return Err(PluginsError::Lost),
            Ok(()) = current.changed() => {
                let now = Arc::clone(&current.borrow_and_update().loaded);
                if !Arc::ptr_eq(&now, &loaded) {
                    loaded = now;
                    rules.send_modify(|rules| *rules = rules_of(&loaded, rules.generation + 1));
                }
            }
            Ok(()) = catalogue.changed() => {}
            Ok(()) = ways.changed() => {}
            () = changes.next() => {
                let _one_waits = nudge.try_send(());
            }
            () = tokio::time::sleep(LOOK_AGAIN), if waiting => {}
        }
        if watcher.look_for(watched(&loaded)) {
            let _one_waits = nudge.try_send(());
        }
    }
}

/// Wires the lines and tells of them, if anything in them differs.
async fn tell(wirer: &Wirer, loaded: &Loaded, catalogue: &Catalogue, told: &watch::Sender<Lines>) -> Lines {
    let lines = wirer.wire(loaded, catalogue).await;
    told.send_if_modified(|known| {
        let same = known.len() == lines.len()
            && known.iter().zip(lines.iter()).all(|(one, other)| Arc::ptr_eq(one.1, other.1));
        if !same {
            *known = Arc::clone(&lines);
        }
        !same
    });
    lines
}

/// The engine, with compiled code kept in the data directory.
pub(crate) async fn engine(desk: &Desk, loaded: &Loaded) -> Result<Engine, PluginsError> {
    let limits = &loaded.config.limits;
    let asked = limits.plugin.keys().map(|name| limits.of(name.as_str()).memory).chain([limits.memory]);
    let asked = asked.max().map_or(0, |memory| usize::try_from(memory.bytes()).unwrap_or(usize::MAX));
    let usual = PoolSize::default();
    let size = PoolSize { memory_bytes_max: usual.memory_bytes_max.max(asked), ..usual };
    let folder = desk.store().data_dir().join(COMPILED);
    let compiler = desk.place().compiler.clone();
    let made = tokio::task::spawn_blocking(move || {
        let cache = Cache::open(&folder);
        if let Err(error) = &cache {
            tracing::warn!(target: "stint::plugins", "failed to {error}: plugins are compiled at each start");
        }
        Engine::with_compiler(size, cache.ok(), compiler)
    });
    Ok(made.await.map_err(|_| PluginsError::Lost)??)
}

/// Removes what was compiled and is of use to no plugin any more, once in a run. Nobody waits for it.
fn prune(engine: Engine, desk: &Desk) {
    let now = desk.now();
    tokio::task::spawn_blocking(move || match engine.prune_compiled(now) {
        Ok(0) => {}
        Ok(removed) => {
            tracing::debug!(target: "stint::plugins", removed, "compiled plugins that nothing uses were removed");
        }
        Err(error) => {
            tracing::warn!(target: "stint::plugins", "failed to clear the folder of compiled plugins: {error}");
        }
    });
}

/// What the configuration says about the folder.
pub(crate) fn rules_of(loaded: &Loaded, generation: u64) -> Rules {
    let pins = loaded.config.plugins.pin.iter();
    Rules {
        folder: loaded.plugin_dir(),
        pins: pins.map(|(name, pin)| (name.as_str().to_owned(), pin.hex().to_owned())).collect(),
        wanted: User::all(&loaded.config).iter().map(|user| user.plugin.as_str().to_owned()).collect(),
        generation,
    }
}

/// The folder of plugins; while it isn't there the one above it, where it will appear.
fn watched(loaded: &Loaded) -> Vec<PathBuf> {
    let Some(folder) = loaded.plugin_dir() else { return Vec::new() };
    match folder.parent() {
        Some(above) if !folder.is_dir() => vec![above.to_owned(), folder],
        _ => vec![folder],
    }
}

fn is_plugin(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension == "wasm")
}

fn waits_for_a_folder(lines: &Lines) -> bool {
    lines.values().any(
        |line| matches!(&line.uploader, Err(Unready::Misconfigured(why)) if why.starts_with("the folder ")),
    )
}
