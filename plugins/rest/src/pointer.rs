//! JSON pointers (RFC 6901).

use serde_json::Value;

/// A key as a step of a pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// What to say about a text that is no pointer.
pub(crate) fn complaint(text: &str) -> Option<&'static str> {
    let steps_are_sound = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    (!text.starts_with('/') || !steps_are_sound).then_some("this is no JSON pointer")
}

/// An id as a text: backends name things by numbers, too. An empty one is none.
pub(crate) fn id_at(body: &Value, pointer: &str) -> Option<String> {
    match body.pointer(pointer)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
