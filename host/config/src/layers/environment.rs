//! The environment: `STINT_SYNC__INTERVAL=30s` is `sync.interval`.
//!
//! The rule: after `STINT_`, two underscores part the keys, and letters become small. Where people choose names, which have
//! no underscores, one underscore means `-`: `STINT_TARGETS__MY_WORK__ENABLED` is `targets.my-work.enabled`. A value is
//! taken as it is where a text is expected, and read as TOML otherwise. An empty variable counts as not set.

use std::{collections::BTreeMap, ffi::OsString, path::Path};

use super::overlay::{Assignment, DEEPEST, Key, lay_over};
use crate::{
    diagnose::{Code, Finding, nearest},
    text::{Origin, SourceName, Sources},
    tree::{Node, Table, named_position},
};

const PREFIX: &str = "STINT_";

/// The variables that mean something without two underscores, and the key that they set, if any.
const SHORT: [(&str, Option<&str>); 2] =
    [("STINT_CONFIG", None), ("STINT_DATA_DIR", Some("STORAGE__DATA_DIR"))];

/// Lays the environment over what files say.
pub(crate) fn read_environment(
    env: &[(OsString, OsString)],
    tables: &[&str],
    cwd: &Path,
    tree: &mut Table,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) {
    let mut variables: Vec<_> = env
        .iter()
        .filter(|(name, value)| name.to_string_lossy().starts_with(PREFIX) && !value.is_empty())
        .collect();
    variables.sort();
    let mut set: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for (name, value) in variables {
        let name = name.to_string_lossy().into_owned();
        let origin = Origin::Variable(name.clone());
        let Some(value) = value.to_str() else {
            let finding = Finding::error(Code::Unreadable, "the value of this variable is not UTF-8");
            findings.push(finding.in_all_of(origin));
            continue;
        };
        let (keys, short) = match SHORT.iter().find(|(known, _)| *known == name) {
            Some((_, None)) => continue,
            Some((_, Some(keys))) => ((*keys).to_owned(), true),
            None => (name[PREFIX.len()..].to_owned(), false),
        };
        if is_secret(&name, tree) {
            continue;
        }
        if !keys.contains("__") {
            findings.push(not_used(&name, &keys, tables).in_all_of(origin));
            continue;
        }
        if keys.matches("__").count() >= DEEPEST {
            let finding = Finding::error(Code::UnknownKey, "no key has so many parts");
            findings.push(finding.in_all_of(origin));
            continue;
        }
        let keys = keys_of(&keys, if short { 0..name.len() } else { PREFIX.len()..PREFIX.len() });
        let words: Vec<String> = keys.iter().map(|key| key.word.clone()).collect();
        if let Some(other) = set.insert(words.clone(), name.clone()) {
            let finding = Finding::error(Code::Duplicate, format!("${other} and ${name} set the same key"));
            findings.push(finding.key(&words).hint("unset one of them").in_all_of(origin));
            continue;
        }
        let start = name.len() + 1;
        let text = format!("{name}={value}");
        let assignment = Assignment { name: SourceName::Variable(name), text, keys, value: start };
        lay_over(assignment, cwd, tree, sources, findings);
    }
}

/// The keys that a variable's name means. `whole` is the place of all of them, or where the first one starts.
fn keys_of(name: &str, whole: std::ops::Range<usize>) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let mut start = whole.start;
    for part in name.split("__") {
        let mut words: Vec<String> = keys.iter().map(|key| key.word.clone()).collect();
        words.push(part.to_lowercase());
        let word =
            if named_position(&words) { part.to_lowercase().replace('_', "-") } else { part.to_lowercase() };
        let at = if whole.is_empty() { start..start + part.len() } else { whole.clone() };
        keys.push(Key { word, at });
        start += part.len() + 2;
    }
    keys
}

/// Whether a credential of a file is kept in this variable: then it is no key, and nobody's business.
fn is_secret(name: &str, tree: &Table) -> bool {
    fn refers(node: &Node, name: &str) -> bool {
        node.table().is_some_and(|table| {
            let here = table.get("env").and_then(Node::text) == Some(name);
            here || table.values().any(|inner| refers(inner, name))
        })
    }
    tree.get("credentials").is_some_and(|credentials| refers(credentials, name))
}

/// A variable that looks like one of ours and sets nothing.
fn not_used(name: &str, keys: &str, tables: &[&str]) -> Finding {
    let keys = keys.to_lowercase();
    let table =
        tables.iter().find(|table| keys.strip_prefix(**table).is_some_and(|rest| rest.starts_with('_')));
    let hint = match table {
        Some(table) => {
            let (table, key) = (table.to_uppercase(), &name[PREFIX.len() + table.len() + 1..]);
            format!("did you mean {PREFIX}{table}__{key}? Two underscores part the keys")
        }
        None => match nearest(name, SHORT.iter().map(|(known, _)| *known)) {
            Some(meant) => format!("did you mean {meant}?"),
            None => "a key is written like STINT_SYNC__INTERVAL, with two underscores".to_owned(),
        },
    };
    Finding::warning(Code::Unused, format!("${name} sets nothing")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> String {
        let keys = keys_of(name, 6..6);
        let text = format!("STINT_{name}");
        for key in &keys {
            assert_eq!(text[key.at.clone()].to_lowercase().replace('_', "-"), key.word.replace('_', "-"));
        }
        keys.into_iter().map(|key| key.word).collect::<Vec<_>>().join(".")
    }

    #[test]
    fn two_underscores_part_keys_and_one_is_a_dash_in_a_name() {
        assert_eq!(words("SYNC__INTERVAL"), "sync.interval");
        assert_eq!(words("SYNC__INITIAL_DELAY"), "sync.initial_delay");
        assert_eq!(words("TARGETS__MY_WORK__MAX_IN_FLIGHT"), "targets.my-work.max_in_flight");
        assert_eq!(words("TARGETS__MY_WORK__CREDENTIALS__A_B"), "targets.my-work.credentials.a-b");
        assert_eq!(words("TARGETS__MY_WORK__SETTINGS__A_B"), "targets.my-work.settings.a_b");
        assert_eq!(words("LIMITS__PLUGIN__MY_PLUGIN__HTTP_BYTES"), "limits.plugin.my-plugin.http_bytes");
        assert_eq!(words("PLUGINS__PIN__MY_PLUGIN"), "plugins.pin.my-plugin");
    }
}
