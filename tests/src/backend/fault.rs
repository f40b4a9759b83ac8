//! The ways to fail, and the rule that says which request meets one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Route;

/// A `Retry-After` of ten years, in seconds.
pub const TEN_YEARS: &str = "315360000";
/// A `Retry-After` whose date is long past.
pub const PAST: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

/// One way to fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// An answer with this status.
    Status {
        /// The status.
        status: u16,
        /// The `Retry-After` header as it is sent: seconds, a date, [`TEN_YEARS`], [`PAST`], or nonsense.
        #[serde(default)]
        retry_after: Option<String>,
        /// The body; none by default.
        #[serde(default)]
        body: Option<String>,
    },
    /// So much later. Any other fault of the same request comes on top.
    Delay {
        /// Milliseconds, by the server's own timer.
        ms: u64,
    },
    /// Not before [`super::Backend::release`]: a test holds a request in flight without a clock.
    Hold,
    /// The connection is closed without an answer.
    Cut,
    /// The connection is reset without an answer.
    Reset,
    /// Half of the answer's body, then the connection is closed.
    Truncate,
    /// The answer's body a few bytes at a time.
    SlowBody {
        /// Bytes at a time.
        bytes: usize,
        /// Milliseconds between them.
        every_ms: u64,
    },
    /// Status 200 and JSON of another shape.
    WrongJson,
    /// Status 200 and a page, as a captive portal answers.
    Html,
    /// Status 200 and this body, as backends answer that put their errors there.
    ErrorBody {
        /// The body.
        body: Value,
    },
    /// A redirect.
    Redirect {
        /// The `Location`.
        to: String,
        /// The status; 307 keeps method and body.
        #[serde(default = "temporary_redirect")]
        status: u16,
    },
    /// A redirect to the very same address.
    RedirectLoop,
    /// A body of so many bytes, announced by its length.
    HugeBody {
        /// Bytes.
        bytes: u64,
    },
    /// A body without an end.
    EndlessBody,
}

fn temporary_redirect() -> u16 {
    307
}

impl Fault {
    /// An answer with this status and nothing else.
    pub fn status(status: u16) -> Self {
        Fault::Status { status, retry_after: None, body: None }
    }

    /// An answer with this status and this `Retry-After`.
    pub fn retry_after(status: u16, value: impl Into<String>) -> Self {
        Fault::Status { status, retry_after: Some(value.into()), body: None }
    }

    /// A fault of the answer's body needs an answer.
    fn natural_moment(&self) -> When {
        match self {
            Fault::Truncate | Fault::SlowBody { .. } => When::AfterCommit,
            _ => When::BeforeCommit,
        }
    }

    /// Faults that let the request go on.
    pub(super) fn only_waits(&self) -> bool {
        matches!(self, Fault::Delay { .. } | Fault::Hold)
    }
}

/// Whether a fault comes before the backend keeps what it was sent, or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    /// The request has no effect.
    BeforeCommit,
    /// The request is carried out, and its answer is lost or spoilt.
    AfterCommit,
}

/// Which requests meet a fault, and how often. As it is made: every request, until faults are cleared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What happens.
    pub fault: Fault,
    /// Only requests of this route.
    #[serde(default)]
    pub route: Option<Route>,
    /// Only requests with this idempotency key: a poison item.
    #[serde(default)]
    pub key: Option<String>,
    /// Before or after the effect. By default before, except for faults that need an answer to spoil.
    #[serde(default)]
    pub when: Option<When>,
    /// So many requests pass first.
    #[serde(default)]
    pub skip: u64,
    /// How many requests meet it.
    #[serde(default)]
    pub times: Option<u64>,
}

impl Rule {
    /// Every request meets this fault, until faults are cleared.
    pub fn new(fault: Fault) -> Self {
        Self { fault, route: None, key: None, when: None, skip: 0, times: None }
    }

    /// Only requests of this route.
    #[must_use]
    pub fn on(self, route: Route) -> Self {
        Self { route: Some(route), ..self }
    }

    /// Only requests with this idempotency key.
    #[must_use]
    pub fn for_key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// The backend keeps what it was sent, and its answer is lost or spoilt.
    #[must_use]
    pub fn after_commit(self) -> Self {
        Self { when: Some(When::AfterCommit), ..self }
    }

    /// So many requests pass first.
    #[must_use]
    pub fn skip(self, skip: u64) -> Self {
        Self { skip, ..self }
    }

    /// So many requests meet it.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }

    /// One request meets it.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// When it comes.
    pub(super) fn moment(&self) -> When {
        self.when.unwrap_or_else(|| self.fault.natural_moment())
    }
}
