//! The effective configuration, value by value, with the origin of each.

use serde_json::Value;

use crate::{
    load::Loaded,
    text::Origin,
    tree::{Node, dotted, quoted},
};

/// One value that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its key, with dots.
    pub key: String,
    /// It, as it is written in TOML. What looks like a secret is masked.
    pub value: String,
    /// It, as it is written in JSON; masked likewise.
    pub json: Value,
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
                let mask = Value::from("•••");
                let value = if node.is_some_and(|node| self.has_mask(node)) { &mask } else { value };
                found.push(Setting {
                    key: dotted(path),
                    value: toml_text(value),
                    json: value.clone(),
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
    match value {
        // There is none in TOML, and none comes here: a list has no gaps, and of tables such fields are left out.
        Value::Null => quoted(""),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(toml_text).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            let fields: Vec<String> =
                fields.map(|(key, value)| format!("{} = {}", dotted(&[key]), toml_text(value))).collect();
            if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
        }
    }
}
