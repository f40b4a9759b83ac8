//! Tokens in a payload: members of known names go, at any depth.
//!
//! **Frozen**: a row's id hangs on what is left. What must go beyond this goes in `scrub`, after the id is known.

use serde_json::Value;

/// The names that the old program kept tokens under, and what it said beside them about their encryption.
const NAMES: [&str; 3] = ["accessToken", "refreshToken", "_encrypted"];

/// What was taken out.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// How many members.
    pub(super) count: usize,
    /// The texts in them, to be looked for elsewhere.
    pub(super) texts: Vec<String>,
}

/// Takes the members out.
pub(super) fn take(value: &mut Value, taken: &mut Taken) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| take(item, taken)),
        Value::Object(members) => {
            for name in NAMES {
                if let Some(secret) = members.remove(name) {
                    taken.count += 1;
                    remember(secret, &mut taken.texts);
                }
            }
            members.values_mut().for_each(|value| take(value, taken));
        }
        _ => {}
    }
}

fn remember(secret: Value, texts: &mut Vec<String>) {
    match secret {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.into_iter().for_each(|item| remember(item, texts)),
        Value::Object(members) => members.into_iter().for_each(|(_, value)| remember(value, texts)),
        _ => {}
    }
}
