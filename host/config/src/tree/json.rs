//! A plugin's settings as the JSON it is handed.

use serde_json::{Map, Number};

use super::{Node, Value};

/// The node as JSON; the place of a number that JSON can't write is handed back instead.
pub(crate) fn to_json(node: &Node) -> Result<serde_json::Value, &Node> {
    let node = node.typed();
    Ok(match &node.value {
        Value::Text(text) | Value::Datetime(text) | Value::Loose(text, _) => text.clone().into(),
        Value::Integer(number) => (*number).into(),
        Value::Outsized => return Err(node),
        Value::Float(number) => Number::from_f64(*number).ok_or(node)?.into(),
        Value::Bool(truth) => (*truth).into(),
        Value::List(items) => items.iter().map(to_json).collect::<Result<Vec<_>, _>>()?.into(),
        Value::Table(table) => {
            let entries = table.iter().map(|(key, value)| Ok((key.clone(), to_json(value)?)));
            entries.collect::<Result<Map<_, _>, _>>()?.into()
        }
    })
}
