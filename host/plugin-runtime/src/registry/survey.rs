//! What is in a folder of plugins, without running anything of it: for whoever asks while no host runs.

use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::catalogue::{Catalogue, Entry, State};
use super::choose::{Candidate, Step, choose};
use super::describe::missing_sentence;
use super::examine::Refused;
use super::rules::Rules;
use super::stamp::scan;
use crate::attachment::hexadecimal;
use crate::load::read;
use crate::load_error::{Fault, LoadError};
use crate::manifest::{self, Manifest};

/// Reads a folder: the same choice among its files as a host makes, but for what only compiling and trying would show.
/// Reads all of them, and blocks meanwhile.
pub fn survey(rules: &Rules) -> Catalogue {
    let mut catalogue = Catalogue { settled: true, ..Catalogue::default() };
    let mut found = Vec::new();
    if let Some(folder) = &rules.folder {
        match scan(folder) {
            Ok(files) => found.extend(files.into_keys().map(|file| (look(&file), file))),
            Err(error) => {
                catalogue.trouble = Some(format!("the folder {} can't be read: {error}", folder.display()));
            }
        }
    }
    let mut names: Vec<String> = found.iter().map(|(looked, file)| name_of(looked, file)).collect();
    names.extend(rules.wanted.iter().cloned());
    names.sort();
    names.dedup();
    for name in names {
        let of_name = found.iter().filter(|(looked, file)| name_of(looked, file) == name);
        let of_name: Vec<(&Looked, &Path)> = of_name.map(|(looked, file)| (looked, file.as_path())).collect();
        let entry = entry(&name, &of_name, rules, &catalogue);
        catalogue.entries.insert(name, entry);
    }
    catalogue
}

type Looked = Result<(Arc<Manifest>, String), Refused>;

fn look(file: &Path) -> Looked {
    let refused = |fault, sha256| {
        let why = LoadError::new(file, fault).operator();
        Refused { sha256, why, ..Refused::default() }
    };
    let bytes = read(file).map_err(|fault| refused(fault, None))?;
    let sha256 = hexadecimal(&Sha256::digest(&bytes));
    match manifest::read(&bytes) {
        Ok(manifest) => Ok((Arc::new(manifest), sha256)),
        Err(error) => Err(refused(Fault::Manifest(error), Some(sha256))),
    }
}

fn name_of(looked: &Looked, file: &Path) -> String {
    match looked {
        Ok((manifest, _)) => manifest.name.clone(),
        Err(_) => file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
    }
}

fn entry(name: &str, found: &[(&Looked, &Path)], rules: &Rules, whole: &Catalogue) -> Entry {
    let sound = found.iter().filter_map(|(looked, file)| Some((looked.as_ref().ok()?, *file)));
    let candidates: Vec<Candidate> = sound
        .clone()
        .map(|((manifest, sha256), file)| Candidate {
            file: file.to_owned(),
            version: manifest.version.clone(),
            sha256: sha256.clone(),
            verdict: Some(Ok(())),
        })
        .collect();
    let pin = rules.pins.get(name).map(String::as_str);
    let choice = choose(name, &candidates, None, pin);
    let mut reasons: Vec<String> =
        found.iter().filter_map(|(looked, _)| Some(looked.as_ref().err()?.why.clone())).collect();
    reasons.extend(choice.refused);
    let shown = match choice.step {
        Step::Serve(index) | Step::Try(index) => Some(index),
        Step::Nobody => (!candidates.is_empty()).then_some(0),
    };
    let (state, error) = match choice.step {
        Step::Serve(_) | Step::Try(_) if reasons.is_empty() => {
            (State::Ready, (!choice.left_out.is_empty()).then(|| choice.left_out.join("; ")))
        }
        _ if !reasons.is_empty() => (State::Rejected, Some(reasons.join("; "))),
        _ => {
            let known = whole.entries.keys().map(String::as_str);
            let error = missing_sentence(name, rules.folder.as_deref(), whole.trouble.as_deref(), known);
            (State::Missing, Some(error))
        }
    };
    let broken = found.first().map(|(looked, file)| (looked.as_ref().err(), *file));
    Entry {
        plugin: None,
        manifest: shown
            .and_then(|index| sound.clone().nth(index))
            .map(|((manifest, _), _)| Arc::clone(manifest)),
        file: shown
            .map(|index| candidates[index].file.clone())
            .or_else(|| broken.map(|(_, file)| file.to_owned())),
        sha256: shown
            .map(|index| candidates[index].sha256.clone())
            .or_else(|| broken.and_then(|(refused, _)| refused?.sha256.clone())),
        state,
        error,
    }
}
