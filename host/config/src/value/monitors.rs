//! Which screens are captured: `"all"`, `"primary"`, `"active"`, or a list of their names.

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
    /// The main one.
    Primary,
    /// The one with the window in front.
    Active,
    /// Those with these names.
    Named(Vec<Wording>),
}

impl Decode for Monitors {
    fn expected() -> String {
        "\"all\", \"primary\", \"active\", or a list of screens such as [\"HDMI-1\"]".to_owned()
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
            _ if node.text() == Some("primary") => Some(Self::Primary),
            _ if node.text() == Some("active") => Some(Self::Active),
            Value::Text(name) | Value::Loose(name, _) => {
                let finding = Finding::error(
                    Code::BadValue,
                    format!("`{name}` is none of `all`, `primary` and `active`"),
                );
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
            Self::Primary => serializer.serialize_str("primary"),
            Self::Active => serializer.serialize_str("active"),
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
            "description": "Which screens are captured: all of them, the main one, the one in use, or those with these names.",
            "oneOf": [
                {"enum": ["all", "primary", "active"]},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ],
        })
    }
}
