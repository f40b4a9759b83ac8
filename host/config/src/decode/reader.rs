//! Reads one table. Each key is asked for once, with its default; what is left over in the end is unknown.

use std::{collections::BTreeMap, fmt::Display, ops::RangeInclusive};

use super::{Context, Decode, FromText, context::Known, wrong_type};
use crate::{
    diagnose::{Code, Finding},
    text::Place,
    tree::{NAMED, Node, Table},
    value::Name,
};

/// A table of the model.
pub(crate) trait Section: Sized {
    /// Takes its values from the table; a mistake is reported to the reader and leaves the default.
    fn read(reader: &mut Reader<'_, '_, '_>) -> Self;
}

/// Reads one table.
pub(crate) struct Reader<'t, 'c, 's> {
    pub(crate) cx: &'c mut Context<'s>,
    table: Option<&'t Table>,
    path: Vec<String>,
    at: Option<Place>,
    /// Whether something else stands where the table should: then nothing is missing from it.
    is_no_table: bool,
    known: Vec<&'static str>,
}

impl<'t, 'c, 's> Reader<'t, 'c, 's> {
    /// Reads the whole configuration.
    pub(crate) fn root<T: Section>(table: &'t Table, cx: &'c mut Context<'s>) -> T {
        Self { cx, table: Some(table), path: Vec::new(), at: None, is_no_table: false, known: Vec::new() }
            .finish()
    }

    /// A value that has a default.
    pub(crate) fn value<T: Decode>(&mut self, key: &'static str, default: T) -> T {
        self.optional(key).unwrap_or(default)
    }

    /// A value that has a default and bounds.
    pub(crate) fn within<T>(&mut self, key: &'static str, default: T, bounds: RangeInclusive<T>) -> T
    where
        T: Decode + PartialOrd + Display,
    {
        self.bounded(key, bounds).unwrap_or(default)
    }

    /// A value that may be absent and has bounds.
    pub(crate) fn bounded<T>(&mut self, key: &'static str, bounds: RangeInclusive<T>) -> Option<T>
    where
        T: Decode + PartialOrd + Display,
    {
        let value = self.optional::<T>(key)?;
        if bounds.contains(&value) {
            return Some(value);
        }
        let (least, most) = bounds.into_inner();
        let message = if value < least {
            format!("{value} is too little for `{key}`")
        } else {
            format!("{value} is too much for `{key}`")
        };
        let finding =
            Finding::error(Code::BadValue, message).hint(format!("anything from {least} to {most}"));
        self.complain(key, finding);
        None
    }

    /// A value that may be absent.
    pub(crate) fn optional<T: Decode>(&mut self, key: &'static str) -> Option<T> {
        let node = self.node(key)?;
        let before = self.cx.findings.len();
        let value = T::decode(node, self.cx);
        self.name_findings(key, before);
        value
    }

    /// A value that has to be there.
    pub(crate) fn required<T: Decode>(&mut self, key: &'static str, example: &str) -> Option<T> {
        if self.has(key) {
            return self.optional(key);
        }
        self.known.push(key);
        if self.is_no_table {
            return None;
        }
        let mut path = self.path.clone();
        path.push(key.to_owned());
        let table = crate::tree::dotted(&self.path);
        let finding = Finding::error(Code::Missing, format!("[{table}] has no `{key}`"))
            .key(&path)
            .hint(format!("add {key} = {example}"));
        let finding = self.at.into_iter().fold(finding, Finding::at);
        self.cx.found(finding);
        None
    }

    /// A list; an item that is wrong is reported and left out.
    pub(crate) fn list<T: Decode>(&mut self, key: &'static str) -> Vec<T> {
        self.optional(key).unwrap_or_default()
    }

    /// A table of the configuration. One that isn't written has all its defaults.
    pub(crate) fn section<T: Section>(&mut self, key: &'static str) -> T {
        let node = self.node(key);
        let path = self.child(key);
        Reader::over(self.cx, node, path).finish()
    }

    /// A table of the configuration that may be absent.
    pub(crate) fn optional_section<T: Section>(&mut self, key: &'static str) -> Option<T> {
        let node = self.node(key)?;
        let path = self.child(key);
        Some(Reader::over(self.cx, Some(node), path).finish())
    }

    /// A list of tables.
    pub(crate) fn sections<T: Section>(&mut self, key: &'static str) -> Vec<T> {
        let Some(items) = self.optional::<Vec<Item>>(key) else {
            return Vec::new();
        };
        let path = self.child(key);
        let read = items.iter().map(|Item(node)| Reader::over(self.cx, Some(node), path.clone()).finish());
        read.collect()
    }

    /// Tables under names that people choose.
    pub(crate) fn named<T: Section>(&mut self, key: &'static str) -> BTreeMap<Name, T> {
        self.names(key, |cx, node, path| Some(Reader::over(cx, Some(node), path).finish()))
    }

    /// Values under names that people choose.
    pub(crate) fn named_values<T: Decode>(&mut self, key: &'static str) -> BTreeMap<Name, T> {
        self.names(key, |cx, node, path| {
            let before = cx.findings.len();
            let value = T::decode(node, cx);
            name_findings(cx, before, &path);
            value
        })
    }

    fn names<T>(
        &mut self,
        key: &'static str,
        mut read: impl FnMut(&mut Context<'s>, &'t Node, Vec<String>) -> Option<T>,
    ) -> BTreeMap<Name, T> {
        let mut found = BTreeMap::new();
        let Some(node) = self.node(key) else {
            return found;
        };
        let path = self.child(key);
        let Some(table) = node.table() else {
            self.cx.found(not_a_table(node, &path));
            return found;
        };
        for (written, node) in table {
            let mut path = path.clone();
            path.push(written.clone());
            let name = match Name::from_text(written) {
                Ok(name) => name,
                Err(fault) => {
                    let finding = Finding::error(Code::BadValue, fault.message).maybe_hint(fault.hint);
                    self.cx.found(finding.key(&path).at(node.key));
                    continue;
                }
            };
            if let Some(value) = read(self.cx, node, path) {
                found.insert(name, value);
            }
        }
        found
    }

    /// Whether the key is written.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// Reports something about a key that is written.
    pub(crate) fn complain(&mut self, key: &str, finding: Finding) {
        let path = self.child(key);
        let at = self.table.and_then(|table| table.get(key)).map(|node| node.at).or(self.at);
        self.cx.found(at.into_iter().fold(finding.key(&path), Finding::at));
    }

    /// Reports something about the key itself, rather than its value.
    pub(crate) fn complain_of_key(&mut self, key: &str, finding: Finding) {
        let path = self.child(key);
        let at = self.table.and_then(|table| table.get(key)).map(|node| node.key).or(self.at);
        self.cx.found(at.into_iter().fold(finding.key(&path), Finding::at));
    }

    fn over(cx: &'c mut Context<'s>, node: Option<&'t Node>, path: Vec<String>) -> Self {
        let table = node.and_then(Node::table);
        if let (Some(node), None) = (node, table) {
            cx.found(not_a_table(node, &path));
        }
        let is_no_table = node.is_some() && table.is_none();
        Self { cx, table, path, at: node.map(|node| node.key), is_no_table, known: Vec::new() }
    }

    fn finish<T: Section>(mut self) -> T {
        let value = T::read(&mut self);
        let known = Known { table: self.path, keys: self.known };
        let keys = known.keys.clone();
        let left = self.table.into_iter().flatten().filter(|(key, _)| !keys.contains(&key.as_str()));
        self.cx.read(known, left);
        value
    }

    /// The node of a key, which is known from now on.
    fn node(&mut self, key: &'static str) -> Option<&'t Node> {
        self.known.push(key);
        self.table?.get(key)
    }

    fn child(&self, key: &str) -> Vec<String> {
        let mut path = self.path.clone();
        path.push(key.to_owned());
        path
    }

    fn name_findings(&mut self, key: &str, from: usize) {
        let path = self.child(key);
        name_findings(self.cx, from, &path);
    }
}

/// Says of findings since `from` which key they are about.
fn name_findings(cx: &mut Context<'_>, from: usize, path: &[String]) {
    let new = cx.findings.split_off(from);
    cx.findings.extend(new.into_iter().map(|finding| finding.key(path)));
}

fn not_a_table(node: &Node, path: &[String]) -> Finding {
    let key = crate::tree::dotted(path);
    let named = NAMED.iter().any(|(table, _)| *table == key);
    let hint = if named {
        format!("give each a name: [{key}.NAME]")
    } else {
        format!("write its keys below [{key}]")
    };
    Finding::error(Code::WrongType, format!("this is {}; expected: a table", node.kind()))
        .key(path)
        .at(node.at)
        .hint(hint)
}

/// An item of a list of tables, to be read later.
struct Item(Node);

impl Decode for Item {
    fn expected() -> String {
        "a table, such as { app = \"KeePassXC\" }".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if node.table().is_none() {
            cx.found(wrong_type::<Self>(node));
            return None;
        }
        Some(Self(node.clone()))
    }
}
