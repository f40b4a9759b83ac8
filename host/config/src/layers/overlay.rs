//! Single values that are laid over what files say: from variables and from flags, in the same way.

use crate::{
    diagnose::{Code, Finding, alternatives},
    text::{Place, Source, SourceId, SourceName, Sources},
    tree::{NAMED, Node, Table, Value, dotted, mask_secrets, merge, parse_value},
};
use std::{ops::Range, path::Path};

/// The most parts that a key may have. A file may not nest much deeper either.
pub(super) const DEEPEST: usize = 40;

/// One value that is laid over the others.
pub(super) struct Assignment {
    pub(super) name: SourceName,
    /// What is shown of it: the name, `=`, the value.
    pub(super) text: String,
    pub(super) keys: Vec<Key>,
    /// Where in the text the value starts.
    pub(super) value: usize,
}

/// One key, and where in the text it is.
pub(super) struct Key {
    pub(super) word: String,
    pub(super) at: Range<usize>,
}

/// Lays the value over the tree, unless it would define something new there.
pub(super) fn lay_over(
    assignment: Assignment,
    cwd: &Path,
    tree: &mut Table,
    sources: &mut Sources,
    findings: &mut Vec<Finding>,
) {
    let Assignment { name, text, keys, value } = assignment;
    let raw = text[value..].to_owned();
    let source = sources.add(Source { name, text, base: cwd.to_owned(), masks: Vec::new() });
    let overlay = nested(&keys, &raw, source, value);
    mask_secrets(&overlay, &[], sources);
    if let Some(finding) = defines_something(&keys, tree, source) {
        findings.push(finding);
        return;
    }
    merge(tree, overlay);
}

/// The value as a tree of its own.
fn nested(keys: &[Key], raw: &str, source: SourceId, start: usize) -> Table {
    let at = Place { source, start, end: start + raw.len() };
    let mut value = Value::Loose(raw.to_owned(), parse_value(raw, source, start).map(Box::new));
    // A whole table is laid over key by key, as if each of its keys were given on its own.
    if let Value::Loose(_, Some(parsed)) = &value
        && matches!(parsed.value, Value::Table(_))
    {
        value = parsed.value.clone();
    }
    let mut table = Table::new();
    for (depth, key) in keys.iter().enumerate().rev() {
        let place = Place { source, start: key.at.start, end: key.at.end };
        let at = if depth + 1 == keys.len() { at } else { place };
        let inner =
            if depth + 1 == keys.len() { value.clone() } else { Value::Table(std::mem::take(&mut table)) };
        table = Table::from([(key.word.clone(), Node { value: inner, at, key: place })]);
    }
    table
}

/// What is wrong if the value belongs to a target, transform, policy or credential that no file defines.
fn defines_something(keys: &[Key], tree: &Table, source: SourceId) -> Option<Finding> {
    let [table, name, ..] = keys else { return None };
    let (_, what) = NAMED.iter().find(|(named, _)| *named == table.word)?;
    let known = tree.get(&table.word).and_then(Node::table);
    if known.is_some_and(|known| known.contains_key(&name.word)) {
        return None;
    }
    let names: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let hint = alternatives(&name.word, &names)
        .unwrap_or_else(|| format!("define it in a file first: [{}.{}]", table.word, name.word));
    let words: Vec<&str> = keys.iter().map(|key| key.word.as_str()).collect();
    Some(
        Finding::error(Code::UnknownName, format!("no file defines a {what} `{}`", dotted(&[&name.word])))
            .key(&words)
            .at(Place { source, start: name.at.start, end: name.at.end })
            .hint(hint),
    )
}
