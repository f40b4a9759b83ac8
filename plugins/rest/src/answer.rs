//! What an answer means for the item that was sent.
//!
//! Invariant: nothing counts as delivered that a captive portal, a login page or an error in a good answer could have
//! said. What is not understood is unknown, and unknown is asked or sent again under the same key.

use serde_json::Value;
use stint_plugin_sdk::http::{Response, undelivered};
use stint_plugin_sdk::{Cause, Delivered, Failure, Undelivered};

use crate::pointer;
use crate::settings::{ErrorSign, Outcome, Rest, Route, Verdict};

/// How much of a backend's own words a message shows.
const SAID_CHARS: usize = 200;
/// The word for the header that names what was made.
pub(crate) const LOCATION: &str = "location";

impl Rest {
    /// What an answer means for the item.
    pub(crate) fn read(&self, route: &Route, response: &Response) -> Result<Delivered, Undelivered> {
        let body: Option<Value> = serde_json::from_slice(&response.body).ok();
        if let Some(verdict) = verdict(route, self, response.status) {
            let id = route.remote_id.as_deref().and_then(|place| id_of(place, response, body.as_ref()));
            return judged(verdict, response).map(|()| Delivered::Stored(id));
        }
        if !(200..300).contains(&response.status) {
            return Err(undelivered(response));
        }
        if is_page(response) {
            let said =
                "the answer is a page for people: something between here and the API may have given it";
            return Err(unknown(response, said));
        }
        let signs: Vec<&ErrorSign> = route.errors.iter().chain(&self.errors).collect();
        match &body {
            None if !signs.is_empty() => return Err(unknown(response, "the answer is no JSON")),
            None => {}
            Some(body) => signs.into_iter().try_for_each(|sign| sign.judge(body, response))?,
        }
        let Some(place) = &route.remote_id else { return Ok(Delivered::anonymous()) };
        match id_of(place, response, body.as_ref()) {
            Some(id) => Ok(Delivered::with_id(id)),
            None => Err(unknown(response, &format!("the answer has no id at {place}"))),
        }
    }
}

/// The rule for a status: the route's own before the common one, the exact one before its class.
fn verdict<'a>(route: &'a Route, rest: &'a Rest, status: u16) -> Option<&'a Verdict> {
    let (exact, class) = (status.to_string(), format!("{}xx", status / 100));
    [&route.statuses, &rest.statuses].into_iter().find_map(|rules| {
        let rule = |wanted: &str| rules.iter().find(|(known, _)| known == wanted);
        rule(&exact).or_else(|| rule(&class)).map(|(_, verdict)| verdict)
    })
}

/// Goes by an outcome that the settings name.
fn judged(verdict: &Verdict, response: &Response) -> Result<(), Undelivered> {
    let usual =
        |cause| Failure { http_status: Some(response.status), ..Failure::new(cause, said_status(response)) };
    let mut failure = if (200..300).contains(&response.status) {
        usual(if verdict.outcome == Outcome::Reject { Cause::Invalid } else { Cause::Server })
    } else {
        undelivered(response).into()
    };
    failure.cause = verdict.cause.clone().unwrap_or(failure.cause);
    match verdict.outcome {
        Outcome::Delivered => Ok(()),
        Outcome::Retry => Err(Undelivered::Retry(failure)),
        Outcome::Reject => Err(Undelivered::Reject(failure)),
        Outcome::Unknown => Err(Undelivered::Unknown(failure)),
    }
}

impl ErrorSign {
    /// Whether a good answer says here that it isn't one.
    fn judge(&self, body: &Value, response: &Response) -> Result<(), Undelivered> {
        let Some(found) = body.pointer(&self.at) else { return Ok(()) };
        let is_error = match &self.equals {
            Some(value) => value == found,
            None => !is_nothing(found),
        };
        if !is_error {
            return Ok(());
        }
        let words = self.message.as_deref().and_then(|pointer| body.pointer(pointer)).unwrap_or(found);
        let said = if let Value::String(text) = words { text.clone() } else { words.to_string() };
        let mut short: String = said.chars().take(SAID_CHARS).collect();
        if short.len() < said.len() {
            short.push('…');
        }
        let message = format!("{}, but {} says: {short}", said_status(response), self.at);
        judged(&self.verdict, response).map_err(|undelivered| with(undelivered, message))
    }
}

fn with(undelivered: Undelivered, message: String) -> Undelivered {
    match undelivered {
        Undelivered::Retry(failure) => Undelivered::Retry(Failure { message, ..failure }),
        Undelivered::Reject(failure) => Undelivered::Reject(Failure { message, ..failure }),
        Undelivered::Unknown(failure) => Undelivered::Unknown(Failure { message, ..failure }),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
    }
}

/// Whether an answer is HTML rather than an API's.
fn is_page(response: &Response) -> bool {
    let mime = response.header("content-type").unwrap_or_default().trim_start();
    let begins = |text: &[u8], with: &str| {
        text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with.as_bytes()))
    };
    let body = response.body.trim_ascii_start();
    begins(mime.as_bytes(), "text/html") || begins(body, "<!doctype html") || begins(body, "<html")
}

fn unknown(response: &Response, why: &str) -> Undelivered {
    let message = format!("{}, but {why}", said_status(response));
    Undelivered::Unknown(Failure {
        http_status: Some(response.status),
        ..Failure::new(Cause::Server, message)
    })
}

fn said_status(response: &Response) -> String {
    format!("HTTP {}", response.status)
}

/// What the backend calls the entry: at a place in the body, or the last segment of `Location`.
fn id_of(place: &str, response: &Response, body: Option<&Value>) -> Option<String> {
    if place != LOCATION {
        return pointer::id_at(body?, place);
    }
    let location = response.header(LOCATION)?;
    let path = location.split(['?', '#']).next()?.trim_end_matches('/');
    let segment = path.rsplit('/').next().filter(|segment| !segment.is_empty())?;
    Some(decoded(segment))
}

/// A segment with its `%XX` undone, so that it can be put into an address again. Nonsense stays as it is.
fn decoded(segment: &str) -> String {
    let bytes = segment.as_bytes();
    let (mut whole, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        let written = hex.filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        whole.push(written.unwrap_or(bytes[at]));
        at += if written.is_some() { 3 } else { 1 };
    }
    String::from_utf8(whole).unwrap_or_else(|_| segment.to_owned())
}
