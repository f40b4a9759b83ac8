//! Whether settings that fit a schema can have a text at some place.

use serde_json::Value;

use super::DEPTH_MAX;
use super::keywords::resolve;

/// Bounds the work of a schema whose alternatives multiply. What isn't found out by then is believed.
const STEPS_MAX: usize = 10_000;

/// Whether a text may stand at this JSON pointer. A schema that leaves open what else may be written has every place.
pub(crate) fn may_have_text(schema: &Value, pointer: &str) -> bool {
    let steps: Vec<String> =
        pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    Search { root: schema, steps: 0 }.may_lie(schema, &steps, 0)
}

struct Search<'a> {
    root: &'a Value,
    steps: usize,
}

impl Search<'_> {
    fn may_lie(&mut self, schema: &Value, way: &[String], depth: usize) -> bool {
        self.steps += 1;
        if self.steps > STEPS_MAX || depth > DEPTH_MAX {
            return true;
        }
        if schema == &Value::Bool(false) {
            return false;
        }
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| resolve(self.root, name));
        if target.is_some_and(|target| !self.may_lie(target, way, depth + 1)) {
            return false;
        }
        for choices in ["anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array()) {
            if !choices.iter().any(|choice| self.may_lie(choice, way, depth + 1)) {
                return false;
            }
        }
        let Some((step, rest)) = way.split_first() else { return may_be(&["string"], schema) };
        if !may_be(&["object", "array"], schema) {
            return false;
        }
        let known = schema.get("properties").and_then(|known| known.get(step));
        known
            .or_else(|| schema.get("additionalProperties"))
            .is_none_or(|inner| self.may_lie(inner, rest, depth + 1))
    }
}

/// Whether a value of one of these types may stand there.
fn may_be(types: &[&str], schema: &Value) -> bool {
    let one_of_them = |found: &Value| found.as_str().is_some_and(|found| types.contains(&found));
    match schema.get("type") {
        Some(Value::Array(several)) => several.iter().any(one_of_them),
        Some(one) => one_of_them(one),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_place_is_a_property_that_may_be_a_text() {
        let schema = json!({
            "additionalProperties": false,
            "properties": {
                "url": {"type": ["string", "null"]}, "port": {"type": "integer"}, "a/b": {}, "never": false,
                "server": {"$ref": "#/$defs/server"}, "servers": {"items": {"$ref": "#/$defs/server"}},
                "either": {"anyOf": [{"type": "integer"}, {"$ref": "#/$defs/server"}]},
                "named": {"additionalProperties": {"$ref": "#/$defs/server"}},
            },
            "$defs": {"server": {"additionalProperties": false, "properties": {"url": {"type": "string"}}}},
        });
        for place in ["/url", "/a~1b", "/server/url", "/servers/0/url", "/either/url", "/named/x/url"] {
            assert!(may_have_text(&schema, place), "{place}");
        }
        for place in ["/adress", "/port", "/never", "/server/ulr", "/either/ulr", "/named/x/ulr"] {
            assert!(!may_have_text(&schema, place), "{place}");
        }
        assert!(may_have_text(&json!({"properties": {"url": {}}}), "/other"), "nothing forbids it");
    }

    #[test]
    fn alternatives_that_multiply_are_not_all_followed() {
        let definitions: serde_json::Map<String, Value> = (0..30)
            .map(|number| {
                let next = json!({"$ref": format!("#/$defs/{}", number + 1)});
                (number.to_string(), json!({"anyOf": [next, next]}))
            })
            .chain([("30".to_owned(), json!({"additionalProperties": false}))])
            .collect();
        assert!(may_have_text(&json!({"$ref": "#/$defs/0", "$defs": definitions}), "/url"));
    }
}
