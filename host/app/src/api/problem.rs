//! What went wrong with a request, as RFC 9457 has it. It carries the exit code too, so that a verb ends the same way
//! whether a host or the verb itself did the work.

use std::fmt::Display;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stint_domain::{
    id::IdError,
    timer::{Border, Nearest, Refusal},
};
use stint_engine::{Desk, When, import::ImportError, timer::TimerError};
use stint_store::{Error as StoreError, WriteError};

use crate::exit::{self, Exit};

/// What to do about a disk that can't be written.
pub(crate) const NO_ROOM: &str = "make room on that disk, or make it writable, then give the command again; what is there can be looked at meanwhile";

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Problem {
    /// The class of the problem, in words that don't change.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// This very problem.
    pub(crate) detail: String,
    /// What a program ends with that can't go on for it.
    pub(crate) exit: u8,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    /// The nearest time that would have been accepted, where a time was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nearest: Option<When>,
    /// Which time it is to take the place of: `time`, `start` or `end`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nearest_is: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, title: &str, exit: Exit, detail: &dyn Display) -> Self {
        Self {
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.to_string(),
            exit: exit.code(),
            hint: None,
            nearest: None,
            nearest_is: None,
        }
    }

    pub(crate) fn not_found(detail: &dyn Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not found", exit::BAD_DATA, detail)
    }

    pub(crate) fn wrong_method(detail: &dyn Display) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method not allowed", exit::BAD_DATA, detail)
    }

    pub(crate) fn bad_input(detail: &dyn Display) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "bad input", exit::BAD_DATA, detail)
    }

    pub(crate) fn refused(detail: &dyn Display) -> Self {
        Self::new(StatusCode::CONFLICT, "refused", exit::REFUSED, detail)
    }

    pub(crate) fn try_again(detail: &dyn Display) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "not now", exit::TRY_AGAIN, detail)
    }

    /// What only a host can do.
    pub(crate) fn no_host() -> Self {
        let detail = "failed to reach a host: none runs, and only a host delivers";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no host", exit::UNAVAILABLE, &detail)
            .hint("start it with `stint run`; what is recorded waits until then")
    }

    /// Something of the host isn't there.
    pub(crate) fn unavailable(detail: &dyn Display) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", exit::UNAVAILABLE, detail)
    }

    /// Whoever asks shows no key, or a wrong one.
    pub(crate) fn no_key(detail: &dyn Display) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "no key", exit::REFUSED, detail)
            .hint("send `Authorization: Bearer …` with the text of control.token in the data directory; a browser gets in with `stint dashboard`")
    }

    /// The request may not come from where it comes from.
    pub(crate) fn forbidden(detail: &dyn Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", exit::REFUSED, detail)
    }

    /// Refuses what would have to be written where nothing can be.
    pub(crate) fn unless_writable(desk: &Desk) -> Result<(), Self> {
        let Some(why) = desk.unwritable() else { return Ok(()) };
        Err(Self::try_again(&why).hint(NO_ROOM))
    }

    pub(crate) fn internal(detail: &dyn Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error", exit::INTERNAL, detail)
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if self.status >= 500 {
            tracing::error!(target: "stint::api", "{}", self.detail);
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            // The scheme that would do, as HTTP wants it said.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<TimerError> for Problem {
    fn from(error: TimerError) -> Self {
        match error {
            TimerError::Refused(refusal) => refusal.into(),
            TimerError::TooMuch(_) => Self::bad_input(&error),
            TimerError::IdReused { .. } => Self { exit: exit::BAD_DATA.code(), ..Self::refused(&error) },
            TimerError::NoEntry { .. } | TimerError::NoGap { .. } => Self::not_found(&error),
            TimerError::Store(error) => error.into(),
            TimerError::Write(error) => error.into(),
            TimerError::Chance { .. } => Self::internal(&error),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let Some(Nearest { at, border }) = refusal.nearest() else { return Self::refused(&refusal) };
        let nearest_is = match border {
            Border::Time => "time",
            Border::Start => "start",
            Border::End => "end",
        };
        Self { nearest: Some(When(at)), nearest_is: Some(nearest_is.to_owned()), ..Self::refused(&refusal) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Write(error) => error.into(),
            StoreError::NoDelivery { .. } | StoreError::NoTarget { .. } => Self::not_found(&error),
            StoreError::NotAllowed { .. } => Self::refused(&error),
            StoreError::Outrun { .. } | StoreError::Fenced { .. } => Self::try_again(&error),
            StoreError::Read(_)
            | StoreError::Sqlite { .. }
            | StoreError::Strange { .. }
            | StoreError::Json { .. }
            | StoreError::KeyReused { .. }
            | StoreError::NoFile { .. }
            | StoreError::Gap { .. } => Self::internal(&error),
        }
    }
}

impl From<WriteError> for Problem {
    /// A disk that is full or fails is no fault of the request: the same one may work later.
    fn from(error: WriteError) -> Self {
        Self::try_again(&error)
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NobodyWants { .. } => Self::refused(&error).hint(
                "name a target in the configuration that accepts them, then import: what nobody takes would be \
                 purged before anybody got it",
            ),
            ImportError::Picture { .. } => Self::bad_input(&error),
            ImportError::Store(error) => error.into(),
            ImportError::Write(error) => error.into(),
            ImportError::Blob(_) | ImportError::Read(_) | ImportError::Stopping => Self::try_again(&error),
        }
    }
}

impl From<IdError> for Problem {
    fn from(error: IdError) -> Self {
        Self::bad_input(&error)
    }
}
