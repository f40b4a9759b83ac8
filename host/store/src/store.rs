//! The open store. Everything of one data directory goes through here, and through one process.

use rusqlite::Transaction;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use stint_domain::time::UnixMs;

use crate::backup::{BackupError, back_up, backups};
use crate::blobs::Blobs;
use crate::blocking::block_on;
use crate::connect;
use crate::dir::DataDir;
use crate::footing::{Footing, Lost};
use crate::health::Health;
use crate::lock::DataLock;
use crate::quarantine::{database, quarantined};
use crate::reader::{ReadError, Readers};
use crate::stamp::moment_of;
use crate::upkeep::Upkeep;
use crate::writer::{WriteError, Writer};

/// The store of one data directory, open. It may be shared between threads.
pub struct Store {
    // The order is that in which they are dropped: the lock goes last.
    upkeep: Mutex<Option<Upkeep>>,
    readers: Arc<Readers>,
    writer: Writer,
    blobs: Arc<Blobs>,
    health: Arc<Health>,
    backups: usize,
    dir: DataDir,
    footing: Footing,
    lock: Mutex<Option<DataLock>>,
}

impl Store {
    pub(crate) fn new(
        dir: DataDir,
        lock: Option<DataLock>,
        writer: Writer,
        readers: Arc<Readers>,
        blobs: Arc<Blobs>,
        health: Arc<Health>,
        backups: usize,
    ) -> Self {
        let (upkeep, lock) = (Mutex::new(None), Mutex::new(lock));
        Self { upkeep, readers, writer, blobs, health, backups, dir, footing: Footing::default(), lock }
    }

    /// Remembers what the store stands on, so that it is noticed when that goes.
    pub(crate) fn stand_on(&mut self, footing: Footing) {
        self.footing = footing;
    }

    /// Whether the directory, the lock and the database are still those that were opened. Nothing may be written by
    /// any name of theirs once they aren't: it could be another one's.
    pub fn look_at_footing(&self) -> Result<(), Lost> {
        self.footing.look()
    }

    pub(crate) fn start_upkeep(&self) -> io::Result<()> {
        let upkeep = Upkeep::start(&self.dir, Arc::clone(&self.blobs), Arc::clone(&self.health))?;
        *self.upkeep.lock().unwrap_or_else(PoisonError::into_inner) = Some(upkeep);
        Ok(())
    }

    /// Waits until what is done after the start is done.
    #[cfg(test)]
    pub(crate) fn finish_upkeep(&self) {
        if let Some(upkeep) = self.upkeep.lock().unwrap_or_else(PoisonError::into_inner).take() {
            upkeep.finish();
        }
    }

    /// Writes: runs the job in a transaction, and answers after it is durable.
    ///
    /// The job may run several times, because its transaction may be lost for another job's fault: only its last run
    /// counts. It must not wait for anything, and not for the store. Once the future was polled, dropping it does not
    /// withdraw the job.
    pub async fn write<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: Fn(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<WriteError> + Error + Send + 'static,
    {
        self.writer.write(job).await
    }

    /// The same, and what the job overwrites is gone from the log too before it is answered; where a reader is in the way,
    /// with the first commit after that.
    pub async fn write_and_empty_log<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: Fn(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<WriteError> + Error + Send + 'static,
    {
        let health = Arc::clone(&self.health);
        let marked = move |transaction: &Transaction<'_>| {
            health.set_log_unclean(true);
            job(transaction)
        };
        self.write(marked).await
    }

    /// Writes on a thread that may wait.
    pub fn write_blocking<F, T, E>(&self, job: F) -> Result<T, E>
    where
        F: Fn(&Transaction<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<WriteError> + Error + Send + 'static,
    {
        block_on(self.write(job))
    }

    /// Reads: all that the questions ask is answered from one state of the database. Never waits for the writer.
    pub fn read<T, E>(&self, questions: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<ReadError> + Error + 'static,
    {
        self.readers.read(questions)
    }

    /// The blobs.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The data directory's real path.
    pub fn data_dir(&self) -> &Path {
        self.dir.path()
    }

    /// The damage that was found since the store was opened, if any was. Nothing is written any more then.
    pub fn damage(&self) -> Option<&str> {
        self.health.damage()
    }

    /// The damaged files that were put aside and are still there, oldest first. Something may be missing while there
    /// are any.
    pub fn quarantined(&self) -> Vec<PathBuf> {
        quarantined(&self.dir)
    }

    /// How many transactions were committed since the store was opened. Several writes may share one.
    pub fn commits(&self) -> u64 {
        self.health.commits()
    }

    /// Writes a backup now, while others go on reading and writing, and removes the oldest. Takes as long as reading
    /// all of the database.
    pub fn back_up(&self, now: UnixMs) -> Result<PathBuf, BackupError> {
        let path = database(&self.dir);
        let connection = connect::reader(&path).map_err(|source| BackupError::Sqlite { path, source })?;
        back_up(&connection, &self.dir, now, self.backups)
    }

    /// When the youngest backup was made, as the clock stood then: for whoever makes the next one after a while.
    pub fn backed_up_at(&self) -> Option<UnixMs> {
        self.backups().last().and_then(|path| moment_of(path))
    }

    /// The backups, oldest first.
    pub fn backups(&self) -> Vec<PathBuf> {
        backups(&self.dir)
    }

    /// Does what was handed in, then closes the files and lets go of the directory. What comes later is refused.
    pub fn close(&self) {
        if let Some(upkeep) = self.upkeep.lock().unwrap_or_else(PoisonError::into_inner).take() {
            upkeep.stop();
        }
        // The writer goes last: its connection then takes the log into the database.
        self.readers.close();
        self.writer.close();
        drop(self.lock.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("dir", &self.dir).field("health", &self.health).finish_non_exhaustive()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}
