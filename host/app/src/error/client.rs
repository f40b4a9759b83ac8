//! What goes wrong between a verb and its host, or in the data directory.

use std::path::Path;

use stint_clock::ClockError;
use stint_engine::{DeskError, Lost, timer::TimerError};
use stint_store::{DirError, LockError, OpenError};

use super::CliError;
use crate::api::{NO_ROOM, Problem, SocketError};
use crate::client::RemoteError;
use crate::exit::{self, Exit};
use crate::logging::LogFileError;
use crate::time::{TimeError, Zone, exactly};
use crate::web::TokenError;

impl CliError {
    /// An error whose text begins like every other one.
    pub(super) fn whole(exit: Exit, error: &dyn std::fmt::Display, hint: Option<&str>) -> Self {
        let text = error.to_string();
        Self::new(exit, &text.strip_prefix("failed to ").unwrap_or(&text), hint)
    }

    /// What a host, or the verb in its place, said.
    pub(crate) fn of_problem(problem: Problem, zone: &Zone) -> Self {
        let is = problem.nearest_is.as_deref().unwrap_or("time");
        let nearest =
            problem.nearest.map(|at| format!("the nearest {is} that would do: \"{}\"", exactly(at.0, zone)));
        let hint = problem.hint.or(nearest);
        Self::whole(Exit::from_code(problem.exit), &problem.detail, hint.as_deref())
    }

    /// An answer that isn't one of ours.
    pub(crate) fn strange_answer(error: &serde_json::Error) -> Self {
        Self::new(
            exit::UNAVAILABLE,
            &format!("understand the host's answer: {error}"),
            Some("is the running host of another version? start it again"),
        )
    }

    /// The timer could not be left in order.
    pub(crate) fn from_timer(error: &TimerError) -> Self {
        Self::whole(exit::INTERNAL, error, None)
    }

    /// The system gives no event loop.
    pub(crate) fn no_runtime(error: &std::io::Error) -> Self {
        Self::new(exit::INTERNAL, &format!("start: {error}"), None)
    }
}

impl From<LogFileError> for CliError {
    fn from(error: LogFileError) -> Self {
        Self::whole(exit::CANT_CREATE, &error, None)
    }
}

impl From<TokenError> for CliError {
    fn from(error: TokenError) -> Self {
        Self::whole(exit::CANT_CREATE, &error, None)
    }
}

impl From<RemoteError> for CliError {
    fn from(error: RemoteError) -> Self {
        let hint = "see what it is doing in its log, or end it: `kill PID` (its pid is in stint.lock)";
        Self::new(exit::TRY_AGAIN, &format!("reach the host: {error}"), Some(hint))
    }
}

impl CliError {
    /// Somebody has the data directory, and can't be spoken to.
    pub(crate) fn silent_owner(error: DeskError, dir: &Path) -> Self {
        let DeskError::Open(OpenError::Lock(LockError::Owned { pid: Some(pid), .. })) = error else {
            return error.into();
        };
        let what = format!(
            "reach the host: process {pid} has the data directory {}, and there is no socket to speak with it",
            dir.display()
        );
        let hint = format!(
            "a host whose socket was removed makes it again within seconds, so try again; if that doesn't help, end \
             it with `kill {pid}`"
        );
        Self::new(exit::TRY_AGAIN, &what, Some(&hint))
    }
}

impl From<axum::http::Error> for CliError {
    fn from(error: axum::http::Error) -> Self {
        Self::new(exit::INTERNAL, &format!("write the request: {error}"), None)
    }
}

impl From<TimeError> for CliError {
    fn from(error: TimeError) -> Self {
        Self::whole(exit::USAGE, &error, None)
    }
}

impl From<ClockError> for CliError {
    fn from(error: ClockError) -> Self {
        Self::whole(exit::UNAVAILABLE, &error, None)
    }
}

impl From<getrandom::Error> for CliError {
    fn from(error: getrandom::Error) -> Self {
        Self::new(exit::INTERNAL, &format!("draw random bytes for a new id: {error}"), None)
    }
}

impl From<SocketError> for CliError {
    fn from(error: SocketError) -> Self {
        Self::whole(exit::CANT_CREATE, &error, None)
    }
}

impl From<Lost> for CliError {
    fn from(error: Lost) -> Self {
        let hint = "bring it back where it was, or begin anew without it, then start stint again";
        Self::whole(exit::CANT_CREATE, &error, Some(hint))
    }
}

impl From<DeskError> for CliError {
    fn from(error: DeskError) -> Self {
        if error.is_of_disk() {
            return Self::whole(exit::TRY_AGAIN, &error, Some(NO_ROOM));
        }
        let exit = match &error {
            DeskError::NoDataDir => exit::CONFIGURATION,
            DeskError::Open(OpenError::Lock(LockError::Owned { .. })) => exit::TRY_AGAIN,
            DeskError::Open(OpenError::Migrate(_)) => exit::BAD_DATA,
            DeskError::Open(OpenError::Dir(_) | OpenError::Lock(_)) => exit::CANT_CREATE,
            DeskError::Open(
                OpenError::Sqlite { .. }
                | OpenError::Full { .. }
                | OpenError::Thread(_)
                | OpenError::Outdated { .. },
            )
            | DeskError::Chance { .. }
            | DeskError::Store(_)
            | DeskError::Timer(_) => exit::INTERNAL,
        };
        let elsewhere = "name another directory with --data-dir, or as storage.data_dir in the configuration";
        let hint = match &error {
            // The others say by themselves what to do.
            DeskError::Open(OpenError::Dir(DirError::Io { .. })) => Some(elsewhere),
            _ => None,
        };
        Self::whole(exit, &error, hint)
    }
}
