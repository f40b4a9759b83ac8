//! What is known, put into words: the catalogue that others read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::catalogue::{Catalogue, Entry, State};
use super::choose::{Step, choose};
use super::keeper::Registry;
use crate::words;

impl Registry {
    /// The catalogue of this moment.
    pub(super) fn catalogue(&self) -> Catalogue {
        let names: BTreeSet<&str> = self
            .files
            .names()
            .chain(self.serving.keys().map(String::as_str))
            .chain(self.rules.wanted.iter().map(String::as_str))
            .collect();
        let entries: BTreeMap<String, Entry> =
            names.iter().filter_map(|name| Some(((*name).to_owned(), self.entry(name)?))).collect();
        Catalogue { entries, settled: self.settled, trouble: self.trouble.clone() }
    }

    /// What is known under a name; nothing while it is being found out.
    fn entry(&self, name: &str) -> Option<Entry> {
        let serving = self.serving.get(name);
        let candidates = self.files.candidates(name);
        let pin = self.rules.pins.get(name).map(String::as_str);
        let hash = serving.map(|serving| serving.plugin.sha256());
        let choice = choose(name, &candidates, hash, pin);
        let refused = self.files.refused(name);
        let mut reasons: Vec<String> = refused.iter().map(|(_, refused)| refused.why.clone()).collect();
        reasons.extend(choice.refused);
        let rejected = (!reasons.is_empty()).then(|| reasons.join("; "));
        if let Some(serving) = serving {
            let version = &serving.plugin.manifest().version;
            let left_out = (!choice.left_out.is_empty()).then(|| choice.left_out.join("; "));
            let state = if rejected.is_some() { State::Rejected } else { State::Ready };
            let error =
                rejected.map(|why| format!("reload rejected: {why}; version {version} goes on")).or(left_out);
            return Some(Entry {
                plugin: Some(serving.plugin.clone()),
                manifest: Some(Arc::new(serving.plugin.manifest().clone())),
                file: Some(serving.file.clone()),
                sha256: Some(serving.plugin.sha256().to_owned()),
                state,
                error,
            });
        }
        if matches!(choice.step, Step::Try(_)) || (rejected.is_none() && self.files.has_any(name)) {
            return None;
        }
        if let Some(why) = rejected {
            let (file, found) = refused.first().map(|(file, found)| (*file, *found)).unzip();
            let loaded = candidates.first();
            let manifest = loaded
                .and_then(|loaded| self.files.plugin(&loaded.file))
                .map(|plugin| Arc::new(plugin.manifest().clone()));
            return Some(Entry {
                plugin: None,
                manifest: found.and_then(|found| found.manifest.clone()).or(manifest),
                file: file.map(Into::into).or_else(|| loaded.map(|loaded| loaded.file.clone())),
                sha256: found
                    .and_then(|found| found.sha256.clone())
                    .or_else(|| loaded.map(|loaded| loaded.sha256.clone())),
                state: State::Rejected,
                error: Some(why),
            });
        }
        (self.settled && self.rules.wanted.contains(name)).then(|| self.missing(name))
    }

    fn missing(&self, name: &str) -> Entry {
        let known = self.serving.keys().map(String::as_str);
        let unnamed: Vec<&Path> = self.files.unnamed().collect();
        let error = not_yet_sentence(name, &unnamed).unwrap_or_else(|| {
            missing_sentence(name, self.rules.folder.as_deref(), self.trouble.as_deref(), known)
        });
        let (plugin, manifest, file, sha256) = (None, None, None, None);
        Entry { plugin, manifest, file, sha256, state: State::Missing, error: Some(error) }
    }
}

/// That nobody can say yet whether a plugin is there, while files are being looked at.
fn not_yet_sentence(name: &str, unnamed: &[&Path]) -> Option<String> {
    let (first, others) = unnamed.split_first()?;
    let first = first.file_name().unwrap_or_default().display();
    let them = match others.len() {
        0 => format!("{first} is"),
        1 => format!("{first} and another file are"),
        more => format!("{first} and {more} other files are"),
    };
    Some(format!("plugin `{name}` is not found yet: {them} still being looked at, which can take a minute"))
}

/// That a plugin isn't there, and what to do about it.
pub(super) fn missing_sentence<'k>(
    name: &str,
    folder: Option<&Path>,
    trouble: Option<&str>,
    known: impl Iterator<Item = &'k str>,
) -> String {
    let Some(folder) = folder else {
        return format!(
            "plugin `{name}` is missing: there is no folder of plugins; name one as plugins.dir in stint.toml"
        );
    };
    if let Some(trouble) = trouble {
        return format!("plugin `{name}` is missing: {trouble}");
    }
    let meant = words::nearest(name, known)
        .map(|meant| format!(", or write plugin = \"{meant}\""))
        .unwrap_or_default();
    format!(
        "plugin `{name}` is missing: no file in {} has this name; put {name}.wasm there{meant}",
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_not_called_missing_while_its_file_may_be_looked_at() {
        let said = |unnamed: &[&str]| {
            let unnamed: Vec<&Path> = unnamed.iter().map(Path::new).collect();
            not_yet_sentence("words", &unnamed)
        };
        assert_eq!(said(&[]), None);
        for (unnamed, them) in [
            (&["/a/words.wasm"][..], "words.wasm is"),
            (&["/a/x.wasm", "/a/y.wasm"], "x.wasm and another file are"),
            (&["/a/x.wasm", "/a/y.wasm", "/a/z.wasm"], "x.wasm and 2 other files are"),
        ] {
            let sentence = format!(
                "plugin `words` is not found yet: {them} still being looked at, which can take a minute"
            );
            assert_eq!(said(unnamed), Some(sentence));
        }
    }
}
