//! What a status means for the item that was sent: one table, so that every plugin reads statuses alike.

use super::Response;
use crate::target::Undelivered;
use crate::types::{Cause, Failure};
use crate::{clock, date};

/// How much of an answer's text a failure's message shows.
const EXCERPT_CHARS: usize = 200;

/// What an answer other than 2xx means for the item.
///
/// 502 and 504 come from something between us and the backend, which may have handed the request on: unless it
/// only read, nobody knows what became of it.
pub fn undelivered(response: &Response) -> Undelivered {
    let failure = |cause| Failure {
        cause,
        message: sentence(response),
        retry_after_ms: retry_after_ms(response),
        http_status: Some(response.status),
    };
    match response.status {
        401 => Undelivered::Retry(failure(Cause::Unauthorized)),
        402 | 507 => Undelivered::Retry(failure(Cause::Quota)),
        403 => Undelivered::Reject(failure(Cause::Forbidden)),
        404 | 410 => Undelivered::Reject(failure(Cause::NotFound)),
        // Another address or another method is wanted: that is for whoever wrote the settings.
        300..=399 | 405 | 407 | 421 => Undelivered::Retry(failure(Cause::Misconfigured)),
        408 => Undelivered::Retry(failure(Cause::Timeout)),
        409 | 412 => Undelivered::Reject(failure(Cause::Conflict)),
        413 => Undelivered::Reject(failure(Cause::TooLarge)),
        425 | 429 => Undelivered::Retry(failure(Cause::RateLimited)),
        400..=499 => Undelivered::Reject(failure(Cause::Invalid)),
        502 | 504 if !response.only_reads => Undelivered::Unknown(failure(Cause::Server)),
        _ => Undelivered::Retry(failure(Cause::Server)),
    }
}

/// The answer's `Retry-After`, given in seconds or as a date, in milliseconds from now. A date in the past is 0.
pub fn retry_after_ms(response: &Response) -> Option<u64> {
    let value = response.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds.saturating_mul(1000));
    }
    let due = date::parse_http_date(value)?;
    Some(u64::try_from(due.saturating_sub(clock::now())).unwrap_or_default())
}

/// `HTTP 422: Unprocessable Content: project is closed`: the status, its name, and what the backend said if that
/// is short text rather than a page.
fn sentence(response: &Response) -> String {
    let mut sentence = format!("HTTP {}", response.status);
    if let Some(name) = name(response.status) {
        sentence.push_str(": ");
        sentence.push_str(name);
    }
    if let (300..=399, Some(location)) = (response.status, response.header("location")) {
        return format!("{sentence}: write the address it leads to, {location}, into the settings");
    }
    let text = response.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    if !words.is_empty() && !text.trim_start().starts_with('<') && !text.contains('\u{fffd}') {
        let said = words.join(" ");
        sentence.push_str(": ");
        sentence.extend(said.chars().take(EXCERPT_CHARS));
        if said.chars().nth(EXCERPT_CHARS).is_some() {
            sentence.push('…');
        }
    }
    sentence
}

/// The names of the statuses that backends answer with (RFC 9110).
fn name(status: u16) -> Option<&'static str> {
    Some(match status {
        301 => "Moved Permanently",
        302 => "Found",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        415 => "Unsupported Media Type",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        507 => "Insufficient Storage",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Host;

    fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Response { status, headers, body: body.as_bytes().to_vec(), only_reads: false }
    }

    fn cause_of(status: u16) -> (char, Cause) {
        match undelivered(&response(status, &[], "")) {
            Undelivered::Retry(failure) => ('r', failure.cause),
            Undelivered::Reject(failure) => ('x', failure.cause),
            Undelivered::Unknown(failure) => ('?', failure.cause),
        }
    }

    #[test]
    fn each_status_has_its_meaning() {
        for (status, verdict, cause) in [
            (302, 'r', Cause::Misconfigured),
            (400, 'x', Cause::Invalid),
            (401, 'r', Cause::Unauthorized),
            (402, 'r', Cause::Quota),
            (403, 'x', Cause::Forbidden),
            (404, 'x', Cause::NotFound),
            (405, 'r', Cause::Misconfigured),
            (408, 'r', Cause::Timeout),
            (409, 'x', Cause::Conflict),
            (410, 'x', Cause::NotFound),
            (412, 'x', Cause::Conflict),
            (413, 'x', Cause::TooLarge),
            (418, 'x', Cause::Invalid),
            (422, 'x', Cause::Invalid),
            (429, 'r', Cause::RateLimited),
            (500, 'r', Cause::Server),
            (502, '?', Cause::Server),
            (503, 'r', Cause::Server),
            (504, '?', Cause::Server),
            (507, 'r', Cause::Quota),
            (599, 'r', Cause::Server),
            (100, 'r', Cause::Server),
        ] {
            assert_eq!(cause_of(status), (verdict, cause), "{status}");
        }
    }

    #[test]
    fn a_read_through_a_broken_gateway_may_be_tried_again() {
        let answer = Response { only_reads: true, ..response(504, &[], "") };
        assert!(matches!(undelivered(&answer), Undelivered::Retry(_)));
    }

    #[test]
    fn retry_after_comes_in_seconds_or_as_a_date() {
        let host = Host::new();
        host.set_now(784_111_777_000); // Sun, 06 Nov 1994 08:49:37 GMT
        for (value, expected) in [
            ("120", Some(120_000)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60_000)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("99999999999999999999", None),
            ("18446744073709551615", Some(u64::MAX)),
            ("soon", None),
        ] {
            assert_eq!(retry_after_ms(&response(429, &[("retry-after", value)], "")), expected, "{value}");
        }
        assert_eq!(retry_after_ms(&response(429, &[], "")), None);
    }

    #[test]
    fn a_message_shows_what_the_backend_said() {
        let message = |answer: &Response| undelivered(answer).failure().message.clone();
        assert_eq!(message(&response(401, &[], "")), "HTTP 401: Unauthorized");
        assert_eq!(
            message(&response(422, &[], "{\"errors\":\n  [\"closed\"]}")),
            "HTTP 422: Unprocessable Content: {\"errors\": [\"closed\"]}"
        );
        assert_eq!(message(&response(503, &[], " <html>…</html>")), "HTTP 503: Service Unavailable");
        assert_eq!(message(&response(499, &[], &"ü".repeat(300))), format!("HTTP 499: {}…", "ü".repeat(200)));
        assert_eq!(
            message(&response(301, &[("location", "https://new.test/")], "")),
            "HTTP 301: Moved Permanently: write the address it leads to, https://new.test/, into the settings"
        );
    }
}
