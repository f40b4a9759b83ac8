//! A piece of work for the writer, and the caller who waits for it.
//!
//! A job may run more than once: when its transaction is lost for a reason that isn't its own, it runs again in the
//! next one. So it is an `Fn`, which can use up nothing it holds, and only its last run counts.

use rusqlite::Transaction;
use std::any::Any;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

use super::error::WriteError;
use crate::fault::{Fault, fault};

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// Its changes stay.
    Done,
    /// It refused; its changes go. The error's text and what it says about the store.
    Failed(Fault, String),
    /// It ended the transaction that it was lent, so its changes are gone or were never its own.
    Lost(String),
    /// It panicked; the connection can't be trusted any more.
    Panicked(String),
}

/// A job whose types the writer need not know.
pub(crate) trait Job: Send {
    /// Runs, and keeps the outcome for the answer.
    fn run(&mut self, transaction: &Transaction<'_>) -> Run;

    /// Tells the caller: the outcome of the run, or why it does not count.
    fn answer(self: Box<Self>, refusal: Option<WriteError>);
}

/// A job with its types.
pub(super) struct Task<F, T, E> {
    work: F,
    outcome: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Task<F, T, E> {
    /// The job and where its answer will arrive.
    pub(super) fn new(work: F) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        (Self { work, outcome: None, caller }, answer)
    }
}

impl<F, T, E> Job for Task<F, T, E>
where
    F: Fn(&Transaction<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<WriteError> + Error + Send + 'static,
{
    fn run(&mut self, transaction: &Transaction<'_>) -> Run {
        // Whatever the job was in the middle of is rolled back with its connection.
        let outcome = match catch_unwind(AssertUnwindSafe(|| (self.work)(transaction))) {
            Ok(outcome) => outcome,
            Err(panic) => return Run::Panicked(message(panic.as_ref())),
        };
        let run = match &outcome {
            Ok(_) => Run::Done,
            Err(error) => Run::Failed(fault(error), error.to_string()),
        };
        self.outcome = Some(outcome);
        run
    }

    fn answer(self: Box<Self>, refusal: Option<WriteError>) {
        let outcome = match (refusal, self.outcome) {
            (Some(refusal), _) => Err(refusal.into()),
            (None, Some(outcome)) => outcome,
            (None, None) => Err(WriteError::Closed.into()),
        };
        // A caller who went away needs no answer; the work is done all the same.
        let _ = self.caller.send(outcome);
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}
