//! The request that brings a new token: sent to where the operator said, and its answer read by pointers.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Response, StatusCode};
use serde_json::Value;
use stint_domain::secret::Secret;
use zeroize::Zeroizing;

use super::description::Refresh;
use crate::egress::Client;

const WITHIN: Duration = Duration::from_secs(30);
const ANSWER_BYTES_MAX: usize = 256 * 1024;
const PLACEHOLDER: &str = "{refresh}";

/// What a refresh brought.
#[derive(Debug)]
pub(super) struct Brought {
    pub(super) access: Secret,
    pub(super) refresh: Option<Secret>,
    pub(super) lifetime: Option<Duration>,
}

/// Why it brought nothing. The texts are for people and have no secret in them.
#[derive(Debug)]
pub(super) enum Nothing {
    /// The server refused the secret.
    Refused(String),
    /// The server answered something else than was described; what it gave nevertheless is not to be lost.
    Odd { reason: String, refresh: Option<Secret> },
    /// It could not be asked just now.
    Away(String),
}

/// Asks for a new token. It is bounded by its own time.
pub(super) async fn ask(client: &Client, refresh: &Refresh, secret: &Secret) -> Result<Brought, Nothing> {
    let (body, written) = body(refresh, secret);
    let host = refresh.url.host_str().unwrap_or_default();
    let asked = async {
        let sent = client
            .post(&refresh.url)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, written)
            .body(body.as_str().to_owned())
            .send()
            .await
            .map_err(|error| Nothing::Away(format!("{host} can't be reached: {}", told(error))))?;
        let status = sent.status();
        let answer = read(sent).await.map_err(|why| Nothing::Away(format!("{host} {why}")))?;
        judged(refresh, host, status, &answer)
    };
    match tokio::time::timeout(WITHIN, asked).await {
        Ok(judged) => judged,
        Err(_) => Err(Nothing::Away(format!("{host} didn't answer within {WITHIN:?}"))),
    }
}

/// What is sent, with the secret in it as its language has it, and what language that is.
fn body(refresh: &Refresh, secret: &Secret) -> (Zeroizing<String>, &'static str) {
    let text = secret.expose();
    if refresh.body.trim_start().starts_with(['{', '[']) {
        let quoted = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
        let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
        return (Zeroizing::new(refresh.body.replace(PLACEHOLDER, inner)), "application/json");
    }
    let encoded: Zeroizing<String> =
        Zeroizing::new(url::form_urlencoded::byte_serialize(text.as_bytes()).collect());
    let body = Zeroizing::new(refresh.body.replace(PLACEHOLDER, &encoded));
    (body, "application/x-www-form-urlencoded")
}

async fn read(mut response: Response) -> Result<Zeroizing<Vec<u8>>, String> {
    let mut bytes = Zeroizing::new(Vec::new());
    loop {
        match response.chunk().await {
            Ok(Some(piece)) if bytes.len() + piece.len() <= ANSWER_BYTES_MAX => {
                bytes.extend_from_slice(&piece);
            }
            Ok(Some(_)) => return Err(format!("answered with more than {ANSWER_BYTES_MAX} bytes")),
            Ok(None) => return Ok(bytes),
            Err(error) => return Err(format!("broke off its answer: {}", told(error))),
        }
    }
}

fn judged(refresh: &Refresh, host: &str, status: StatusCode, answer: &[u8]) -> Result<Brought, Nothing> {
    match status.as_u16() {
        200..=299 => brought(refresh, host, answer),
        // What an expired or revoked token is answered with, by the standard and by others.
        400 | 401 | 403 | 422 => Err(Nothing::Refused(format!("{host} refused it ({status})"))),
        300..=399 | 404 | 405 | 410 => Err(Nothing::Odd {
            reason: format!("{host} answered {status}: is the address of `refresh.url` right?"),
            refresh: None,
        }),
        _ => Err(Nothing::Away(format!("{host} answered {status}"))),
    }
}

/// Reads an answer by the pointers.
fn brought(refresh: &Refresh, host: &str, answer: &[u8]) -> Result<Brought, Nothing> {
    let odd = |reason: String, refresh| Err(Nothing::Odd { reason, refresh });
    let Ok(mut answer) = serde_json::from_slice::<Value>(answer) else {
        return odd(format!("{host} answered with something that is no JSON"), None);
    };
    let next = refresh.refresh.as_deref().and_then(|pointer| taken(&mut answer, pointer));
    let lifetime = refresh.expires.as_deref().and_then(|pointer| answer.pointer(pointer)).and_then(seconds);
    let Some(access) = taken(&mut answer, &refresh.access) else {
        let pointer = &refresh.access;
        let reason = format!(
            "the answer of {host} has no text at {pointer}, where `refresh.access` says the token is"
        );
        return odd(reason, next);
    };
    Ok(Brought { access, refresh: next, lifetime })
}

/// The text at a pointer, which isn't left behind.
fn taken(answer: &mut Value, pointer: &str) -> Option<Secret> {
    match answer.pointer_mut(pointer).map(Value::take) {
        Some(Value::String(text)) if !text.trim().is_empty() && !text.chars().any(char::is_control) => {
            Some(Secret::new(text))
        }
        _ => None,
    }
}

/// A number of seconds, also as a text.
fn seconds(value: &Value) -> Option<Duration> {
    let text = value.as_str().and_then(|text| text.trim().parse::<f64>().ok());
    let seconds = value.as_f64().or(text)?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// A library's words without the address, which may have a key in it.
fn told(error: reqwest::Error) -> String {
    crate::egress::chain(&error.without_url())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Place;

    fn refresh(body: &str) -> Refresh {
        Refresh {
            url: url::Url::parse("https://login.example/token?key=hidden").unwrap(),
            body: body.into(),
            refresh_token: Place::Env("X".into()),
            access: "/data/accessToken".into(),
            refresh: Some("/data/refreshToken".into()),
            expires: Some("/data/expiresIn".into()),
        }
    }

    #[test]
    fn the_secret_is_written_in_the_bodys_language() {
        let secret = Secret::new("a\"b&c d".into());
        let (json, written) = body(&refresh(r#"{"refreshToken":"{refresh}"}"#), &secret);
        assert_eq!((json.as_str(), written), (r#"{"refreshToken":"a\"b&c d"}"#, "application/json"));
        let (form, written) = body(&refresh("grant_type=refresh_token&refresh_token={refresh}"), &secret);
        assert_eq!(form.as_str(), "grant_type=refresh_token&refresh_token=a%22b%26c+d");
        assert_eq!(written, "application/x-www-form-urlencoded");
    }

    #[test]
    fn an_answer_is_read_by_the_pointers() {
        let read = |status: u16, text: &str| {
            judged(
                &refresh("{refresh}"),
                "login.example",
                StatusCode::from_u16(status).unwrap(),
                text.as_bytes(),
            )
        };
        let got = read(200, r#"{"data":{"accessToken":"a","refreshToken":"r","expiresIn":"3600"}}"#).unwrap();
        assert_eq!((got.access.expose(), got.refresh.unwrap().expose().to_owned()), ("a", "r".to_owned()));
        assert_eq!(got.lifetime, Some(Duration::from_hours(1)));
        let got = read(201, r#"{"data":{"accessToken":"a","expiresIn":-1}}"#).unwrap();
        assert!(got.refresh.is_none() && got.lifetime.is_none());
        let odd = |status, text: &str| match read(status, text).unwrap_err() {
            Nothing::Odd { reason, refresh } => (reason, refresh.is_some()),
            other => panic!("{other:?}"),
        };
        for empty in [
            r#"{"data":{"refreshToken":"r"}}"#,
            r#"{"data":{"accessToken":" ","refreshToken":"r"}}"#,
            r#"{"data":{"accessToken":"a\r\nX-Evil: 1","refreshToken":"r"}}"#,
        ] {
            let (reason, kept) = odd(200, empty);
            assert!(reason.contains("no text at /data/accessToken") && kept, "{reason}");
        }
        assert_eq!(odd(200, "<html>").0, "login.example answered with something that is no JSON");
        assert!(odd(302, "").0.contains("is the address of `refresh.url` right?"));
        for status in [400, 401, 403] {
            assert!(matches!(read(status, "{}"), Err(Nothing::Refused(_))), "{status}");
        }
        for status in [408, 429, 500, 503] {
            assert!(matches!(read(status, "{}"), Err(Nothing::Away(_))), "{status}");
        }
    }
}
