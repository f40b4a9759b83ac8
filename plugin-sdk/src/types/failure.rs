//! Why something failed. The host decides by the cause what happens next, so choose the truest word.

use serde::Serialize;

/// Why something failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The backend was not reached; nothing was sent.
    Offline,
    /// The backend did not answer in time.
    Timeout,
    /// The credential is missing, wrong or expired (401). The target waits for a login; the item is not blamed.
    Unauthorized,
    /// The credential is good but may not do this (403).
    Forbidden,
    /// What the item refers to is not there (404).
    NotFound,
    /// The backend says that the item is wrong (400, 422).
    Invalid,
    /// The backend holds something that contradicts the item (409, 412).
    Conflict,
    /// The item is too big for the backend (413).
    TooLarge,
    /// Too many requests (429).
    RateLimited,
    /// An allowance is used up: storage, plan, licence.
    Quota,
    /// The backend itself is failing (5xx).
    Server,
    /// The settings are wrong in a way that only shows when used. The target waits for the operator.
    Misconfigured,
    /// The plugin met something its author ruled out.
    PluginBug,
    /// None of these: a word of your own.
    Other(String),
}

/// A failure as the host stores and shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The host's table of what to do goes by this word.
    pub cause: Cause,
    /// One sentence for a person, never empty and without any secret.
    pub message: String,
    /// The backend's wish when to come back. The host never comes earlier.
    pub retry_after_ms: Option<u64>,
    /// The HTTP status, if there was one.
    pub http_status: Option<u16>,
}

impl Failure {
    /// A failure with a cause and a sentence for a person.
    pub fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, message: message.into(), retry_after_ms: None, http_status: None }
    }

    /// The item is wrong: the backend will never take it as it is.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Cause::Invalid, message)
    }

    /// The settings are wrong in a way that only shows when used.
    pub fn misconfigured(message: impl Into<String>) -> Self {
        Self::new(Cause::Misconfigured, message)
    }

    /// The plugin met something its author ruled out.
    pub fn plugin_bug(message: impl Into<String>) -> Self {
        Self::new(Cause::PluginBug, message)
    }
}

/// Something wrong with the settings. The host underlines the place in the operator's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The place as a JSON pointer into the settings, for example `/projects/0/id`; empty for the whole.
    pub path: String,
    /// What is wrong; never empty.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem at a place: a JSON pointer into the settings, empty for the whole.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into(), hint: None }
    }

    /// The same problem, with what to write instead.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}
