//! Looks at a schema itself: only known keywords, each of the right type.

use serde_json::Value;

use super::DEPTH_MAX;
use crate::manifest::Problem;
use crate::words;

/// Keywords that say something to people and nothing to the check.
const NOTES: [&str; 10] = [
    "$schema",
    "$id",
    "$comment",
    "title",
    "description",
    "default",
    "examples",
    "format",
    "deprecated",
    "writeOnly",
];
const RULES: [&str; 22] = [
    "$ref",
    "$defs",
    "type",
    "enum",
    "const",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "anyOf",
    "oneOf",
];
const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];

/// What is wrong with a schema; nothing if it can be used.
pub(crate) fn check_schema(schema: &Value) -> Vec<Problem> {
    let mut problems = Vec::new();
    look(schema, schema, "", 0, &mut problems);
    problems
}

fn look(schema: &Value, root: &Value, path: &str, depth: usize, problems: &mut Vec<Problem>) {
    if depth > DEPTH_MAX {
        problems.push(Problem::new(
            path,
            "the schema is nested too deep",
            format!("at most {DEPTH_MAX} levels"),
        ));
        return;
    }
    let keywords = match schema {
        Value::Bool(_) => return,
        Value::Object(keywords) => keywords,
        _ => {
            problems.push(Problem::new(path, "a schema is an object", "for example {\"type\": \"string\"}"));
            return;
        }
    };
    for (keyword, value) in keywords {
        let here = format!("{path}/{}", escaped(keyword));
        let mut wrong = |expected: &str| {
            problems.push(Problem::new(
                &here,
                format!("`{keyword}` has the wrong type"),
                format!("write {expected}"),
            ));
        };
        match keyword.as_str() {
            "type" if !is_type(value) => {
                problems.push(Problem::new(
                    &here,
                    "this is no type",
                    format!("one or several of {}", TYPES.join(", ")),
                ));
            }
            "$ref" if value.as_str().and_then(|target| resolve(root, target)).is_none() => {
                wrong("a reference to a definition of this schema, such as \"#/$defs/project\"");
            }
            "enum" | "required" if !value.is_array() => wrong("a list"),
            "additionalProperties" | "items" => look(value, root, &here, depth + 1, problems),
            "properties" | "$defs" => match value {
                Value::Object(inner) => inner.iter().for_each(|(name, inner)| {
                    look(inner, root, &format!("{here}/{}", escaped(name)), depth + 1, problems);
                }),
                _ => wrong("an object of schemas"),
            },
            "anyOf" | "oneOf" => match value {
                Value::Array(inner) if !inner.is_empty() => {
                    inner.iter().enumerate().for_each(|(index, inner)| {
                        look(inner, root, &format!("{here}/{index}"), depth + 1, problems);
                    });
                }
                _ => wrong("a list of schemas"),
            },
            "uniqueItems" if !value.is_boolean() => wrong("true or false"),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" if !value.is_number() => {
                wrong("a number");
            }
            "minProperties" | "maxProperties" | "minItems" | "maxItems" | "minLength" | "maxLength"
                if !value.is_u64() =>
            {
                wrong("a whole number");
            }
            known if RULES.contains(&known) || NOTES.contains(&known) => {}
            unknown => {
                let known: Vec<&str> = RULES.iter().chain(&NOTES).copied().collect();
                problems.push(Problem::new(
                    &here,
                    format!("the keyword `{}` is not supported", unknown.escape_debug()),
                    words::suggestion(unknown, &known),
                ));
            }
        }
    }
}

fn is_type(value: &Value) -> bool {
    let known = |value: &Value| value.as_str().is_some_and(|name| TYPES.contains(&name));
    known(value) || value.as_array().is_some_and(|names| !names.is_empty() && names.iter().all(known))
}

/// The definition that a reference means. Only definitions of the same schema can be meant.
pub(super) fn resolve<'a>(root: &'a Value, target: &str) -> Option<&'a Value> {
    let pointer = target.strip_prefix('#')?;
    pointer.starts_with("/$defs/").then(|| root.pointer(pointer)).flatten()
}

/// A key as a step of a JSON pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
