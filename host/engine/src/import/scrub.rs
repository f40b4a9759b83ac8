//! Tokens in texts: in a message of the old program, in a text of a payload, in JSON inside of a text. What looks
//! like a token is masked; a person's words stay as they are.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::Value;

use super::{
    scrub_text,
    secrets::{self, Taken},
};

pub(super) const MASK: &str = "[secret]";
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
    let clean = scrub_text::masked(&clean, &mut taken.count);
    masked(&clean, &mut taken.count)
}

/// Other spellings of the names that `secrets` knows, and what else is never a person's word.
const NAMES: [&str; 13] = [
    "accesstoken",
    "refreshtoken",
    "idtoken",
    "authtoken",
    "authorization",
    "cookie",
    "setcookie",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "clientsecret",
    "apikey",
];

fn names_a_token(name: &str) -> bool {
    NAMES.contains(&name.to_ascii_lowercase().replace(['_', '-'], "").as_str())
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
    let (mut word_before, mut one_before) = ("", "");
    let mut rest = text;
    while !rest.is_empty() {
        let apart = rest.find(is_of_token).unwrap_or(rest.len());
        clean.push_str(&rest[..apart]);
        if apart > 4 {
            (word_before, one_before) = ("", "");
        }
        rest = &rest[apart..];
        let end = rest.find(|c| !is_of_token(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        let is_head = one_before.eq_ignore_ascii_case("authorization");
        if is_token(word, word_before, is_head) {
            clean.push_str(MASK);
            *count += 1;
        } else {
            clean.push_str(word);
        }
        (one_before, word_before) = (word_before, word);
        rest = &rest[end..];
    }
    clean
}

fn is_of_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._~+/-%".contains(c)
}

/// `is_head` says that it stands in the head of a request that carries such things.
fn is_token(word: &str, word_before: &str, is_head: bool) -> bool {
    if word.starts_with("eyJ") && word.len() >= TOKEN_FROM && word.contains('.') {
        return true;
    }
    let telling = word_before.to_ascii_lowercase().replace(['_', '-'], "");
    if telling.ends_with("accesstoken") || telling.ends_with("refreshtoken") {
        return word.len() >= SOUGHT_FROM;
    }
    match telling.as_str() {
        "bearer" => is_head || word.len() >= TOKEN_FROM || is_no_word(word),
        // A login in base64 has a colon between its parts.
        "basic" => is_head || STANDARD_NO_PAD.decode(word).is_ok_and(|login| login.contains(&b':')),
        "authorization" => is_no_word(word),
        _ => telling.ends_with("token") && word.len() >= TOKEN_FROM,
    }
}

/// Whether something that follows a telling word is none itself: with a digit or a capital letter inside.
fn is_no_word(word: &str) -> bool {
    let inside = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    word.len() >= 4
        && word.chars().skip(1).any(inside)
        && word.chars().any(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
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
            ("Authorization: Bearer abc", "Authorization: Bearer [secret]", 1),
            ("sent Bearer tok7 again", "sent Bearer [secret] again", 1),
            ("sent Bearer aBcD", "sent Bearer [secret]", 1),
            ("the Bearer Of News", "the Bearer Of News", 0),
            ("Authorization: Basic YWRhOmh1bnRlcjI=", "Authorization: Basic [secret]=", 1),
            ("with Basic YWRhOmh1bnRlcjI=, then", "with Basic [secret]=, then", 1),
            ("Basic training at noon, a basic plan42", "Basic training at noon, a basic plan42", 0),
            ("authorization=k3y-9", "authorization=[secret]", 1),
            ("authorization failed", "authorization failed", 0),
            (
                "GET https://ada:pw@x/y: 401, password=pw",
                "GET https://[secret]@x/y: 401, password=[secret]",
                2,
            ),
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
        let mut value = serde_json::json!({"a": [{"access_token": "t", "Refresh-Token": 1, "b": 2, "Password": "p"}], "token": "x",
                               "headers": {"Set-Cookie": "s=1", "Authorization": "Basic x", "Accept": "a"}});
        let mut taken = Taken::default();
        payload(&mut value, &mut taken);
        assert_eq!(value, serde_json::json!({"a": [{"b": 2}], "token": "x", "headers": {"Accept": "a"}}));
        assert_eq!(taken.count, 5);
    }
}
