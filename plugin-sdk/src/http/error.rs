//! Why there is no answer, and what that means for the item that was sent.

use crate::target::Undelivered;
use crate::types::{Cause, Failure};

/// Why there is no answer. Each carries a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing was sent: no network, no such name, no connection.
    Offline(String),
    /// No answer in time. The backend may have seen the request.
    Timeout(String),
    /// The connection could not be trusted. Nothing was sent.
    Tls(String),
    /// The connection broke or the answer made no sense. The backend may have seen the request.
    Protocol(String),
    /// The manifest doesn't ask for this or the configuration doesn't grant it. Nothing was sent.
    Refused(String),
    /// The backend refused the credential, even after the host renewed it.
    Unauthorized(String),
    /// The request or the answer is larger than the limit.
    TooLarge(String),
    /// This call has used up its requests or bytes.
    Exhausted(String),
    /// None of these.
    Other(String),
}

impl Error {
    /// What this means for an item. A request that only reads changes nothing at the backend, so whatever became
    /// of it, the item can be tried again; of any other request without an answer, nobody knows.
    pub fn undelivered(self, only_reads: bool) -> Undelivered {
        let (cause, message, may_have_arrived) = match self {
            Error::Offline(message) => (Cause::Offline, message, false),
            // The host knows this word, and what a person does about it.
            Error::Tls(message) => (Cause::Other("tls".to_owned()), message, false),
            Error::Timeout(message) => (Cause::Timeout, message, true),
            Error::Protocol(message) => (Cause::Server, message, true),
            Error::Refused(message) => (Cause::Misconfigured, message, false),
            Error::Unauthorized(message) => {
                let failure =
                    Failure { http_status: Some(401), ..Failure::new(Cause::Unauthorized, message) };
                return Undelivered::Retry(failure);
            }
            Error::TooLarge(message) => (Cause::TooLarge, message, true),
            Error::Exhausted(message) => (Cause::PluginBug, message, false),
            Error::Other(message) => (Cause::Other("http".to_owned()), message, true),
        };
        let failure = Failure::new(cause, message);
        if may_have_arrived && !only_reads {
            Undelivered::Unknown(failure)
        } else {
            Undelivered::Retry(failure)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        "why".to_owned()
    }

    #[test]
    fn what_may_have_arrived_is_unknown() {
        for error in
            [Error::Timeout(text()), Error::Protocol(text()), Error::TooLarge(text()), Error::Other(text())]
        {
            assert!(matches!(error.clone().undelivered(false), Undelivered::Unknown(_)), "{error:?}");
            assert!(matches!(error.clone().undelivered(true), Undelivered::Retry(_)), "{error:?}");
        }
    }

    #[test]
    fn what_was_never_sent_may_be_sent_again() {
        let cases = [
            (Error::Offline(text()), Cause::Offline),
            (Error::Tls(text()), Cause::Other("tls".to_owned())),
            (Error::Refused(text()), Cause::Misconfigured),
            (Error::Unauthorized(text()), Cause::Unauthorized),
            (Error::Exhausted(text()), Cause::PluginBug),
        ];
        for (error, cause) in cases {
            let Undelivered::Retry(failure) = error.clone().undelivered(false) else {
                panic!("{error:?} must be retried");
            };
            assert_eq!((failure.cause, failure.message), (cause, text()));
        }
    }
}
