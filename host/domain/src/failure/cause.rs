//! Why a delivery did not succeed: a closed set, so that what follows from each can be read in one table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::time::Millis;

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// The class of a failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Cause {
            $($(#[$doc])* $name,)*
        }

        impl Cause {
            /// All causes, in the order of the table.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// The word for it in the store, in JSON and in tables.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

causes! {
    /// The network is away.
    Offline = "offline",
    /// The host's name can't be resolved.
    Dns = "dns",
    /// No connection can be made.
    Connect = "connect",
    /// The connection can't be trusted.
    Tls = "tls",
    /// No answer in time.
    Timeout = "timeout",
    /// The credential is not accepted, after one refresh where it can be refreshed.
    Unauthorized = "unauthorized",
    /// The backend asks to slow down.
    RateLimited = "rate-limited",
    /// The account has used up what it may use.
    Quota = "quota",
    /// The backend failed.
    Server = "server",
    /// The backend understands the item and refuses its content.
    Invalid = "invalid",
    /// What the item refers to is not there.
    NotFound = "not-found",
    /// The credential may not do this.
    Forbidden = "forbidden",
    /// The backend has something else in its place.
    Conflict = "conflict",
    /// The item is larger than the backend takes.
    TooLarge = "too-large",
    /// The target's settings can't work.
    Misconfigured = "misconfigured",
    /// The plugin says that it did wrong, or its answer makes no sense.
    PluginBug = "plugin-bug",
    /// The plugin crashed.
    Trap = "trap",
    /// The plugin's call ended without an answer for this item.
    NoAnswer = "no-answer",
    /// The item's own bytes are gone or altered on this machine.
    Damaged = "damaged",
    /// None of the others.
    Other = "other",
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One failure, as it is kept in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Its class.
    pub cause: Cause,
    /// What was said, for people, without secrets.
    pub message: String,
    /// How long the backend asks to wait.
    #[serde(rename = "retry_after_ms")]
    pub retry_after: Option<Millis>,
    /// The status of the HTTP answer, where there was one.
    pub http_status: Option<u16>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Many plugins begin with the status themselves.
        let unsaid = self.http_status.filter(|status| !self.message.starts_with(&format!("HTTP {status}")));
        match unsaid {
            Some(status) => write!(f, "HTTP {status}: {} ({})", self.message, self.cause),
            None => write!(f, "{} ({})", self.message, self.cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_serde_writes() {
        for cause in Cause::ALL {
            assert_eq!(serde_json::to_value(cause).unwrap(), cause.word());
        }
    }

    #[test]
    fn a_failure_reads_as_people_know_it() {
        let refused = Failure {
            cause: Cause::Unauthorized,
            message: "Unauthorized".into(),
            retry_after: None,
            http_status: Some(401),
        };
        assert_eq!(refused.to_string(), "HTTP 401: Unauthorized (unauthorized)");
        let said = Failure { message: "HTTP 401: Unauthorized".into(), ..refused.clone() };
        assert_eq!(said.to_string(), "HTTP 401: Unauthorized (unauthorized)", "said once");
        let lost =
            Failure { cause: Cause::Dns, message: "no such host".into(), http_status: None, ..refused };
        assert_eq!(lost.to_string(), "no such host (dns)");
    }
}
