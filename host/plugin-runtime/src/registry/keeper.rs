//! The keeper of the folder: hears that something changed, has each file looked at by a task of its own, and swaps
//! what serves.
//!
//! Invariant: only this loop changes what is known, one event after another, and it never waits for a file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::FutureExt as _;
use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};

use super::catalogue::Catalogue;
use super::choose::{Step, choose, shown};
use super::examine::{Examined, Examiner, Refused};
use super::files::{Files, Known, Record};
use super::rules::{Rules, Timing, Trial};
use super::stamp::{Stamp, scan};
use crate::engine::Engine;
use crate::plugin::Plugin;

/// Keeps a folder of plugins.
pub struct Registry {
    examiner: Examiner,
    trial: Arc<dyn Trial>,
    catalogue: watch::Sender<Arc<Catalogue>>,
    pub(super) rules: Rules,
    pub(super) files: Files,
    pub(super) serving: BTreeMap<String, Serving>,
    /// The names whose candidates are being tried, and the hashes of these.
    trying: BTreeMap<String, String>,
    tasks: JoinSet<Told>,
    scanning: Scanning,
    pub(super) settled: bool,
    pub(super) trouble: Option<String>,
}

/// What serves under a name, and where its file is or was.
pub(super) struct Serving {
    pub(super) plugin: Plugin,
    pub(super) file: PathBuf,
}

/// Where the loop is with the folder.
#[derive(Default)]
struct Scanning {
    busy: bool,
    /// Something changed meanwhile.
    again: bool,
    /// The folder was read once: what is new from now on was written just now.
    done: bool,
}

/// What a task tells.
enum Told {
    Scanned { folder: PathBuf, found: io::Result<BTreeMap<PathBuf, Stamp>> },
    Examined { file: PathBuf, stamp: Option<Stamp>, examined: Examined },
    Judged { name: String, sha256: String, generation: u64, verdict: Result<(), String> },
}

impl Registry {
    /// A registry that tells of its plugins through `catalogue`.
    pub fn new(
        engine: Engine,
        trial: Arc<dyn Trial>,
        timing: Timing,
        catalogue: watch::Sender<Arc<Catalogue>>,
    ) -> Self {
        Self {
            examiner: Examiner::new(engine, timing),
            trial,
            catalogue,
            rules: Rules::default(),
            files: Files::default(),
            serving: BTreeMap::new(),
            trying: BTreeMap::new(),
            tasks: JoinSet::new(),
            scanning: Scanning::default(),
            settled: false,
            trouble: None,
        }
    }

    /// Keeps the folder, until whoever says the rules or hears of changes is gone. Everything ends with the future.
    pub async fn run(mut self, mut rules: watch::Receiver<Rules>, mut changes: mpsc::Receiver<()>) {
        let settling = tokio::time::sleep(self.examiner.timing.settling);
        tokio::pin!(settling);
        self.obey(rules.borrow_and_update().clone());
        loop {
            tokio::select! {
                changed = rules.changed() => match changed {
                    Ok(()) => {
                        let rules = rules.borrow_and_update().clone();
                        self.obey(rules);
                    }
                    Err(_) => return,
                },
                change = changes.recv() => match change {
                    Some(()) => self.look(),
                    None => return,
                },
                Some(told) = self.tasks.join_next_with_id() => self.hear(told),
                () = &mut settling, if !self.settled => self.settled = true,
            }
            self.settle();
        }
    }

    /// Goes by new rules.
    fn obey(&mut self, rules: Rules) {
        if rules.folder != self.rules.folder {
            self.files.clear();
            self.scanning.done = false;
            self.settled = false;
            self.trouble = None;
        }
        self.rules = rules;
        self.files.forget_verdicts();
        for (file, stamp) in self.files.refused_by_pin() {
            self.examine(file, stamp, false);
        }
        self.look();
    }

    /// Has the folder read. However often it is said meanwhile, it is read once more.
    fn look(&mut self) {
        if self.scanning.busy {
            self.scanning.again = true;
            return;
        }
        let Some(folder) = self.rules.folder.clone() else { return };
        self.scanning.busy = true;
        self.tasks.spawn_blocking(move || Told::Scanned { found: scan(&folder), folder });
    }

    fn hear(&mut self, told: Result<(Id, Told), JoinError>) {
        match told.map(|(_, told)| told) {
            Ok(Told::Scanned { folder, found }) => self.scanned(&folder, found),
            Ok(Told::Examined { file, stamp, examined }) => self.examined(&file, stamp, examined),
            Ok(Told::Judged { name, sha256, generation, verdict }) => {
                self.trying.remove(&name);
                // What was judged by another configuration is judged again.
                if generation == self.rules.generation {
                    self.files.judge(&name, &sha256, &verdict);
                }
            }
            Err(error) => self.lost(&error),
        }
    }

    fn scanned(&mut self, folder: &Path, found: io::Result<BTreeMap<PathBuf, Stamp>>) {
        self.scanning.busy = false;
        if std::mem::take(&mut self.scanning.again) || self.rules.folder.as_deref() != Some(folder) {
            self.look();
        }
        if self.rules.folder.as_deref() != Some(folder) {
            return;
        }
        let found = match found {
            Ok(found) => {
                self.trouble = None;
                found
            }
            Err(error) => {
                let gone = error.kind() == io::ErrorKind::NotFound;
                self.trouble = Some(if gone {
                    format!("there is no folder {}; make it, and put the plugins there", folder.display())
                } else {
                    format!("the folder {} can't be read: {error}", folder.display())
                });
                if !gone {
                    // Whatever is in it is still there.
                    self.scanning.done = true;
                    return;
                }
                BTreeMap::new()
            }
        };
        let fresh = std::mem::replace(&mut self.scanning.done, true);
        for (file, stamp) in self.files.take_in(found) {
            self.examine(file, stamp, fresh);
        }
    }

    fn examine(&mut self, file: PathBuf, stamp: Stamp, fresh: bool) {
        let (examiner, pins, path) = (self.examiner.clone(), self.rules.pins.clone(), file.clone());
        let task = self.tasks.spawn(async move {
            let (stamp, examined) = examiner.examine(&path, fresh, |name| pins.get(name).cloned()).await;
            Told::Examined { file: path, stamp, examined }
        });
        let name = self.files.records.get(&file).and_then(|record| record.name.clone());
        self.files.records.insert(file, Record { stamp, name, known: Known::Looking(task) });
    }

    fn examined(&mut self, file: &Path, stamp: Option<Stamp>, examined: Examined) {
        let Some(record) = self.files.records.get_mut(file) else { return };
        record.stamp = stamp.unwrap_or(record.stamp);
        match examined {
            Examined::Loaded(plugin) => {
                record.name = Some(plugin.manifest().name.clone());
                record.known = Known::Loaded { plugin, verdict: None };
            }
            Examined::Refused(refused) => {
                let says = refused.manifest.as_ref().map(|manifest| manifest.name.clone());
                let stem = || file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
                record.name = says.or(record.name.take()).or_else(stem);
                record.known = Known::Refused(refused);
            }
            Examined::Gone => {
                self.files.records.remove(file);
            }
        }
        // It may have changed after it was read.
        self.look();
    }

    /// A task ended without telling anything. One that was stopped isn't missed: its file is gone.
    fn lost(&mut self, error: &JoinError) {
        if error.is_cancelled() {
            return;
        }
        let of_task =
            |record: &Record| matches!(&record.known, Known::Looking(task) if task.id() == error.id());
        match self.files.records.iter_mut().find(|(_, record)| of_task(record)) {
            Some((file, record)) => {
                let why = format!("{} could not be looked at: {error}", shown(file));
                record.known = Known::Refused(Refused { why, ..Refused::default() });
            }
            // It was a scan, and the next change asks for another one.
            None => self.scanning.busy = false,
        }
    }

    /// Draws the consequences of what is known now.
    fn settle(&mut self) {
        self.choose_all();
        if !self.settled && self.scanning_is_over() {
            self.settled = true;
            self.choose_all();
        }
        let catalogue = self.catalogue();
        self.catalogue.send_if_modified(|known| {
            let differs = **known != catalogue;
            if differs {
                *known = Arc::new(catalogue);
            }
            differs
        });
    }

    fn scanning_is_over(&self) -> bool {
        let read = self.scanning.done || self.rules.folder.is_none();
        read && !self.files.any_unknown() && self.trying.is_empty()
    }

    fn choose_all(&mut self) {
        let names: BTreeSet<String> =
            self.files.names().map(str::to_owned).chain(self.serving.keys().cloned()).collect();
        for name in names {
            self.choose(&name);
        }
    }

    fn choose(&mut self, name: &str) {
        let candidates = self.files.candidates(name);
        let pin = self.rules.pins.get(name).cloned();
        let serving = self.serving.get(name).map(|serving| serving.plugin.sha256().to_owned());
        match choose(name, &candidates, serving.as_deref(), pin.as_deref()).step {
            Step::Serve(index) => {
                let candidate = &candidates[index];
                if let Some(plugin) = self.files.plugin(&candidate.file) {
                    let same = serving.as_deref() == Some(candidate.sha256.as_str());
                    let kept = self.serving.remove(name).filter(|_| same);
                    let plugin = kept.map_or_else(|| plugin.clone(), |kept| kept.plugin);
                    let file = candidate.file.clone();
                    self.serving.insert(name.to_owned(), Serving { plugin, file });
                }
            }
            Step::Try(index) => {
                if let Some(candidate) = self.files.plugin(&candidates[index].file).cloned() {
                    self.try_out(name, candidate);
                }
            }
            Step::Nobody if self.settled && !self.files.has_any(name) => {
                self.serving.remove(name);
            }
            // The last good one goes on.
            Step::Nobody => {}
        }
        if pin.is_some_and(|pin| self.serving.get(name).is_some_and(|serving| serving.plugin.sha256() != pin))
        {
            self.serving.remove(name);
        }
    }

    fn try_out(&mut self, name: &str, candidate: Plugin) {
        if self.trying.contains_key(name) {
            return;
        }
        self.trying.insert(name.to_owned(), candidate.sha256().to_owned());
        let (trial, name, generation) = (Arc::clone(&self.trial), name.to_owned(), self.rules.generation);
        let serving = self.serving.get(&name).map(|serving| serving.plugin.clone());
        self.tasks.spawn(async move {
            let sha256 = candidate.sha256().to_owned();
            let judged = AssertUnwindSafe(trial.judge(candidate, serving)).catch_unwind().await;
            let verdict =
                judged.unwrap_or_else(|_| Err("it could not be tried: the trial panicked".to_owned()));
            Told::Judged { name, sha256, generation, verdict }
        });
    }
}
