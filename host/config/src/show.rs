//! The effective configuration, value by value, with the origin of each.

use serde_json::Value;

use crate::{
    load::Loaded,
    text::Origin,
    tree::{Node, dotted},
};

/// One value that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key, with dots.
    pub key: String,
    /// It, as it is written in TOML. What looks like a secret is masked.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
}

impl Loaded {
    /// Every value that counts, in the order of the keys. What has neither a value nor a default isn't there.
    pub fn settings(&self) -> Vec<Setting> {
        let mut found = Vec::new();
        let config = serde_json::to_value(&self.config).unwrap_or_default();
        self.collect(&config, &mut Vec::new(), &mut found);
        found
    }

    fn collect(&self, value: &Value, path: &mut Vec<String>, found: &mut Vec<Setting>) {
        match value {
            Value::Null => {}
            Value::Object(fields) if !fields.is_empty() => {
                for (key, value) in fields {
                    path.push(key.clone());
                    self.collect(value, path, found);
                    path.pop();
                }
            }
            Value::Object(_) if self.node(path).is_none() => {}
            _ => {
                let node = self.node(path);
                let masked = node.is_some_and(|node| self.has_mask(node));
                found.push(Setting {
                    key: dotted(path),
                    value: if masked { "\"•••\"".to_owned() } else { toml_text(value) },
                    origin: node.map_or(Origin::Default, |node| self.sources.origin(node.at)),
                });
            }
        }
    }

    fn has_mask(&self, node: &Node) -> bool {
        self.sources.is_masked(node.at)
    }
}

/// A value as it is written in TOML, in one line.
fn toml_text(value: &Value) -> String {
    fn convert(value: &Value) -> toml_edit::Value {
        match value {
            Value::Null => "".into(),
            Value::Bool(truth) => (*truth).into(),
            Value::Number(number) => match number.as_i64() {
                Some(number) => number.into(),
                None => number.as_f64().unwrap_or_default().into(),
            },
            Value::String(text) => text.as_str().into(),
            Value::Array(items) => toml_edit::Value::Array(items.iter().map(convert).collect()),
            Value::Object(fields) => {
                let fields = fields.iter().filter(|(_, value)| !value.is_null());
                toml_edit::Value::InlineTable(
                    fields
                        .map(|(key, value)| (key.as_str(), convert(value)))
                        .collect::<toml_edit::InlineTable>(),
                )
            }
        }
    }
    convert(value).to_string().trim().to_owned()
}
