//! Writing: one thread, or none at all in tests of virtual time, behind the same functions.
//!
//! Invariants: one thread writes the database; a write is answered after it is durable; nothing here reads a clock.

mod core;
mod error;
mod job;
mod thread;

pub(crate) use self::core::Core;
pub use self::error::WriteError;

use rusqlite::Transaction;
use std::error::Error;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::mpsc::Sender;

use self::job::{Job, Task};
use self::thread::Message;
use crate::blocking::block_on;

/// Where jobs are handed in.
pub(crate) enum Writer {
    /// A thread of its own takes them, several at a time.
    Thread { sender: Sender<Message>, thread: Mutex<Option<JoinHandle<()>>> },
    /// The caller runs them: what happens when depends on the caller alone.
    Inline { core: Mutex<Option<Core>> },
}

impl Writer {
    /// A writer with a thread of its own.
    pub(crate) fn threaded(core: Core) -> io::Result<Self> {
        let (sender, thread) = thread::spawn(core)?;
        Ok(Self::Thread { sender, thread: Mutex::new(Some(thread)) })
    }

    /// A writer that runs on its callers' threads.
    pub(crate) fn inline(core: Core) -> Self {
        Self::Inline { core: Mutex::new(Some(core)) }
    }

    /// Hands the work in, and waits for its answer. Dropping the future once it was polled does not withdraw it.
    pub(crate) async fn write<F, T, E>(&self, work: F) -> Result<T, E>
    where
        F: Fn(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<WriteError> + Error + Send + 'static,
    {
        let (task, answer) = Task::new(work);
        match self {
            Self::Thread { sender, .. } => {
                sender.send(Message::Work(Box::new(task))).await.map_err(|_| WriteError::Closed)?;
            }
            Self::Inline { core } => run_here(core, Box::new(task)),
        }
        answer.await.unwrap_or_else(|_| Err(WriteError::Closed.into()))
    }

    /// Does what was handed in, then lets go of the connection. What comes later is refused.
    pub(crate) fn close(&self) {
        match self {
            Self::Thread { sender, thread } => {
                // Held until the thread has ended, so that whoever closes at the same time waits as well.
                let mut thread = thread.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(thread) = thread.take() else { return };
                // It fails when the thread has ended already.
                let _ = block_on(sender.send(Message::Stop));
                // A panic in the thread has already told every caller that it is closed.
                let _ = thread.join();
            }
            Self::Inline { core } => drop(core.lock().unwrap_or_else(PoisonError::into_inner).take()),
        }
    }
}

fn run_here(core: &Mutex<Option<Core>>, job: Box<dyn Job>) {
    match core.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        Some(core) => core.run(vec![job]),
        None => job.answer(Some(WriteError::Closed)),
    }
}

#[cfg(test)]
mod tests;
