//! A plugin's settings: any table, handed to the plugin as JSON.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    decode::{Context, Decode, wrong_type},
    diagnose::{Code, Finding},
    tree::{Node, to_json},
};

/// A plugin's settings as JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Settings(Map<String, Value>);

impl Settings {
    /// The settings.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The settings as one JSON value.
    pub fn to_value(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

impl Decode for Settings {
    fn expected() -> String {
        "a table of settings".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match to_json(node) {
            Ok(Value::Object(map)) => Some(Self(map)),
            Ok(_) => {
                cx.found(wrong_type::<Self>(node));
                None
            }
            Err(number) => {
                let finding = Finding::error(Code::BadValue, "JSON can't write this number");
                cx.found(finding.hint("settings reach a plugin as JSON: write it as a text").at(number.at));
                None
            }
        }
    }
}

impl JsonSchema for Settings {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Settings".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "The plugin's settings. `stint plugin inspect FILE` shows what it knows.",
        })
    }
}
