//! Watches the configuration's folders, and has it read again when something in them changed. The folders are
//! watched rather than the files, because an editor replaces a file by another one.

use std::{
    path::{Path, PathBuf},
    pin::Pin,
    time::Duration,
};

use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::ModifyKind::{Data, Metadata},
};
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
    let (mut watcher, mut changes) = Watcher::new(reloader.minds())?;
    // A change between the host's reading and the first watch would be missed otherwise.
    watcher.look_for(reloader.watched());
    reloader.reload().await?;
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => return Ok(()),
            () = changes.next() => {
                watcher.look_for(reloader.watched());
            }
            () = sleep(LOOK_AGAIN), if watcher.lacks_folders() => {
                if !watcher.look_for(reloader.watched()) {
                    continue;
                }
            }
        }
        // After the look: what is written into a folder once it is watched is told.
        reloader.reload().await?;
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
    /// Watches for what comes, goes or gets another name, and for what is written into files that are minded.
    pub(crate) fn new(
        minds: impl Fn(&Path) -> bool + Send + 'static,
    ) -> Result<(Self, Changes), notify::Error> {
        let (sender, told) = mpsc::channel(1);
        let kernel = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| is_a_change(&event, &minds)) {
                // One that waits already says the same.
                let _ = sender.try_send(());
            }
        })?;
        Ok((Self { kernel, watched: Vec::new(), lacking: false }, Changes { told, latest: None }))
    }

    /// Watches those of the folders that are there. Says whether one was found that wasn't watched before.
    pub(crate) fn look_for(&mut self, folders: Vec<PathBuf>) -> bool {
        let (mut found, mut now, mut lacking) = (false, Vec::new(), Vec::new());
        for folder in folders {
            let Some(number) = number(&folder) else {
                lacking.push(folder);
                continue;
            };
            let known = self.watched.contains(&(folder.clone(), number));
            if known || self.kernel.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                found |= !known;
                now.push((folder, number));
            } else {
                lacking.push(folder);
            }
        }
        // One that comes in a folder that is watched is told.
        let is_told = |folder: &PathBuf| {
            now.iter().any(|(above, _)| folder.parent() == Some(above) && !folder.exists())
        };
        self.lacking = !lacking.iter().all(is_told);
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

/// A file that only lies there, a log for instance, may be written to as often as it likes.
fn is_a_change(event: &Event, minds: impl Fn(&Path) -> bool) -> bool {
    match event.kind {
        EventKind::Access(_) => false,
        EventKind::Modify(Data(_) | Metadata(_)) => event.paths.iter().any(|path| minds(path)),
        _ => true,
    }
}

#[cfg(unix)]
fn number(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(folder).ok()?;
    found.is_dir().then(|| found.ino())
}

#[cfg(test)]
mod tests {
    use notify::event::{DataChange, Flag};

    use super::*;

    fn changes() -> (mpsc::Sender<()>, Changes) {
        let (sender, told) = mpsc::channel(1);
        (sender, Changes { told, latest: None })
    }

    #[tokio::test]
    async fn a_log_that_lies_beside_is_no_change() {
        let folder = tempfile::tempdir().unwrap();
        let (log, file) = (folder.path().join("a.log"), folder.path().join("stint.toml"));
        for file in [&log, &file] {
            std::fs::write(file, "before").unwrap();
        }
        let (asked, asked_about) = std::sync::mpsc::channel();
        let minds = move |path: &Path| {
            let _ = asked.send(path.to_owned());
            path.extension().is_some_and(|extension| extension == "toml")
        };
        let (mut watcher, mut changes) = Watcher::new(minds).unwrap();
        assert!(watcher.look_for(vec![folder.path().to_owned()]));
        std::fs::write(&log, "line").unwrap();
        std::fs::write(&file, "after").unwrap();
        changes.next().await;
        assert_eq!(asked_about.try_recv().unwrap(), log, "the kernel told, and it was no change");
        std::fs::rename(&log, folder.path().join("b.log")).unwrap();
        changes.next().await;
        std::fs::remove_file(&file).unwrap();
        changes.next().await;
    }

    #[test]
    fn what_is_written_counts_where_it_is_minded_and_what_is_unknown_always() {
        let written = Event::new(EventKind::Modify(Data(DataChange::Any))).add_path("a.log".into());
        assert!(!is_a_change(&written, |_| false));
        assert!(is_a_change(&written, |_| true));
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert!(is_a_change(&lost, |_| false));
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
