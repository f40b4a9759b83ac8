//! Secrets in the settings of a plugin: a plugin is never given one.

use super::Check;
use crate::{
    diagnose::{Code, Finding},
    tree::{Node, Value, is_telling},
};

pub(super) fn check(check: &mut Check<'_>) {
    let tree = check.tree;
    for table in ["targets", "transforms", "policies"] {
        for (name, node) in tree.get(table).and_then(Node::table).into_iter().flatten() {
            if let Some(settings) = node.table().and_then(|node| node.get("settings")) {
                look(check, &[table, name, "settings"], settings);
            }
        }
    }
}

fn look(check: &mut Check<'_>, path: &[&str], node: &Node) {
    match &node.typed().value {
        Value::Table(table) => {
            for (key, inner) in table {
                let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
                look(check, &path, inner);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                let index = index.to_string();
                let path: Vec<&str> = path.iter().copied().chain([index.as_str()]).collect();
                look(check, &path, item);
            }
        }
        Value::Text(text) | Value::Loose(text, _) => {
            let Some(key) = path.last().filter(|key| is_telling(key) && !text.is_empty()) else { return };
            let finding = Finding::warning(Code::LiteralSecret, format!("`{key}` looks like a secret"));
            let hint =
                "a plugin is never given one: name it in `credentials`, and keep it under [credentials]";
            check.found_at_key(path, finding.hint(hint));
        }
        _ => {}
    }
}
