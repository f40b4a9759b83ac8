//! Tokens in texts: in a message of the old program, in a text of a payload, in JSON inside of a text. What looks
//! like a token is masked; a person's words stay as they are.

use serde_json::Value;

use super::secrets::{self, Taken};

const MASK: &str = "[secret]";
/// A secret shorter than this could be a word of any text, so it is not looked for elsewhere.
const SOUGHT_FROM: usize = 8;
/// What follows "Bearer" is a token from this length on, and a word of a sentence below.
const TOKEN_FROM: usize = 16;

/// Masks tokens in all texts of a payload.
pub(super) fn payload(value: &mut Value, taken: &mut Taken) {
    match value {
        Value::String(text) => {
            if let Some(clean) = nested(text, taken) {
                *text = clean;
            }
            *text = self::text(text, taken);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| payload(item, taken)),
        Value::Object(members) => {
            let before = members.len();
            members.retain(|name, _| !names_a_token(name));
            taken.count += before - members.len();
            members.values_mut().for_each(|value| payload(value, taken));
        }
        _ => {}
    }
}

/// Masks tokens in a text.
pub(super) fn text(text: &str, taken: &mut Taken) -> String {
    let mut clean = text.to_owned();
    for secret in taken.texts.iter().filter(|secret| secret.len() >= SOUGHT_FROM) {
        let found = clean.matches(secret.as_str()).count();
        if found > 0 {
            taken.count += found;
            clean = clean.replace(secret.as_str(), MASK);
        }
    }
    masked(&clean, &mut taken.count)
}

/// Other spellings of the names that `secrets` knows.
fn names_a_token(name: &str) -> bool {
    let plain = name.to_ascii_lowercase().replace(['_', '-'], "");
    plain == "accesstoken" || plain == "refreshtoken"
}

/// JSON inside of a text, without its tokens; nothing where there are none.
fn nested(text: &str, taken: &mut Taken) -> Option<String> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let mut value = serde_json::from_str(text).ok()?;
    let before = taken.count;
    secrets::take(&mut value, taken);
    (taken.count > before).then(|| value.to_string())
}

/// Masks what stands behind a telling word, and what is a JSON web token wherever it stands.
fn masked(text: &str, count: &mut usize) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut word_before = "";
    let mut rest = text;
    while !rest.is_empty() {
        let apart = rest.find(is_of_token).unwrap_or(rest.len());
        clean.push_str(&rest[..apart]);
        if apart > 4 {
            word_before = "";
        }
        rest = &rest[apart..];
        let end = rest.find(|c| !is_of_token(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        if is_token(word, word_before) {
            clean.push_str(MASK);
            *count += 1;
        } else {
            clean.push_str(word);
        }
        word_before = word;
        rest = &rest[end..];
    }
    clean
}

fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._~+/-%".contains(c)
}

fn is_token(word: &str, word_before: &str) -> bool {
    if word.starts_with("eyJ") && word.len() >= TOKEN_FROM && word.contains('.') {
        return true;
    }
    let telling = word_before.to_ascii_lowercase().replace(['_', '-'], "");
    if telling.ends_with("accesstoken") || telling.ends_with("refreshtoken") {
        return word.len() >= SOUGHT_FROM;
    }
    (telling == "bearer" || telling.ends_with("token")) && word.len() >= TOKEN_FROM
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(given: &str) -> (String, usize) {
        let mut taken = Taken { count: 0, texts: vec!["s3cret-canary".into(), "short".into()] };
        let clean = text(given, &mut taken);
        (clean, taken.count)
    }

    #[test]
    fn tokens_are_masked_and_words_stay() {
        for (given, expected, count) in [
            ("HTTP 401: Unauthorized", "HTTP 401: Unauthorized", 0),
            ("Network error: s3cret-canary, s3cret-canary!", "Network error: [secret], [secret]!", 2),
            ("a short note on bearer bonds", "a short note on bearer bonds", 0),
            ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer [secret]", 1),
            ("sent {\"access_token\":\"canary-12\"}", "sent {\"access_token\":\"[secret]\"}", 1),
            ("https://x/y?refresh_token=canary-12&a=1", "https://x/y?refresh_token=[secret]&a=1", 1),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x5", "[secret]", 1),
            ("Token refresh failed: gone", "Token refresh failed: gone", 0),
            (
                "token \u{1f980}\u{1f980}\u{1f980} abcdefgh12345678",
                "token \u{1f980}\u{1f980}\u{1f980} abcdefgh12345678",
                0,
            ),
            ("", "", 0),
        ] {
            assert_eq!(clean(given), (expected.to_owned(), count), "{given}");
        }
    }

    #[test]
    fn json_inside_of_a_text_is_looked_into() {
        let mut value =
            serde_json::json!({"body": "{\"accessToken\":\"t\",\"a\":1}", "list": ["[1, {]", "[2]"]});
        let mut taken = Taken::default();
        payload(&mut value, &mut taken);
        assert_eq!(value, serde_json::json!({"body": "{\"a\":1}", "list": ["[1, {]", "[2]"]}));
        assert_eq!(taken.count, 1);
    }

    #[test]
    fn other_spellings_of_a_tokens_name_go_too() {
        let mut value =
            serde_json::json!({"a": [{"access_token": "t", "Refresh-Token": 1, "b": 2}], "token": "x"});
        let mut taken = Taken::default();
        payload(&mut value, &mut taken);
        assert_eq!(value, serde_json::json!({"a": [{"b": 2}], "token": "x"}));
        assert_eq!(taken.count, 2);
    }
}
