//! An answer, and the ways to take it.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::status;
use crate::target::Undelivered;
use crate::types::{Cause, Failure};

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status, for example 201.
    pub status: u16,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    pub(crate) only_reads: bool,
}

impl Response {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Goes on with a 2xx answer; any other becomes what its status means for the item ([`super::undelivered`]).
    pub fn success(self) -> Result<Self, Undelivered> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(status::undelivered(&self)) }
    }

    /// Like [`Self::success`], with "not there" (404, 410) as nothing: what a lookup wants.
    pub fn found(self) -> Result<Option<Self>, Undelivered> {
        if matches!(self.status, 404 | 410) { Ok(None) } else { self.success().map(Some) }
    }

    /// Reads the body as JSON. A body of another shape leaves open what the backend did, unless the request only
    /// read.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Undelivered> {
        let mut reader = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let place = error.path().to_string();
            let place = if place == "." { String::new() } else { format!(" at {place}") };
            let message = format!(
                "HTTP {}, but the answer is not the JSON that was expected{place}: {}",
                self.status,
                error.inner()
            );
            let failure = Failure { http_status: Some(self.status), ..Failure::new(Cause::Server, message) };
            if self.only_reads { Undelivered::Retry(failure) } else { Undelivered::Unknown(failure) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(only_reads: bool) -> Response {
        Response { status: 201, headers: vec![], body: br#"{"issue":{"id":"x"}}"#.to_vec(), only_reads }
    }

    #[derive(Debug, serde::Deserialize)]
    struct Created {
        #[serde(rename = "issue")]
        _issue: Issue,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Issue {
        #[serde(rename = "id")]
        _id: u64,
    }

    #[test]
    fn an_unexpected_body_after_a_write_leaves_the_outcome_open() {
        let Err(Undelivered::Unknown(failure)) = response(false).json::<Created>() else {
            panic!("the backend may have stored the item");
        };
        assert_eq!(failure.http_status, Some(201));
        assert!(
            failure.message.starts_with(
                "HTTP 201, but the answer is not the JSON that was expected at issue.id: invalid type: string"
            ),
            "{}",
            failure.message
        );
        assert!(matches!(response(true).json::<Created>(), Err(Undelivered::Retry(_))));
    }
}
