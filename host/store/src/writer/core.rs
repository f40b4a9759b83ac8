//! The one place that begins and commits.
//!
//! Invariant: a caller hears "done" after the commit that holds its changes has returned, never before. Jobs that
//! come together share one transaction; each has a savepoint, so one that fails takes only its own changes back. One that
//! is alone needs none: the transaction is its own.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::path::PathBuf;
use std::sync::Arc;

use super::error::WriteError;
use super::job::{Job, Run};
use crate::check::{Depth, Soundness, check};
use crate::connect::{self, WriterSetup};
use crate::fault::{Fault, fault};
use crate::health::Health;

/// Jobs that wait for the same transaction, in the order they came.
pub(super) type Batch = Vec<Box<dyn Job>>;

/// The connection that writes, and how to get another one.
pub(crate) struct Core {
    path: PathBuf,
    setup: WriterSetup,
    health: Arc<Health>,
    connection: Option<Connection>,
    /// The disk failed since the file was last known to be sound.
    doubtful: bool,
}

/// How a transaction ended.
enum End {
    /// It is durable.
    Committed,
    /// It could not be begun.
    NotBegun(rusqlite::Error),
    /// The commit failed. Whether it is durable is uncertain when the disk was the cause.
    NotCommitted(rusqlite::Error),
    /// The job at this place lost it for all.
    Spoiled(usize, Run),
}

impl Core {
    /// Takes the connection over.
    pub(crate) fn new(
        connection: Connection,
        path: PathBuf,
        setup: WriterSetup,
        health: Arc<Health>,
    ) -> Self {
        Self { path, setup, health, connection: Some(connection), doubtful: false }
    }

    /// Runs the jobs and answers every one of them.
    pub(super) fn run(&mut self, mut batch: Batch) {
        // Each turn answers all of them, or one and leaves the others to be run again.
        while !batch.is_empty() {
            match self.take_connection() {
                Ok(connection) => batch = self.turn(connection, batch),
                Err(refusal) => answer_all(batch.split_off(0), Some(&refusal)),
            }
        }
    }

    /// One transaction. Gives back the jobs that have to run again.
    fn turn(&mut self, mut connection: Connection, mut batch: Batch) -> Batch {
        let refusal = match transact(&mut connection, &mut batch) {
            End::Committed => {
                self.health.count_commit();
                if self.health.is_log_unclean() {
                    // A reader may be in the way: then the next commit tries again.
                    let is_clean = connect::empty_log(&connection).unwrap_or(false);
                    self.health.set_log_unclean(!is_clean);
                }
                None
            }
            End::NotBegun(error) => Some(self.judge(&error, |reason| WriteError::Unavailable { reason })),
            End::NotCommitted(error) => Some(self.judge(&error, |reason| WriteError::NotDurable { reason })),
            End::Spoiled(index, run) => {
                let culprit = batch.remove(index);
                let refusal = self.blame(run);
                self.keep(connection, refusal.as_ref());
                culprit.answer(refusal);
                return batch;
            }
        };
        self.keep(connection, refusal.as_ref());
        answer_all(batch, refusal.as_ref());
        Batch::new()
    }

    /// The connection, or a new one when the last was dropped. After a failure of the disk the file is checked first.
    fn take_connection(&mut self) -> Result<Connection, WriteError> {
        if let Some(reason) = self.health.damage() {
            return Err(WriteError::Damaged { reason: reason.to_owned() });
        }
        if let Some(connection) = self.connection.take() {
            return Ok(connection);
        }
        let unavailable = |reason| WriteError::Unavailable { reason };
        let connection =
            connect::writer(&self.path, self.setup).map_err(|error| self.judge(&error, unavailable))?;
        if self.doubtful {
            let found = check(&connection, Depth::Quick).map_err(|error| self.judge(&error, unavailable))?;
            if let Soundness::Damaged { reason } = found {
                self.health.condemn(&reason);
                return Err(WriteError::Damaged { reason });
            }
            self.doubtful = false;
        }
        Ok(connection)
    }

    /// A connection is kept when it is as good as new: no panic went through it, the disk did not fail under it, and
    /// no transaction is left open in it.
    fn keep(&mut self, connection: Connection, refusal: Option<&WriteError>) {
        let sound = matches!(refusal, None | Some(WriteError::Full { .. } | WriteError::ReadOnly { .. }));
        if sound && connection.is_autocommit() {
            self.connection = Some(connection);
        }
    }

    /// What a failure of SQLite's means for the callers, and for the store.
    fn judge(&mut self, error: &rusqlite::Error, otherwise: impl FnOnce(String) -> WriteError) -> WriteError {
        self.conclude(fault(error), error.to_string()).unwrap_or_else(|| otherwise(error.to_string()))
    }

    /// Why the job that spoiled a transaction is refused; nothing when its own error says it all.
    fn blame(&mut self, run: Run) -> Option<WriteError> {
        match run {
            Run::Done => None,
            Run::Failed(fault, reason) => {
                let unavailable = (fault == Fault::Disk).then(|| reason.clone());
                self.conclude(fault, reason)
                    .or_else(|| unavailable.map(|reason| WriteError::Unavailable { reason }))
            }
            Run::Lost(reason) => Some(WriteError::Unavailable { reason }),
            Run::Panicked(message) => Some(WriteError::Panicked { message }),
        }
    }

    fn conclude(&mut self, fault: Fault, reason: String) -> Option<WriteError> {
        match fault {
            Fault::Full => Some(WriteError::Full { reason }),
            Fault::ReadOnly => Some(WriteError::ReadOnly { reason }),
            Fault::Disk => {
                self.doubtful = true;
                None
            }
            Fault::Damaged => {
                self.health.condemn(&reason);
                Some(WriteError::Damaged { reason })
            }
            Fault::Statement => None,
        }
    }
}

fn answer_all(batch: Batch, refusal: Option<&WriteError>) {
    for job in batch {
        job.answer(refusal.cloned());
    }
}

fn transact(connection: &mut Connection, batch: &mut Batch) -> End {
    // Immediate: the lock is had at once, not in the middle of a job.
    let transaction = match Transaction::new(connection, TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return End::NotBegun(error),
    };
    let is_alone = batch.len() == 1;
    for (index, job) in batch.iter_mut().enumerate() {
        let attempted = if is_alone {
            Ok(attempt_alone(&transaction, job.as_mut()))
        } else {
            attempt(&transaction, job.as_mut())
        };
        match attempted {
            Ok(None) => {}
            Ok(Some(run)) => return End::Spoiled(index, run),
            Err(error) => return End::Spoiled(index, lost(&error)),
        }
    }
    match transaction.commit() {
        Ok(()) => End::Committed,
        Err(error) => End::NotCommitted(error),
    }
}

/// Runs one job in a savepoint of its own. Gives back how it ended when the transaction can't go on after it: SQLite
/// gives up a whole transaction for some failures, and after a failure of the store nothing of it can be trusted.
fn attempt(transaction: &Transaction<'_>, job: &mut dyn Job) -> rusqlite::Result<Option<Run>> {
    transaction.prepare_cached("SAVEPOINT job")?.execute(())?;
    let run = job.run(transaction);
    match &run {
        Run::Done => {}
        Run::Failed(Fault::Statement, _) if !transaction.is_autocommit() => {
            transaction.prepare_cached("ROLLBACK TO job")?.execute(())?;
        }
        Run::Failed(..) | Run::Lost(_) | Run::Panicked(_) => return Ok(Some(run)),
    }
    transaction.prepare_cached("RELEASE job")?.execute(())?;
    Ok(None)
}

/// Runs the only job of a transaction, which is given up as a whole when the job fails. A savepoint would have SQLite copy
/// every page before it is first changed.
fn attempt_alone(transaction: &Transaction<'_>, job: &mut dyn Job) -> Option<Run> {
    match job.run(transaction) {
        Run::Done if transaction.is_autocommit() => {
            Some(Run::Lost("it ended the transaction that it was lent".to_owned()))
        }
        Run::Done => None,
        failed => Some(failed),
    }
}

/// The savepoint could not be made or ended.
fn lost(error: &rusqlite::Error) -> Run {
    match fault(error) {
        Fault::Statement => Run::Lost(error.to_string()),
        fault => Run::Failed(fault, error.to_string()),
    }
}
