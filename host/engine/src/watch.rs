//! Watches the configuration's folders, and has it read again when something in them changed. The folders are
//! watched rather than the files, because an editor replaces a file by another one.

use std::{path::PathBuf, pin::Pin, time::Duration};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::{
    sync::mpsc,
    time::{Sleep, sleep, timeout},
};

use crate::{
    reload::{ReloadError, Reloader},
    supervise::Stop,
};

/// An editor writes a file in several steps; what follows within this time is one change.
const QUIET: Duration = Duration::from_millis(200);
/// Where changes follow one another without end, one is told so often.
const AT_LEAST: Duration = Duration::from_secs(2);
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
    let (mut watcher, mut changes) = Watcher::new()?;
    // A change between the host's reading and the first watch would be missed otherwise.
    watcher.look_for(reloader.watched());
    reloader.reload().await?;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            () = changes.next() => {}
            () = sleep(LOOK_AGAIN), if watcher.lacks_folders() => {
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
    kernel: RecommendedWatcher,
    /// With the number of the folder itself: another one of the same name has to be watched anew.
    watched: Vec<(PathBuf, u64)>,
    lacking: bool,
}

/// What changes in them. The kernel tells, and in between nobody wakes up.
pub(crate) struct Changes {
    told: mpsc::Receiver<()>,
    /// When a change is told that is not over yet, at the latest.
    latest: Option<Pin<Box<Sleep>>>,
}

impl Changes {
    /// Waits for a change, and until it is over. Whoever stops waiting in between misses nothing.
    pub(crate) async fn next(&mut self) {
        if self.latest.is_none() {
            if self.told.recv().await.is_none() {
                // Nobody watches any more.
                return std::future::pending().await;
            }
            self.latest = Some(Box::pin(sleep(AT_LEAST)));
        }
        while let Some(latest) = &mut self.latest {
            tokio::select! {
                () = latest => self.latest = None,
                told = timeout(QUIET, self.told.recv()) => if !told.is_ok_and(|told| told.is_some()) {
                    self.latest = None;
                },
            }
        }
    }
}

impl Watcher {
    pub(crate) fn new() -> Result<(Self, Changes), notify::Error> {
        let (sender, told) = mpsc::channel(1);
        let kernel = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| !event.kind.is_access()) {
                // One that waits already says the same.
                let _ = sender.try_send(());
            }
        })?;
        Ok((Self { kernel, watched: Vec::new(), lacking: false }, Changes { told, latest: None }))
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
            if known || self.kernel.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
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
            let _ = self.kernel.unwatch(folder);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn changes() -> (mpsc::Sender<()>, Changes) {
        let (sender, told) = mpsc::channel(1);
        (sender, Changes { told, latest: None })
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_together_is_one_change() {
        let (sender, mut changes) = changes();
        for _ in 0..3 {
            sender.send(()).await.unwrap();
            let waits = timeout(QUIET / 2, changes.next()).await;
            assert!(waits.is_err(), "it isn't over yet, and giving up loses nothing");
        }
        changes.next().await;
        assert!(timeout(AT_LEAST, changes.next()).await.is_err(), "it was one");
        drop(sender);
        assert!(timeout(AT_LEAST, changes.next()).await.is_err(), "nobody watches, which is no change");
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_without_end_is_told_nevertheless() {
        let (sender, mut changes) = changes();
        let busy = async {
            loop {
                let _ = sender.try_send(());
                sleep(QUIET / 4).await;
            }
        };
        tokio::select! {
            () = busy => {}
            () = async { changes.next().await; changes.next().await } => {}
        }
    }
}
