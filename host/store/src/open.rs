//! Opening the store: the directory, the lock, the file, its tables. A damaged file does not keep the store from
//! opening; it is put aside, and whoever opens is told.

use rusqlite::Connection;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use stint_domain::time::UnixMs;

use crate::alert::Alert;
use crate::backup::back_up;
use crate::blobs::Blobs;
use crate::check::{Depth, Soundness, check};
use crate::connect::{self, OLDEST_SQLITE, WriterSetup};
use crate::dir::{DataDir, DirError, open_private};
use crate::fault::{Fault, fault, is_damage};
use crate::footing::Footing;
use crate::health::Health;
use crate::lock::{self, DataLock, LockError};
use crate::migrate::{MigrateError, Step, migrate};
use crate::options::{Mode, Options};
use crate::quarantine;
use crate::reader::Readers;
use crate::schema::STEPS;
use crate::store::Store;
use crate::writer::{Core, Writer};

mod frozen;

/// How many damaged files are put aside in one start: the database, and the backup in its place. After that the
/// disk or the memory is at fault, and every further copy would be damaged too.
const REPLACEMENTS: usize = 2;

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite is too old: it can lose commits.
    #[error(
        "failed to open the database: SQLite {found} can lose commits; build stint with SQLite 3.51.3 or newer"
    )]
    Outdated {
        /// The version that was built in.
        found: &'static str,
    },
    /// The directory or a file in it is not usable.
    #[error(transparent)]
    Dir(#[from] DirError),
    /// Another process has it.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The tables are not at this program's version.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// SQLite refused.
    #[error("failed to open the database {path:?}: {source}")]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// There is no room for what SQLite needs.
    #[error("failed to open the database {path:?}: the disk is full ({source}); make room, then try again")]
    Full {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The system gives no thread.
    #[error("failed to start the thread that writes the database: {0}")]
    Thread(io::Error),
}

/// A store, and what a person must be told about how it was found.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Damage that was found, and what was done about it. Show it: something may be missing.
    pub alerts: Vec<Alert>,
    /// Why nothing can be written, where reading sufficed.
    pub frozen: Option<OpenError>,
}

impl Store {
    /// Opens the store of a data directory. `now` names the files that are put aside and the backup before a
    /// migration.
    pub fn open(options: Options, now: UnixMs) -> Result<Opened, OpenError> {
        open_with(options, now, STEPS)
    }
}

/// The same with other versions of the tables.
pub(crate) fn open_with(options: Options, now: UnixMs, steps: &[Step]) -> Result<Opened, OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(OpenError::Outdated { found: rusqlite::version() });
    }
    let dir = DataDir::prepare(&options.data_dir)?;
    let frozen = options.reading_suffices.then(|| frozen::Plan::of(&options));
    match (open_to_write(dir.clone(), options, now, steps), frozen) {
        (Err(error), Some(plan)) if error.is_of_disk() => plan.open(dir, error, steps),
        (opened, _) => opened,
    }
}

fn open_to_write(dir: DataDir, options: Options, now: UnixMs, steps: &[Step]) -> Result<Opened, OpenError> {
    let lock = DataLock::acquire(&dir)?;
    let setup = WriterSetup {
        quota_bytes: options.quota_bytes,
        synchronous: options.synchronous,
        checkpoint_pages: options.checkpoint_pages,
    };
    let way = Way { dir: &dir, setup, steps, backups: options.backups, now };
    let mut alerts = Vec::new();
    let connection = way.open_sound(&mut alerts)?;
    let path = quarantine::database(&dir);
    let blobs = Arc::new(Blobs::open(&dir)?);
    // Even when nothing is new: the process that made a file or folder may have been killed before it could do this.
    dir.sync()?;
    let health = Arc::new(Health::new(dir.clone(), options.on_alert));
    let readers = Arc::new(Readers::new(path.clone(), connect::reader, Arc::clone(&health)));
    let core = Core::new(connection, path, setup, health.clone());
    let writer = match options.mode {
        Mode::Threaded => Writer::threaded(core).map_err(OpenError::Thread)?,
        Mode::Inline => Writer::inline(core),
    };
    let footing = Footing::take([dir.path().to_owned(), dir.join(lock::NAME), quarantine::database(&dir)])?;
    let mut store = Store::new(dir, Some(lock), writer, readers, blobs, health, options.backups);
    store.stand_on(footing);
    if options.mode == Mode::Threaded {
        store.start_upkeep().map_err(OpenError::Thread)?;
    }
    Ok(Opened { store, alerts, frozen: None })
}

/// What opening needs to know.
struct Way<'a> {
    dir: &'a DataDir,
    setup: WriterSetup,
    steps: &'a [Step],
    backups: usize,
    now: UnixMs,
}

impl Way<'_> {
    /// Opens the file, putting it aside first when it is damaged.
    fn open_sound(&self, alerts: &mut Vec<Alert>) -> Result<Connection, OpenError> {
        alerts.extend(quarantine::resume(self.dir)?);
        if quarantine::is_gone(self.dir) {
            alerts.push(quarantine::replace(self.dir, "the file was gone", self.now)?);
        }
        for _ in 0..REPLACEMENTS {
            match self.open_file() {
                Err(error) if error.is_damage() => {
                    alerts.push(quarantine::replace(self.dir, &error.damage(), self.now)?);
                }
                opened => return opened,
            }
        }
        self.open_file()
    }

    fn open_file(&self) -> Result<Connection, OpenError> {
        let path = quarantine::database(self.dir);
        // It is made here and not by SQLite, so that its mode does not depend on the umask. SQLite gives the files
        // beside it the same mode.
        drop(open_private(&path)?);
        let failed = |source| match fault(&source) {
            Fault::Full => OpenError::Full { path: path.clone(), source },
            _ => OpenError::Sqlite { path: path.clone(), source },
        };
        let mut connection = connect::writer(&path, self.setup).map_err(failed)?;
        self.settle_suspicion(&connection, &path)?;
        migrate(&mut connection, self.steps, |connection| {
            back_up(connection, self.dir, self.now, self.backups).map(drop)
        })?;
        Ok(connection)
    }

    /// Damage that was seen while the store was last open is looked for thoroughly.
    fn settle_suspicion(&self, connection: &Connection, path: &Path) -> Result<(), OpenError> {
        if quarantine::suspicion(self.dir).is_none() {
            return Ok(());
        }
        let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
        match check(connection, Depth::Full).map_err(failed)? {
            Soundness::Sound => Ok(quarantine::clear(self.dir)?),
            Soundness::Damaged { reason } => Err(failed(damage(reason))),
        }
    }
}

impl OpenError {
    fn sqlite(&self) -> Option<&rusqlite::Error> {
        match self {
            Self::Sqlite { source, .. }
            | Self::Full { source, .. }
            | Self::Migrate(MigrateError::Sqlite(source) | MigrateError::Step { source, .. }) => Some(source),
            _ => None,
        }
    }

    /// Whether the disk is full, can't be written, or fails: what is there may still be read.
    pub fn is_of_disk(&self) -> bool {
        let io = |error: &io::Error| {
            use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
            matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
        };
        match self {
            Self::Dir(DirError::Io { source, .. })
            | Self::Lock(LockError::Io { source, .. } | LockError::Dir(DirError::Io { source, .. })) => {
                io(source)
            }
            _ => self
                .sqlite()
                .is_some_and(|error| matches!(fault(error), Fault::Full | Fault::ReadOnly | Fault::Disk)),
        }
    }

    fn is_damage(&self) -> bool {
        self.sqlite().is_some_and(is_damage)
    }

    fn damage(&self) -> String {
        self.sqlite().map(ToString::to_string).unwrap_or_default()
    }
}

fn damage(reason: String) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT), Some(reason))
}

#[cfg(test)]
mod tests;
