//! Names that refer to something under `[transforms]`, `[policies]` and `[credentials]`, and things that no name
//! refers to.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::{
    diagnose::{Code, Finding, alternatives, nearest},
    value::Name,
};

pub(super) fn check(check: &mut Check<'_>) {
    let config = check.config;
    let transforms: Vec<&str> = config.transforms.keys().map(Name::as_str).collect();
    let policies: Vec<&str> = config.policies.keys().map(Name::as_str).collect();
    let credentials: Vec<&str> = config.credentials.keys().map(Name::as_str).collect();
    let mut used = Used::default();
    for (name, target) in &config.targets {
        let name = name.as_str();
        if let Some(policy) = &target.policy {
            used.policies.insert(policy.as_str());
            let path = ["targets", name, "policy"];
            used.policies.extend(refers(check, &path, policy, "policy", "policies", &policies));
        }
        for (index, transform) in target.transforms.iter().enumerate() {
            used.transforms.insert(transform.as_str());
            let index = index.to_string();
            let path = ["targets", name, "transforms", &index];
            used.transforms.extend(refers(check, &path, transform, "transform", "transforms", &transforms));
        }
        for (key, credential) in &target.credentials {
            used.credentials.insert(credential.as_str());
            let path = ["targets", name, "credentials", key.as_str()];
            used.credentials.extend(refers(
                check,
                &path,
                credential,
                "credential",
                "credentials",
                &credentials,
            ));
        }
        twice(check, name, "transforms", target.transforms.iter().map(Name::as_str));
        twice(check, name, "accepts", target.accepts.iter().map(|kind| kind.word()));
        if target.accepts.is_empty() {
            let finding = Finding::error(Code::BadValue, format!("the target `{name}` accepts nothing"));
            check.found(&["targets", name, "accepts"], finding.hint("to pause it, write enabled = false"));
        }
    }
    if let Some(credential) = &config.network.proxy_credential {
        used.credentials.insert(credential.as_str());
        refers(
            check,
            &["network", "proxy_credential"],
            credential,
            "credential",
            "credentials",
            &credentials,
        );
    }
    unused(check, "transforms", "transform", &transforms, &used.transforms);
    unused(check, "policies", "policy", &policies, &used.policies);
    unused(check, "credentials", "credential", &credentials, &used.credentials);
    shared_folders(check);
}

#[derive(Default)]
struct Used<'c> {
    transforms: BTreeSet<&'c str>,
    policies: BTreeSet<&'c str>,
    credentials: BTreeSet<&'c str>,
}

/// Reports a name that refers to nothing, and hands back the one that was meant.
fn refers<'c>(
    check: &mut Check<'_>,
    path: &[&str],
    name: &Name,
    what: &str,
    table: &str,
    known: &[&'c str],
) -> Option<&'c str> {
    if known.contains(&name.as_str()) {
        return None;
    }
    let hint = alternatives(name.as_str(), known).unwrap_or_else(|| format!("define it: [{table}.{name}]"));
    let finding = Finding::error(Code::UnknownName, format!("there is no {what} `{name}`"));
    check.found(path, finding.hint(hint));
    nearest(name.as_str(), known.iter().copied())
}

fn twice<'c>(check: &mut Check<'_>, target: &str, key: &str, words: impl Iterator<Item = &'c str>) {
    let mut seen = BTreeSet::new();
    for (index, word) in words.enumerate() {
        if !seen.insert(word) {
            let finding = Finding::error(Code::Duplicate, format!("`{word}` stands here twice"));
            check.found(&["targets", target, key, &index.to_string()], finding.hint("take one of them out"));
        }
    }
}

fn unused(check: &mut Check<'_>, table: &str, what: &str, known: &[&str], used: &BTreeSet<&str>) {
    for name in known.iter().filter(|name| !used.contains(**name)) {
        let finding = Finding::warning(Code::Unused, format!("nothing uses the {what} `{name}`"));
        check.found_at_key(&[table, name], finding.hint("name it in a target, or take it out"));
    }
}

/// Two plugins that write into one folder may write the same file.
fn shared_folders(check: &mut Check<'_>) {
    let mut folders: BTreeMap<_, &Name> = BTreeMap::new();
    for (name, target) in &check.config.targets {
        let Some(files) = &target.files else { continue };
        let path: std::path::PathBuf = files.path().components().collect();
        if let Some(first) = folders.insert(path, name) {
            let finding =
                Finding::warning(Code::Conflict, format!("the target `{first}` writes into this folder too"));
            let hint = "give each a folder of its own, or be sure that they write different files";
            check.found(&["targets", name.as_str(), "files"], finding.hint(hint));
        }
    }
}
