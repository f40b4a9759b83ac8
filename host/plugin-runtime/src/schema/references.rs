//! Whether a schema's references lead somewhere. One that leads back to itself before a level of the value was passed
//! says nothing, and would be followed without end. A list of lists is no such circle.

use std::collections::HashSet;

use serde_json::Value;

use super::DEPTH_MAX;
use super::keywords::resolve;

/// Whether everything that is held against the same value as this schema comes to an end. `ended` keeps the references
/// that do, so that each is followed once, however many alternatives lead there.
pub(super) fn end<'a>(
    root: &'a Value,
    schema: &'a Value,
    depth: usize,
    ended: &mut HashSet<&'a str>,
) -> bool {
    if depth > DEPTH_MAX {
        return false;
    }
    let reference = schema.get("$ref").and_then(Value::as_str).filter(|name| !ended.contains(name));
    if let Some((name, target)) = reference.and_then(|name| Some((name, resolve(root, name)?))) {
        if !end(root, target, depth + 1, ended) {
            return false;
        }
        ended.insert(name);
    }
    let choices = ["anyOf", "oneOf"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_array());
    choices.flatten().all(|choice| end(root, choice, depth + 1, ended))
}
