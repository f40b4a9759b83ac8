//! What must not be shown of a file: texts that stand where a secret would stand. A secret that somebody wrote by
//! mistake is an error elsewhere; here it is made sure that the error doesn't print it.

use super::{Node, Table, Value};
use crate::{
    decode::FromText as _,
    text::{Place, SourceId, Sources},
    value::Name,
};

/// The keys of a credential whose texts are no secrets, in the credential itself and in the tables below it.
const HARMLESS: [&str; 5] = ["scheme", "name", "user", "public_id", "store"];
const HARMLESS_BELOW: [&str; 8] =
    ["env", "file", "keyring", "command", "url", "access", "refresh", "expires"];

/// The last words of keys that secrets are kept under.
const TELLING: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "token", "api_key", "apikey", "access_key", "private_key"];

/// Whether a key of a plugin's settings says that its value is a secret.
pub(crate) fn is_telling(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    TELLING.iter().any(|word| key.ends_with(word))
}

/// Masks what looks like a secret in a tree, and in the lines that couldn't be read.
pub(crate) fn mask_secrets(tree: &Table, broken: &[Place], sources: &mut Sources) {
    let mut found = Vec::new();
    if let Some(credentials) = tree.get("credentials") {
        in_credentials(credentials, &mut found);
    }
    for target in tree.get("targets").and_then(Node::table).into_iter().flat_map(Table::values) {
        in_references(target, &mut found);
    }
    for table in ["targets", "transforms", "policies"] {
        for node in tree.get(table).and_then(Node::table).into_iter().flat_map(Table::values) {
            in_settings("", node, &mut found);
        }
    }
    for node in tree.values() {
        with_login(node, &mut found);
    }
    for place in broken {
        found.extend(rest_of_line(&sources.get(place.source).text, place.source, place.start));
    }
    for place in found {
        sources.mask(place);
    }
}

/// What stands under `[credentials]`, where tables with names are expected.
fn in_credentials(node: &Node, found: &mut Vec<Place>) {
    for credential in node.table().into_iter().flat_map(Table::values) {
        match credential.table() {
            Some(table) => {
                for (key, node) in table {
                    in_credential(key, node, &HARMLESS, found);
                }
            }
            None => in_credential("", credential, &[], found),
        }
    }
    if node.table().is_none() {
        in_credential("", node, &[], found);
    }
}

/// What stands in a target where the name of a credential is expected, and can't be one.
fn in_references(target: &Node, found: &mut Vec<Place>) {
    let Some(references) = target.table().and_then(|target| target.get("credentials")) else { return };
    let no_name = |node: &&Node| node.text().is_some_and(|text| Name::from_text(text).is_err());
    let named = references.table().into_iter().flat_map(Table::values);
    found.extend(named.chain([references]).filter(no_name).map(|node| node.at));
}

/// Every text of a credential whose key isn't known to be harmless.
fn in_credential(key: &str, node: &Node, harmless: &[&str], found: &mut Vec<Place>) {
    match &node.typed().value {
        Value::Table(table) => {
            for (key, node) in table {
                in_credential(key, node, &HARMLESS_BELOW, found);
            }
        }
        Value::List(items) => items.iter().for_each(|item| in_credential(key, item, harmless, found)),
        _ if harmless.contains(&key) => {}
        _ => found.push(node.at),
    }
}

fn in_settings(key: &str, node: &Node, found: &mut Vec<Place>) {
    match &node.typed().value {
        Value::Table(table) => table.iter().for_each(|(key, node)| in_settings(key, node, found)),
        Value::List(items) => items.iter().for_each(|item| in_settings(key, item, found)),
        _ if is_telling(key) => found.push(node.at),
        _ => {}
    }
}

/// Every address that has a login in it.
fn with_login(node: &Node, found: &mut Vec<Place>) {
    match &node.typed().value {
        Value::Table(table) => table.values().for_each(|node| with_login(node, found)),
        Value::List(items) => items.iter().for_each(|item| with_login(item, found)),
        Value::Text(text) | Value::Loose(text, _) if has_login(text) => found.push(node.at),
        _ => {}
    }
}

/// Whether a text has the form of `user:password@host`.
fn has_login(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(login, _)| login.contains(':'))
}

/// What follows the `=` of a line whose form is wrong, where its key is one that secrets stand under.
fn rest_of_line(text: &str, source: SourceId, at: usize) -> Option<Place> {
    let at = text.floor_char_boundary(at);
    let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[begin..].lines().next()?;
    let (keys, _) = line.split_once('=').filter(|_| may_hold_a_secret(line))?;
    Some(Place { source, start: begin + keys.len() + 1, end: begin + line.len() })
}

/// Whether the key of a line is one that secrets stand under.
pub(super) fn may_hold_a_secret(line: &str) -> bool {
    let Some((keys, _)) = line.split_once('=') else { return false };
    let key = keys.trim().rsplit(['.', ' ', '{', ',']).next().unwrap_or_default().trim_matches(['"', '\'']);
    ["value", "refresh_token", "body"].contains(&key) || is_telling(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_by_its_last_word() {
        for key in ["password", "db_password", "API-KEY", "accessToken", "client_secret"] {
            assert!(is_telling(key), "{key}");
        }
        for key in ["token_url", "url", "key", "secretary"] {
            assert!(!is_telling(key), "{key}");
        }
    }
}
