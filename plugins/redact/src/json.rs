//! Edits the texts inside JSON in place: names, numbers, order and spacing stay as they were, byte for byte.
//! Reading into a tree and writing it again would round large numbers and sort the names.

use serde::de::IgnoredAny;

use crate::fields::Edit;

/// Edits every text that is a value. What isn't JSON is one text itself.
pub(crate) fn edit(json: &mut String, edit: Edit<'_>) {
    if serde_json::from_str::<IgnoredAny>(json).is_err() {
        if let Some(new) = edit(json) {
            *json = new;
        }
        return;
    }
    if let Some(new) = rewritten(json, edit) {
        *json = new;
    }
}

/// The JSON with the edits made; nothing if there were none.
fn rewritten(json: &str, edit: Edit<'_>) -> Option<String> {
    let mut new = String::new();
    // Everything before this place is in `new` already.
    let mut copied = 0;
    let mut place = 0;
    while let Some(found) = json[place..].find('"') {
        let start = place + found;
        let text = Text::at(json, start);
        place = text.end;
        if is_name(&json[place..]) {
            continue;
        }
        let replaced = if text.has_escapes {
            serde_json::from_str::<String>(&json[start..place]).ok().and_then(|text| edit(&text))
        } else {
            edit(&json[start + 1..place - 1])
        };
        if let Some(written) = replaced.and_then(|text| serde_json::to_string(&text).ok()) {
            if copied == 0 {
                new.reserve(json.len());
            }
            new.push_str(&json[copied..start]);
            new.push_str(&written);
            copied = place;
        }
    }
    (copied > 0).then(|| {
        new.push_str(&json[copied..]);
        new
    })
}

/// A text between quotes.
struct Text {
    /// The place behind the closing quote.
    end: usize,
    has_escapes: bool,
}

impl Text {
    /// The text whose opening quote is at `start`, in what is known to be JSON.
    fn at(json: &str, start: usize) -> Self {
        let inside = &json[start + 1..];
        // Most texts have no escapes, and then the next quote is their end.
        let quote = inside.find('"').unwrap_or(inside.len());
        if !inside[..quote].contains('\\') {
            return Self { end: (start + quote + 2).min(json.len()), has_escapes: false };
        }
        Self { end: end_of_escaped(json, start), has_escapes: true }
    }
}

/// The place behind the closing quote of the text that begins at `start`.
fn end_of_escaped(json: &str, start: usize) -> usize {
    let mut escaped = false;
    for (offset, byte) in json.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return offset + 1,
            _ => {}
        }
    }
    json.len()
}

/// Whether the text before this was the name of a value.
fn is_name(after: &str) -> bool {
    after.bytes().find(|byte| !byte.is_ascii_whitespace()) == Some(b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(json: &str) -> String {
        let mut json = json.to_owned();
        edit(&mut json, &mut |text| text.contains("secret").then(|| text.replace("secret", "\"x\"")));
        json
    }

    #[test]
    fn only_texts_that_are_values_change() {
        assert_eq!(
            edited(
                r#"{ "secret" : "a secret", "n":1.50, "big":12345678901234567890123, "deep":["b","secret"] }"#
            ),
            r#"{ "secret" : "a \"x\"", "n":1.50, "big":12345678901234567890123, "deep":["b","\"x\""] }"#
        );
    }

    #[test]
    fn escapes_are_read_and_written() {
        assert_eq!(edited(r#"["\\\"\u0073ecret\\"]"#), r#"["\\\"\"x\"\\"]"#);
        assert_eq!(edited(r#"["\u00fc \"", "ü"]"#), r#"["\u00fc \"", "ü"]"#);
    }

    #[test]
    fn what_is_no_json_is_one_text() {
        assert_eq!(edited("{ secret"), "{ \"x\"");
        assert_eq!(edited("\"secret\""), r#""\"x\"""#);
    }
}
