//! Which screens are captured: `"all"`, or a list of their names.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::Wording;
use crate::{
    decode::{Context, Decode, wrong_type},
    diagnose::{Code, Finding},
    tree::{Node, Value},
};

/// Which screens are captured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Monitors {
    /// All that there are, each on its own.
    #[default]
    All,
    /// Those with these names.
    Named(Vec<Wording>),
}

impl Decode for Monitors {
    fn expected() -> String {
        "\"all\", or a list of screens such as [\"HDMI-1\"]".to_owned()
    }

    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let typed = node.typed();
        match &typed.value {
            Value::List(items) if items.is_empty() => {
                let finding = Finding::error(Code::BadValue, "no screen is named here");
                cx.found(finding.hint("to capture nothing, write enabled = false").at(typed.at));
                None
            }
            Value::List(items) => {
                Some(Self::Named(items.iter().filter_map(|item| Wording::decode(item, cx)).collect()))
            }
            _ if node.text() == Some("all") => Some(Self::All),
            Value::Text(name) | Value::Loose(name, _) => {
                let finding = Finding::error(Code::BadValue, format!("`{name}` is not `all`"));
                cx.found(finding.hint(format!("a single screen is a list too: [\"{name}\"]")).at(node.at));
                None
            }
            _ => {
                cx.found(wrong_type::<Self>(node));
                None
            }
        }
    }
}

impl Serialize for Monitors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::Named(names) => names.serialize(serializer),
        }
    }
}

impl JsonSchema for Monitors {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Monitors".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Which screens are captured: all of them, or those with these names.",
            "oneOf": [
                {"const": "all"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
        })
    }
}
