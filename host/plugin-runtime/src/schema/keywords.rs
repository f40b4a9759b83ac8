//! Looks at a schema itself: only known keywords, each of the right type, and none that could never be kept.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{DEPTH_MAX, references};
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
    let mut look = Look { root: schema, ended: HashSet::new(), problems: Vec::new() };
    look.look(schema, "", 0);
    look.problems
}

struct Look<'a> {
    root: &'a Value,
    /// The references that are known to come to an end.
    ended: HashSet<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Look<'a> {
    fn look(&mut self, schema: &'a Value, path: &str, depth: usize) {
        if depth > DEPTH_MAX {
            self.problems.push(Problem::new(
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
                self.problems.push(Problem::new(
                    path,
                    "a schema is an object",
                    "for example {\"type\": \"string\"}",
                ));
                return;
            }
        };
        self.problems.extend(impossible(keywords, path));
        for (keyword, value) in keywords {
            let here = format!("{path}/{}", escaped(keyword));
            let mut wrong = |expected: &str| {
                self.problems.push(Problem::new(
                    &here,
                    format!("`{keyword}` has the wrong type"),
                    format!("write {expected}"),
                ));
            };
            match keyword.as_str() {
                "type" if !is_type(value) => {
                    self.problems.push(Problem::new(
                        &here,
                        "this is no type",
                        format!("one or several of {}", TYPES.join(", ")),
                    ));
                }
                "$ref" => match value.as_str().and_then(|target| resolve(self.root, target)) {
                    None => wrong("a reference to a definition of this schema, such as \"#/$defs/project\""),
                    Some(target) if !references::end(self.root, target, 1, &mut self.ended) => {
                        self.problems.push(Problem::new(
                        &here,
                        format!("this leads back to itself, or over more than {DEPTH_MAX} references"),
                        "refer to a definition that says something itself, such as {\"type\": \"string\"}",
                    ));
                    }
                    Some(_) => {}
                },
                "enum" | "required" if !value.is_array() => wrong("a list"),
                "additionalProperties" | "items" => self.look(value, &here, depth + 1),
                "properties" | "$defs" => match value {
                    Value::Object(inner) => inner.iter().for_each(|(name, inner)| {
                        self.look(inner, &format!("{here}/{}", escaped(name)), depth + 1);
                    }),
                    _ => wrong("an object of schemas"),
                },
                "anyOf" | "oneOf" => match value {
                    Value::Array(inner) if !inner.is_empty() => {
                        inner.iter().enumerate().for_each(|(index, inner)| {
                            self.look(inner, &format!("{here}/{index}"), depth + 1);
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
                    self.problems.push(Problem::new(
                        &here,
                        format!("the keyword `{}` is not supported", unknown.escape_debug()),
                        words::suggestion(unknown, &known),
                    ));
                }
            }
        }
    }
}

/// Properties that have to be there and may not.
fn impossible(keywords: &Map<String, Value>, path: &str) -> Vec<Problem> {
    if keywords.get("additionalProperties") != Some(&Value::Bool(false)) {
        return Vec::new();
    }
    let known = keywords.get("properties").and_then(Value::as_object);
    let required = keywords.get("required").and_then(Value::as_array).into_iter().flatten();
    let names = required.filter_map(Value::as_str);
    let unknown = names.filter(|name| known.is_none_or(|known| !known.contains_key(*name)));
    let told = unknown.map(|name| {
        let message = format!("`{}` is required, and `properties` doesn't have it", name.escape_debug());
        Problem::new(format!("{path}/required"), message, "add it to properties, or take it out")
    });
    told.collect()
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
