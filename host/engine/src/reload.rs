//! A new configuration: read, checked and put in place as a whole, or refused as a whole. A refused one leaves the
//! one before in charge, and is told until a better one comes.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use stint_config::{Changes, Diagnostics, Loaded};
use tokio::sync::watch;

use crate::{current::Current, desk::Desk, targets};

/// What came of reading the configuration again.
#[derive(Clone, Debug)]
pub enum Reloaded {
    /// It is in place.
    InPlace {
        /// What differs.
        changes: Changes,
        /// The tables that count only after the host is started again.
        after_restart: Vec<&'static str>,
    },
    /// Nothing differs.
    Same,
    /// It was refused.
    Rejected(Arc<Diagnostics>),
}

/// Why a valid configuration could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The store refused the new targets.
    #[error(transparent)]
    Store(#[from] stint_store::Error),
    /// The thread that read it was lost.
    #[error("failed to read the configuration again: the thread for it was lost")]
    Lost,
}

/// Who may change the configuration that counts.
#[derive(Clone, Debug)]
pub struct Reloader {
    desk: Desk,
    current: watch::Sender<Current>,
}

impl Reloader {
    pub(crate) fn new(desk: Desk, current: watch::Sender<Current>) -> Self {
        Self { desk, current }
    }

    /// Reads the configuration again and puts it in place if it is valid. Two at once would do the same twice, which
    /// does no harm.
    pub async fn reload(&self) -> Result<Reloaded, ReloadError> {
        let request = self.current.borrow().loaded.request_again();
        let read = tokio::task::spawn_blocking(move || stint_config::load(&request)).await;
        match read.map_err(|_| ReloadError::Lost)? {
            Ok(loaded) => self.put_in_place(loaded).await,
            Err(diagnostics) => Ok(self.reject(diagnostics)),
        }
    }

    async fn put_in_place(&self, loaded: Loaded) -> Result<Reloaded, ReloadError> {
        let before = self.current.borrow().clone();
        let changes = Changes::between(&before.loaded.config, &loaded.config);
        if changes.is_empty() && before.rejected.is_none() {
            self.current.send_replace(Current::from(loaded));
            return Ok(Reloaded::Same);
        }
        targets::adopt(&self.desk.store, &loaded.config, self.desk.now()).await?;
        let after_restart = after_restart(&before.loaded, &loaded);
        self.current.send_replace(Current::from(loaded));
        tracing::info!(target: "stint::config", tables = ?changes.tables, added = ?names(&changes.added),
            removed = ?names(&changes.removed), changed = ?names(&changes.changed), "the configuration was read again");
        for table in &after_restart {
            tracing::warn!(target: "stint::config", "[{table}] was changed: that counts after stint is started again");
        }
        Ok(Reloaded::InPlace { changes, after_restart })
    }

    fn reject(&self, diagnostics: Diagnostics) -> Reloaded {
        let diagnostics = Arc::new(diagnostics);
        let known = self.current.borrow().rejected.clone();
        if known.as_deref() != Some(&*diagnostics) {
            tracing::error!(target: "stint::config", "the configuration was refused, the one before goes on:\n{diagnostics}");
            self.current.send_modify(|current| current.rejected = Some(Arc::clone(&diagnostics)));
        }
        Reloaded::Rejected(diagnostics)
    }

    /// The folders in which a change may change the configuration.
    pub(crate) fn watched(&self) -> Vec<PathBuf> {
        self.current.borrow().loaded.watched()
    }

    /// Which files in them are read. The main file has the same name as long as the host runs.
    pub(crate) fn minds(&self) -> impl Fn(&Path) -> bool + Send + 'static {
        let loaded = Arc::clone(&self.current.borrow().loaded);
        move |path| loaded.reads(path)
    }
}

fn names(names: &std::collections::BTreeSet<stint_config::value::Name>) -> Vec<&str> {
    names.iter().map(stint_config::value::Name::as_str).collect()
}

/// What is decided when the host starts: the data directory with its quota, the log, where it listens.
fn after_restart(old: &Loaded, new: &Loaded) -> Vec<&'static str> {
    let (was, is) = (&old.config, &new.config);
    let storage = old.data_dir() != new.data_dir() || was.storage.quota != is.storage.quota;
    let tables = [("storage", storage), ("control", was.control != is.control), ("log", was.log != is.log)];
    tables.into_iter().filter(|(_, differs)| *differs).map(|(table, _)| table).collect()
}
