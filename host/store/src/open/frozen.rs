//! Opening where nothing can be written: a disk that is full, or mounted for reading alone. What was recorded can be
//! looked at; every write is refused.
//!
//! Invariant: not one file is made, changed or removed here.

use std::sync::Arc;

use super::{OpenError, Opened};
use crate::blobs::Blobs;
use crate::connect::{self, WriterSetup};
use crate::dir::DataDir;
use crate::health::Health;
use crate::lock::DataLock;
use crate::migrate::{Step, migrate};
use crate::options::Options;
use crate::quarantine;
use crate::reader::Readers;
use crate::store::Store;
use crate::writer::{Core, Writer};

/// What of the options is needed for it.
pub(super) struct Plan {
    setup: WriterSetup,
    backups: usize,
}

impl Plan {
    pub(super) fn of(options: &Options) -> Self {
        let setup = WriterSetup {
            quota_bytes: options.quota_bytes,
            synchronous: options.synchronous,
            checkpoint_pages: options.checkpoint_pages,
        };
        Self { setup, backups: options.backups }
    }

    /// Opens it. Where that fails too, `why` it can't be written is what is told.
    pub(super) fn open(self, dir: DataDir, why: OpenError, steps: &[Step]) -> Result<Opened, OpenError> {
        let lock = DataLock::acquire_to_read(&dir)?;
        let path = quarantine::database(&dir);
        // Damage can't be put aside now, and a file of another version not be brought to this one.
        let Ok(mut connection) = connect::frozen(&path) else { return Err(why) };
        if quarantine::is_gone(&dir) || migrate(&mut connection, steps, |_| Ok(())).is_err() {
            return Err(why);
        }
        // What is noticed while it is read is told by the error.
        let health = Arc::new(Health::new(dir.clone(), Box::new(|_| {})));
        let readers = Arc::new(Readers::new(path.clone(), connect::frozen, Arc::clone(&health)));
        let blobs = Arc::new(Blobs::as_they_are(&dir));
        let writer = Writer::inline(Core::new(connection, path, self.setup, Arc::clone(&health)));
        let store = Store::new(dir, lock, writer, readers, blobs, health, self.backups);
        Ok(Opened { store, alerts: Vec::new(), frozen: Some(why) })
    }
}
