//! Reading: a few connections that can't write, each used by one caller at a time.
//!
//! Invariant: what one caller reads is one state of the database, however many questions it asks; and no reader ever
//! waits for the writer, or the writer for a reader.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::fault::{Fault, fault};
use crate::health::Health;

/// Readers are brief; more connections than this only take memory for their caches.
const CONNECTIONS: usize = 4;

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// SQLite refused.
    #[error("failed to read from the database: {source}")]
    Sqlite {
        /// What SQLite said.
        #[from]
        source: rusqlite::Error,
    },
    /// The store was closed.
    #[error("failed to read from the database: the store is closed")]
    Closed,
}

/// The connections.
#[derive(Debug)]
pub(crate) struct Readers {
    path: PathBuf,
    open: Open,
    health: Arc<Health>,
    pool: Mutex<Pool>,
    given_back: Condvar,
}

/// How a connection that reads is opened.
pub(crate) type Open = fn(&Path) -> rusqlite::Result<Connection>;

#[derive(Debug)]
struct Pool {
    idle: Vec<Connection>,
    /// How many more may be opened or are idle.
    free: usize,
    closed: bool,
}

impl Readers {
    /// Readers of this file; connections are opened when they are needed.
    pub(crate) fn new(path: PathBuf, open: Open, health: Arc<Health>) -> Self {
        let pool = Pool { idle: Vec::new(), free: CONNECTIONS, closed: false };
        Self { path, open, health, pool: Mutex::new(pool), given_back: Condvar::new() }
    }

    /// Runs the questions on one state of the database. Waits while all connections are in use.
    pub(crate) fn read<T, E>(&self, questions: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<ReadError> + Error + 'static,
    {
        let mut place = self.enter()?;
        let connection = match place.connection.take() {
            Some(connection) => connection,
            None => (self.open)(&self.path).map_err(ReadError::from)?,
        };
        let transaction = Transaction::new_unchecked(&connection, TransactionBehavior::Deferred)
            .map_err(ReadError::from)?;
        let answer = questions(&transaction);
        let ended = transaction.rollback();
        if let Err(error) = &answer
            && fault(error) == Fault::Damaged
        {
            self.health.condemn(&error.to_string());
        }
        if ended.is_ok() {
            place.connection = Some(connection);
        }
        answer
    }

    /// Closes the connections; those in use when they are given back. What comes later is refused.
    pub(crate) fn close(&self) {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.closed = true;
        pool.idle.clear();
        while pool.free < CONNECTIONS {
            pool = self.given_back.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        self.given_back.notify_all();
    }

    fn enter(&self) -> Result<Place<'_>, ReadError> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        while pool.free == 0 && !pool.closed {
            pool = self.given_back.wait(pool).unwrap_or_else(PoisonError::into_inner);
        }
        if pool.closed {
            return Err(ReadError::Closed);
        }
        pool.free -= 1;
        Ok(Place { connection: pool.idle.pop(), readers: self })
    }
}

/// One caller's place. It is given back however the caller ends, with the connection if that is still good.
struct Place<'a> {
    connection: Option<Connection>,
    readers: &'a Readers,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut pool = self.readers.pool.lock().unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) if !pool.closed => pool.idle.push(connection),
            // Closed before its place is given back: the writer's connection must be the last.
            rest => drop(rest),
        }
        pool.free += 1;
        self.readers.given_back.notify_all();
    }
}

#[cfg(test)]
mod tests;
