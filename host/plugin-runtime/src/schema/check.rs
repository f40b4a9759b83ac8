//! Looks at settings by a schema that `check_schema` found usable. Every problem at once, each with the place as
//! a JSON pointer, so that the host can underline it in the operator's file.

use serde_json::{Map, Value};

use super::DEPTH_MAX;
use super::keywords::{escaped, resolve};
use crate::manifest::{Problem, sentences};
use crate::{text, words};

/// No more problems than this are listed; who has more reads these first.
const PROBLEMS_MAX: usize = 50;
/// Bounds the work of a schema whose alternatives multiply.
const STEPS_MAX: usize = 100_000;
/// What is quoted of the nearest alternative. Alternatives within alternatives quote each other.
const NEAREST_BYTES_MAX: usize = 500;

/// What in `value` doesn't fit the schema; nothing if it fits.
pub(crate) fn check_value(schema: &Value, value: &Value) -> Vec<Problem> {
    let mut check = Check { root: schema, steps: 0 };
    let mut problems = Vec::new();
    check.look(schema, value, "", 0, &mut problems);
    if check.steps > STEPS_MAX {
        problems.push(Problem::new(
            "",
            "the plugin's schema can't be checked: it takes too many steps",
            "its author has to mend it",
        ));
    }
    problems.truncate(PROBLEMS_MAX);
    problems
}

struct Check<'a> {
    root: &'a Value,
    steps: usize,
}

impl Check<'_> {
    fn look(&mut self, schema: &Value, value: &Value, path: &str, depth: usize, problems: &mut Vec<Problem>) {
        self.steps += 1 + words_in(schema);
        if self.steps > STEPS_MAX || problems.len() >= PROBLEMS_MAX {
            return;
        }
        if depth > DEPTH_MAX {
            problems.push(Problem::new(path, "nested too deep", format!("at most {DEPTH_MAX} levels")));
            return;
        }
        let rules = match schema {
            Value::Bool(true) => return,
            Value::Object(rules) => rules,
            _ => {
                problems.push(Problem::new(path, "nothing may be written here", "take it out"));
                return;
            }
        };
        if let Some(target) =
            rules.get("$ref").and_then(Value::as_str).and_then(|name| resolve(self.root, name))
        {
            self.look(target, value, path, depth + 1, problems);
        }
        if let Some(problem) = wrong_type(rules, value, path) {
            problems.push(problem);
            return;
        }
        problems.extend(wrong_value(rules, value, path));
        self.alternatives(rules, value, path, depth, problems);
        match value {
            Value::Object(fields) => self.object(rules, fields, path, depth, problems),
            Value::Array(items) => self.array(rules, items, path, depth, problems),
            Value::String(text) => {
                problems.extend(outside(rules, "Length", "characters", text.chars().count(), path));
            }
            Value::Number(_) => problems.extend(out_of_range(rules, value, path)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn object(
        &mut self,
        rules: &Map<String, Value>,
        fields: &Map<String, Value>,
        path: &str,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) {
        problems.extend(outside(rules, "Properties", "entries", fields.len(), path));
        let required = rules.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str).filter(|name| !fields.contains_key(*name)) {
            problems.push(Problem::new(path, format!("`{name}` is missing"), format!("add {name} = …")));
        }
        let known = rules.get("properties").and_then(Value::as_object);
        for (name, field) in fields {
            let here = format!("{path}/{}", escaped(name));
            if let Some(inner) = known.and_then(|known| known.get(name)) {
                self.look(inner, field, &here, depth + 1, problems);
                continue;
            }
            match rules.get("additionalProperties") {
                Some(Value::Bool(false)) => {
                    let names: Vec<&str> =
                        known.into_iter().flat_map(|known| known.keys()).map(String::as_str).collect();
                    let message = format!("`{}` is not known here", name.escape_debug());
                    problems.push(Problem::new(here, message, words::suggestion(name, &names)));
                }
                Some(inner) => self.look(inner, field, &here, depth + 1, problems),
                None => {}
            }
        }
    }

    fn array(
        &mut self,
        rules: &Map<String, Value>,
        items: &[Value],
        path: &str,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) {
        problems.extend(outside(rules, "Items", "entries", items.len(), path));
        if rules.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = std::collections::HashSet::new();
            if !items.iter().all(|item| seen.insert(item.to_string())) {
                problems.push(Problem::new(path, "an entry is here twice", "write each entry once"));
            }
        }
        if let Some(inner) = rules.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.look(inner, item, &format!("{path}/{index}"), depth + 1, problems);
            }
        }
    }

    fn alternatives(
        &mut self,
        rules: &Map<String, Value>,
        value: &Value,
        path: &str,
        depth: usize,
        problems: &mut Vec<Problem>,
    ) {
        for keyword in ["anyOf", "oneOf"] {
            let Some(choices) = rules.get(keyword).and_then(Value::as_array) else { continue };
            let mut fitting = 0;
            let mut nearest: Option<Vec<Problem>> = None;
            for choice in choices {
                let mut inner = Vec::new();
                self.look(choice, value, path, depth + 1, &mut inner);
                if inner.is_empty() {
                    fitting += 1;
                } else if nearest.as_ref().is_none_or(|best| deepest(&inner) > deepest(best)) {
                    nearest = Some(inner);
                }
            }
            match (fitting, nearest) {
                (0, Some(inner)) => {
                    let message = format!("none of the {} possible forms fits", choices.len());
                    problems.push(Problem::new(
                        path,
                        message,
                        format!("the nearest says: {}", text::plain(&sentences(&inner), NEAREST_BYTES_MAX)),
                    ));
                }
                (2.., _) if keyword == "oneOf" => {
                    let message = "more than one of the possible forms fits";
                    problems.push(Problem::new(path, message, "write it so that only one does"));
                }
                _ => {}
            }
        }
    }
}

/// How many words of a schema are looked at beside what lies under it.
fn words_in(schema: &Value) -> usize {
    let count = |keyword: &str| match schema.get(keyword) {
        Some(Value::Array(words)) => words.len(),
        Some(Value::Object(words)) => words.len(),
        _ => 0,
    };
    count("enum") + count("required") + count("properties")
}

/// The alternative whose complaint lies deepest is the one that was meant.
fn deepest(problems: &[Problem]) -> usize {
    problems.iter().map(|problem| problem.path.matches('/').count()).max().unwrap_or(0)
}

fn wrong_type(rules: &Map<String, Value>, value: &Value, path: &str) -> Option<Problem> {
    let allowed: Vec<&str> = match rules.get("type")? {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let (kind, found) = match value {
        Value::Null => ("null", "nothing"),
        Value::Bool(_) => ("boolean", "true or false"),
        Value::Number(_) => ("number", "a number"),
        Value::String(_) => ("string", "a text"),
        Value::Array(_) => ("array", "a list"),
        Value::Object(_) => ("object", "a table"),
    };
    let whole = value.as_f64().is_some_and(|number| number.fract() == 0.0);
    if allowed.iter().any(|name| *name == kind || (*name == "integer" && whole)) {
        return None;
    }
    Some(Problem::new(path, format!("{found} is of the wrong type"), format!("write {}", named(&allowed))))
}

/// Types in the words of a configuration file.
fn named(types: &[&str]) -> String {
    let words: Vec<&str> = types
        .iter()
        .map(|name| match *name {
            "object" => "a table",
            "array" => "a list",
            "string" => "a text in quotes",
            "integer" => "a whole number",
            "number" => "a number",
            "boolean" => "true or false",
            _ => "nothing",
        })
        .collect();
    words.join(" or ")
}

fn wrong_value(rules: &Map<String, Value>, value: &Value, path: &str) -> Option<Problem> {
    let allowed: Vec<&Value> = match (rules.get("const"), rules.get("enum").and_then(Value::as_array)) {
        (Some(only), _) => vec![only],
        (None, Some(several)) => several.iter().collect(),
        (None, None) => return None,
    };
    if allowed.contains(&value) {
        return None;
    }
    let words: Vec<&str> = allowed.iter().filter_map(|word| word.as_str()).collect();
    let hint = match value.as_str() {
        Some(word) if words.len() == allowed.len() => words::suggestion(word, &words),
        _ => format!(
            "what may be written here: {}",
            allowed.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ),
    };
    Some(Problem::new(path, format!("{value} is not possible here"), hint))
}

/// Checks `minX` and `maxX` for a size.
fn outside(rules: &Map<String, Value>, of: &str, unit: &str, size: usize, path: &str) -> Option<Problem> {
    let limit = |keyword: String| {
        rules.get(&keyword).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok())
    };
    if let Some(least) = limit(format!("min{of}")).filter(|least| size < *least) {
        return Some(Problem::new(path, format!("{size} {unit} are too few"), format!("at least {least}")));
    }
    let most = limit(format!("max{of}")).filter(|most| size > *most)?;
    Some(Problem::new(path, format!("{size} {unit} are too many"), format!("at most {most}")))
}

fn out_of_range(rules: &Map<String, Value>, value: &Value, path: &str) -> Option<Problem> {
    let number = value.as_f64()?;
    let limit = |keyword: &str| rules.get(keyword).and_then(Value::as_f64);
    let broken = [
        ("minimum", "at least", limit("minimum").filter(|limit| number < *limit)),
        ("maximum", "at most", limit("maximum").filter(|limit| number > *limit)),
        ("exclusiveMinimum", "more than", limit("exclusiveMinimum").filter(|limit| number <= *limit)),
        ("exclusiveMaximum", "less than", limit("exclusiveMaximum").filter(|limit| number >= *limit)),
    ];
    let (_, word, limit) = broken.into_iter().find(|(_, _, broken)| broken.is_some())?;
    Some(Problem::new(path, format!("{value} is out of range"), format!("{word} {}", limit?)))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
