//! What is known of each file in the folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tokio::task::AbortHandle;

use super::choose::Candidate;
use super::examine::Refused;
use super::stamp::Stamp;
use crate::plugin::Plugin;

/// The files, by their paths.
#[derive(Default)]
pub(super) struct Files {
    pub(super) records: BTreeMap<PathBuf, Record>,
}

/// One file.
pub(super) struct Record {
    pub(super) stamp: Stamp,
    /// The plugin whose file it is or was: while it is looked at anew, it is still that plugin's.
    pub(super) name: Option<String>,
    pub(super) known: Known,
}

/// What is known of it.
pub(super) enum Known {
    /// Nothing yet: it is being looked at.
    Looking(AbortHandle),
    /// It can be called, and its trial ended like this.
    Loaded { plugin: Plugin, verdict: Option<Result<(), String>> },
    /// It is no plugin, or not one that may serve.
    Refused(Refused),
}

impl Record {
    fn plugin_of(&self, name: &str) -> Option<(&Plugin, &Option<Result<(), String>>)> {
        match &self.known {
            Known::Loaded { plugin, verdict } if plugin.manifest().name == name => Some((plugin, verdict)),
            _ => None,
        }
    }
}

impl Files {
    /// Takes in what a scan found: what is gone is forgotten, and what moved keeps what is known of it. Answers with
    /// the files that have to be looked at.
    pub(super) fn take_in(&mut self, found: BTreeMap<PathBuf, Stamp>) -> Vec<(PathBuf, Stamp)> {
        let mut gone: Vec<Record> = Vec::new();
        self.records.retain(|file, record| {
            let stays = found.contains_key(file);
            if !stays {
                let nothing = Known::Refused(Refused::default());
                let known = std::mem::replace(&mut record.known, nothing);
                gone.push(Record { stamp: record.stamp, name: record.name.take(), known });
            }
            stays
        });
        let mut changed = Vec::new();
        for (file, stamp) in found {
            match self.records.get(&file) {
                // It follows the changes itself.
                Some(Record { known: Known::Looking(_), .. }) => {}
                Some(record) if record.stamp == stamp => {}
                Some(_) => changed.push((file, stamp)),
                None => {
                    let loaded = |record: &Record| matches!(record.known, Known::Loaded { .. });
                    let moved = gone.iter().position(|old| loaded(old) && old.stamp.has_moved_to(&stamp));
                    match moved {
                        Some(at) => {
                            let record = Record { stamp, ..gone.swap_remove(at) };
                            self.records.insert(file, record);
                        }
                        None => changed.push((file, stamp)),
                    }
                }
            }
        }
        gone.iter().for_each(Record::stop);
        changed
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.records.values().for_each(Record::stop);
        self.records.clear();
    }

    /// Whether any file is still being looked at.
    pub(super) fn any_unknown(&self) -> bool {
        self.records.values().any(|record| matches!(record.known, Known::Looking(_)))
    }

    /// The files of which nobody knows yet whose they are.
    pub(super) fn unnamed(&self) -> impl Iterator<Item = &Path> {
        let looked_at = |record: &Record| matches!(record.known, Known::Looking(_)) && record.name.is_none();
        self.records.iter().filter(move |(_, record)| looked_at(record)).map(|(file, _)| file.as_path())
    }

    /// The plugins that could be loaded under a name.
    pub(super) fn candidates(&self, name: &str) -> Vec<Candidate> {
        let of_name = self.records.iter().filter_map(|(file, record)| {
            let (plugin, verdict) = record.plugin_of(name)?;
            Some(Candidate {
                file: file.clone(),
                version: plugin.manifest().version.clone(),
                sha256: plugin.sha256().to_owned(),
                verdict: verdict.clone(),
            })
        });
        of_name.collect()
    }

    /// The plugin of a file.
    pub(super) fn plugin(&self, file: &Path) -> Option<&Plugin> {
        match &self.records.get(file)?.known {
            Known::Loaded { plugin, .. } => Some(plugin),
            _ => None,
        }
    }

    /// The files of a name that were refused before any trial.
    pub(super) fn refused(&self, name: &str) -> Vec<(&Path, &Refused)> {
        let of_name = self.records.iter().filter(|(_, record)| record.name.as_deref() == Some(name));
        let refused = of_name.filter_map(|(file, record)| match &record.known {
            Known::Refused(refused) => Some((file.as_path(), refused)),
            _ => None,
        });
        refused.collect()
    }

    /// Whether any file is or was this plugin's.
    pub(super) fn has_any(&self, name: &str) -> bool {
        self.records.values().any(|record| record.name.as_deref() == Some(name))
    }

    /// Every name that a file has.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.records.values().filter_map(|record| record.name.as_deref())
    }

    /// Notes what came of a trial.
    pub(super) fn judge(&mut self, name: &str, sha256: &str, judged: &Result<(), String>) {
        for record in self.records.values_mut() {
            if let Known::Loaded { plugin, verdict } = &mut record.known
                && plugin.manifest().name == name
                && plugin.sha256() == sha256
            {
                *verdict = Some(judged.clone());
            }
        }
    }

    /// Forgets how trials ended: with another configuration they may end otherwise.
    pub(super) fn forget_verdicts(&mut self) {
        for record in self.records.values_mut() {
            if let Known::Loaded { verdict, .. } = &mut record.known {
                *verdict = None;
            }
        }
    }

    /// The files that were refused for the pin of an earlier configuration.
    pub(super) fn refused_by_pin(&self) -> Vec<(PathBuf, Stamp)> {
        let refused = self
            .records
            .iter()
            .filter(|(_, record)| matches!(&record.known, Known::Refused(refused) if refused.by_pin));
        refused.map(|(file, record)| (file.clone(), record.stamp)).collect()
    }
}

impl Record {
    fn stop(&self) {
        if let Known::Looking(task) = &self.known {
            task.abort();
        }
    }
}
