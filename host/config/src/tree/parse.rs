//! TOML into a tree. A document with mistakes gives all of them, and the tree of what could be read.

use std::ops::Range;

use toml::de::{DeArray, DeTable, DeValue};

use super::{Node, Table, Value, mistakes::explain_all};
use crate::{
    diagnose::Finding,
    text::{Place, SourceId},
};

/// Reads a file.
pub(crate) fn parse_document(text: &str, source: SourceId) -> (Table, Vec<Finding>) {
    let (document, errors) = DeTable::parse_recoverable(text);
    let reader = Reader { source, shift: 0 };
    let tree = reader.table(document.get_ref());
    let mistakes = explain_all(text, &tree, source, &errors);
    (tree, mistakes)
}

/// Reads one value, which starts at `shift` in its source; nothing if it isn't TOML.
pub(crate) fn parse_value(text: &str, source: SourceId, shift: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    let reader = Reader { source, shift };
    let at = reader.place(value.span());
    Some(Node { value: reader.value(value.get_ref()), at, key: at })
}

struct Reader {
    source: SourceId,
    shift: usize,
}

impl Reader {
    fn place(&self, span: Range<usize>) -> Place {
        Place { source: self.source, start: self.shift + span.start, end: self.shift + span.end }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let entries = table.iter().map(|(key, value)| {
            let node = Node {
                value: self.value(value.get_ref()),
                at: self.place(value.span()),
                key: self.place(key.span()),
            };
            (key.get_ref().clone().into_owned(), node)
        });
        entries.collect()
    }

    fn list(&self, items: &DeArray<'_>) -> Vec<Node> {
        let nodes = items.iter().map(|item| {
            let at = self.place(item.span());
            Node { value: self.value(item.get_ref()), at, key: at }
        });
        nodes.collect()
    }

    fn value(&self, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.clone().into_owned()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Outsized, Value::Integer)
            }
            DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Datetime(time) => Value::Datetime(time.to_string()),
            DeValue::Array(items) => Value::List(self.list(items)),
            DeValue::Table(table) => Value::Table(self.table(table)),
        }
    }
}
