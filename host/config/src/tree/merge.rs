//! One layer over another. Single values may be overridden by a later layer; a target, transform, policy or
//! credential belongs to one file, because two halves of it in two files are nobody's intention.

use super::{Node, Table, Value};
use crate::diagnose::{Code, Finding};

/// The tables whose keys are names that people choose, and what one of them is called.
pub(crate) const NAMED: [(&str, &str); 4] = [
    ("targets", "target"),
    ("transforms", "transform"),
    ("policies", "policy"),
    ("credentials", "credential"),
];

/// Whether the key at the end of this path is a name that somebody chose, rather than a word of the configuration.
pub(crate) fn named_position<K: AsRef<str>>(path: &[K]) -> bool {
    let words: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [table, _] => NAMED.iter().any(|(named, _)| named == table),
        ["limits", "plugin", _] | ["plugins", "pin", _] | ["targets", _, "credentials", _] => true,
        _ => false,
    }
}

/// Lays a later file over the earlier ones.
pub(crate) fn merge_file(base: &mut Table, mut over: Table, findings: &mut Vec<Finding>) {
    for (table, what) in NAMED {
        let (Some(defined), Some(Node { value: Value::Table(again), .. })) =
            (base.get(table).and_then(Node::table), over.get_mut(table))
        else {
            continue;
        };
        again.retain(|name, node| {
            let Some(first) = defined.get(name) else {
                return true;
            };
            findings.push(
                Finding::error(Code::Duplicate, format!("the {what} `{name}` is defined in two files"))
                    .key(&[table, name])
                    .at(node.key)
                    .note("it is defined here already", first.key)
                    .hint(format!(
                        "give one of the two another name, or keep all of [{table}.{name}] in one file"
                    )),
            );
            false
        });
    }
    merge(base, over);
}

/// Lays a table over another: tables key by key, anything else as a whole.
pub(crate) fn merge(base: &mut Table, over: Table) {
    for (key, node) in over {
        match (base.get_mut(&key), node) {
            (Some(Node { value: Value::Table(under), .. }), Node { value: Value::Table(table), .. }) => {
                merge(under, table);
            }
            (_, node) => {
                base.insert(key, node);
            }
        }
    }
}
