//! What a typical transform does to an item's JSON, once as a plugin and once as a library: the same code is timed in
//! the sandbox and natively.

#[cfg(target_arch = "wasm32")]
mod plugin;

use serde_json::{Map, Value};

/// Renames, drops and rewrites fields at every depth, and writes the result. What can't be read is left as it is.
pub fn rewrite(json: &str) -> String {
    match serde_json::from_str::<Value>(json) {
        Ok(value) => changed(value).to_string(),
        Err(_) => json.to_owned(),
    }
}

fn changed(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(fields.into_iter().filter_map(field).collect::<Map<_, _>>()),
        Value::Array(entries) => entries.into_iter().map(changed).collect(),
        Value::String(text) => Value::String(redacted(&text)),
        other => other,
    }
}

/// Secrets go, and names are spelt the backend's way.
fn field((name, value): (String, Value)) -> Option<(String, Value)> {
    if name.contains("secret") {
        return None;
    }
    Some((name.replace('_', "-"), changed(value)))
}

/// Words that look like addresses are blanked.
fn redacted(text: &str) -> String {
    let words = text.split(' ').map(|word| if word.contains('@') { "***" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn fields_are_renamed_dropped_and_redacted_at_every_depth() {
        let json =
            r#"{"a_b":{"secret_key":1,"note":"mail ada@example.com now"},"list":[{"c_d":[1.5,true,null]}]}"#;
        assert_eq!(
            super::rewrite(json),
            r#"{"a-b":{"note":"mail *** now"},"list":[{"c-d":[1.5,true,null]}]}"#
        );
    }
}
