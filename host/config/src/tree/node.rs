//! Nodes. What comes from a variable or a flag is *loose*: a text until somebody asks for a number or a list, because
//! a shell has no types.

use std::collections::BTreeMap;

use crate::text::Place;

/// A table, by its keys.
pub(crate) type Table = BTreeMap<String, Node>;

/// A value, where it is, and where its key is.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) at: Place,
    pub(crate) key: Place,
}

/// What was written.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    /// A whole number that has no room in 64 bits.
    Outsized,
    Float(f64),
    Bool(bool),
    Datetime(String),
    List(Vec<Node>),
    Table(Table),
    /// A variable's or flag's text, and what it is when it is read as TOML.
    Loose(String, Option<Box<Node>>),
}

impl Node {
    /// The text, if it is or may be one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Loose(raw, parsed) => Some(match parsed.as_deref() {
                Some(Self { value: Value::Text(text), .. }) => text,
                _ => raw,
            }),
            _ => None,
        }
    }

    /// The node to read anything but a text from.
    pub(crate) fn typed(&self) -> &Self {
        match &self.value {
            Value::Loose(_, Some(parsed)) => parsed,
            _ => self,
        }
    }

    /// The table, if it is one.
    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.typed().value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// What it is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.typed().value {
            Value::Text(_) | Value::Loose(..) => "a text",
            Value::Integer(_) => "a number",
            Value::Outsized => "a number that is too large",
            Value::Float(_) => "a number with a fraction",
            Value::Bool(_) => "true or false",
            Value::Datetime(_) => "a date or time",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The node at these keys and list positions below this one.
    pub(crate) fn below<'a, K: AsRef<str>>(&'a self, path: &[K]) -> Option<&'a Self> {
        path.iter().try_fold(self, |node, key| match &node.typed().value {
            Value::Table(table) => table.get(key.as_ref()),
            Value::List(items) => items.get(key.as_ref().parse::<usize>().ok()?),
            _ => None,
        })
    }
}

/// Keys as they are written with dots between them.
pub(crate) fn dotted<K: AsRef<str>>(path: &[K]) -> String {
    let keys: Vec<String> = path.iter().map(|key| written(key.as_ref())).collect();
    keys.join(".")
}

/// A key as TOML wants it.
fn written(key: &str) -> String {
    let bare = !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if bare { key.to_owned() } else { super::quoted(key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_quoted_where_toml_needs_it() {
        assert_eq!(dotted(&["sync", "interval"]), "sync.interval");
        assert_eq!(dotted(&["a.b", "", "ж"]), "\"a.b\".\"\".\"ж\"");
    }
}
