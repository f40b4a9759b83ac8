//! Watches the configuration's folders, and has it read again when something in them changed. The folders are
//! watched rather than the files, because an editor replaces a file by another one.

use std::{path::PathBuf, time::Duration};

use notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use tokio::sync::mpsc;

use crate::{
    reload::{ReloadError, Reloader},
    supervise::Stop,
};

/// An editor writes a file in several steps; what follows within this time is one change.
const QUIET: Duration = Duration::from_millis(200);
/// How soon a folder that is not there is looked for again: nothing tells when it comes.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// Why the folders can't be watched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    #[error("failed to watch the configuration's folder: {0}")]
    Notify(#[from] notify::Error),
    #[error(transparent)]
    Reload(#[from] ReloadError),
}

/// Watches until it is told to stop.
pub(crate) async fn watch(reloader: Reloader, mut stop: Stop) -> Result<(), WatchError> {
    let (sender, mut changes) = mpsc::channel::<()>(1);
    let mut watcher = Watcher::new(sender)?;
    // A change between the host's reading and the first watch would be missed otherwise.
    watcher.look_for(reloader.watched());
    reloader.reload().await?;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            change = changes.recv() => {
                if change.is_none() {
                    return Ok(());
                }
            }
            () = tokio::time::sleep(LOOK_AGAIN), if watcher.lacks_folders() => {
                if !watcher.look_for(reloader.watched()) {
                    continue;
                }
            }
        }
        reloader.reload().await?;
        watcher.look_for(reloader.watched());
    }
}

/// The folders that are watched.
pub(crate) struct Watcher {
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    /// With the number of the folder itself: another one of the same name has to be watched anew.
    watched: Vec<(PathBuf, u64)>,
    lacking: bool,
}

impl Watcher {
    pub(crate) fn new(sender: mpsc::Sender<()>) -> Result<Self, notify::Error> {
        let debouncer = new_debouncer(QUIET, None, move |events: DebounceEventResult| {
            let matters = events.map_or(true, |events| events.iter().any(|event| !event.kind.is_access()));
            if matters {
                // One that waits already says the same.
                let _ = sender.try_send(());
            }
        })?;
        Ok(Self { debouncer, watched: Vec::new(), lacking: false })
    }

    /// Watches those of the folders that are there. Says whether one was found that wasn't watched before.
    pub(crate) fn look_for(&mut self, folders: Vec<PathBuf>) -> bool {
        let (mut found, mut now) = (false, Vec::new());
        self.lacking = false;
        for folder in folders {
            let Some(number) = number(&folder) else {
                self.lacking = true;
                continue;
            };
            let known = self.watched.contains(&(folder.clone(), number));
            if known || self.debouncer.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                found |= !known;
                now.push((folder, number));
            } else {
                self.lacking = true;
            }
        }
        for (folder, _) in
            self.watched.iter().filter(|(folder, _)| now.iter().all(|(kept, _)| kept != folder))
        {
            // It is gone, and its watch with it.
            let _ = self.debouncer.unwatch(folder);
        }
        self.watched = now;
        found
    }

    pub(crate) fn lacks_folders(&self) -> bool {
        self.lacking
    }
}

#[cfg(unix)]
fn number(folder: &std::path::Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(folder).ok()?;
    found.is_dir().then(|| found.ino())
}
