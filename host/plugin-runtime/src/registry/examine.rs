//! From a file in the folder to a loaded plugin, or to what is wrong with it: waited for, read, hashed, its manifest
//! and its pin looked at, and only then compiled.
//!
//! A file that is being copied is a part of itself for a while. It is no mistake before it has stayed one.

use std::io;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::rules::Timing;
use super::stamp::Stamp;
use crate::attachment::hexadecimal;
use crate::engine::Engine;
use crate::load::read;
use crate::load_error::{Fault, LoadError};
use crate::manifest::{self, Manifest, ManifestError};
use crate::plugin::Plugin;

/// So many files are read at one time: each is in memory while it is hashed.
const READ_AT_ONCE: usize = 2;

/// What every file is examined with.
#[derive(Clone)]
pub(super) struct Examiner {
    engine: Engine,
    pub(super) timing: Timing,
    reading: Arc<Semaphore>,
    /// Compiling takes a processor and much memory. What was compiled before doesn't wait for it.
    compiling: Arc<Semaphore>,
}

/// What came of it.
pub(super) enum Examined {
    /// It can be called.
    Loaded(Plugin),
    /// It can't.
    Refused(Refused),
    /// It went away.
    Gone,
}

/// A file that isn't loaded.
#[derive(Debug, Clone, Default)]
pub(super) struct Refused {
    /// What it says of itself, as far as it could be read.
    pub(super) manifest: Option<Arc<Manifest>>,
    pub(super) sha256: Option<String>,
    /// Why, for the operator.
    pub(super) why: String,
    /// Whether the configuration's pin was the reason: another configuration may have another one.
    pub(super) by_pin: bool,
}

impl Examiner {
    pub(super) fn new(engine: Engine, timing: Timing) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let (reading, compiling) = (Semaphore::new(READ_AT_ONCE), Semaphore::new(processors.max(2)));
        Self { engine, timing, reading: Arc::new(reading), compiling: Arc::new(compiling) }
    }

    /// Examines a file. `fresh` says that it was written just now, and may still be.
    pub(super) async fn examine(
        &self,
        file: &Path,
        fresh: bool,
        pin: impl Fn(&str) -> Option<String>,
    ) -> (Option<Stamp>, Examined) {
        let mut fresh = fresh;
        loop {
            let Ok(stamp) = self.finished(file, fresh).await else { return (None, Examined::Gone) };
            let known = self.look_at(file).await;
            // What was written while it was read is read again.
            fresh = true;
            if Stamp::of(file).ok() != Some(stamp) {
                continue;
            }
            let Looks { sha256, manifest } = match known {
                Ok(looks) => looks,
                Err(fault) => return (Some(stamp), refused(file, None, fault)),
            };
            let manifest = match manifest {
                Err(error) if is_part(&error) && !self.stays(file, stamp).await => continue,
                Err(error) => return (Some(stamp), refused(file, Some(sha256), Fault::Manifest(error))),
                Ok(manifest) => manifest,
            };
            let loaded = match pin(&manifest.name) {
                Some(pin) if pin != sha256 => return (Some(stamp), not_pinned(file, manifest, sha256, &pin)),
                _ => self.load(file, &manifest, &sha256).await,
            };
            return match loaded {
                Ok(Some(plugin)) => (Some(stamp), Examined::Loaded(plugin)),
                Ok(None) => continue,
                Err(error) => {
                    let (manifest, why) = (Some(Arc::new(manifest)), error.operator());
                    let refused = Refused { manifest, sha256: Some(sha256), why, by_pin: false };
                    (Some(stamp), Examined::Refused(refused))
                }
            };
        }
    }

    /// What a file is by its bytes, which are let go of again.
    async fn look_at(&self, file: &Path) -> Result<Looks, Fault> {
        // It is never closed.
        let _place = self.reading.acquire().await;
        let file = file.to_owned();
        let looked = tokio::task::spawn_blocking(move || {
            let bytes = read(&file)?;
            Ok(Looks { sha256: hexadecimal(&Sha256::digest(&bytes)), manifest: manifest::read(&bytes) })
        });
        looked.await.unwrap_or_else(|error| Err(Fault::Broken(error.to_string())))
    }

    /// Waits until a file stays as it is.
    async fn finished(&self, file: &Path, fresh: bool) -> io::Result<Stamp> {
        let mut stamp = Stamp::of(file)?;
        if !fresh {
            return Ok(stamp);
        }
        loop {
            sleep(self.timing.quiet).await;
            let before = std::mem::replace(&mut stamp, Stamp::of(file)?);
            if before == stamp {
                return Ok(stamp);
            }
        }
    }

    /// Whether a file that is a part of a plugin stays one.
    async fn stays(&self, file: &Path, stamp: Stamp) -> bool {
        let quiet = self.timing.quiet.max(std::time::Duration::from_millis(1));
        let looks = self.timing.patience.as_millis() / quiet.as_millis().max(1);
        for _ in 0..=looks {
            sleep(quiet).await;
            if Stamp::of(file).ok() != Some(stamp) {
                return false;
            }
        }
        true
    }

    /// Loads what was compiled before, or has it compiled. Nothing, if the file isn't the one that was looked at.
    async fn load(
        &self,
        file: &Path,
        manifest: &Manifest,
        sha256: &str,
    ) -> Result<Option<Plugin>, LoadError> {
        if let Some(plugin) = self.engine.load_kept(file, manifest, sha256).await {
            return plugin.map(Some);
        }
        let _place = self.compiling.acquire().await;
        let plugin = self.engine.load(file).await?;
        Ok((plugin.sha256() == sha256).then_some(plugin))
    }
}

/// What a file is.
struct Looks {
    sha256: String,
    manifest: Result<Manifest, ManifestError>,
}

/// Whether what was found could be the beginning of a plugin: the manifest is the last that is written.
fn is_part(error: &ManifestError) -> bool {
    matches!(error, ManifestError::Truncated { .. } | ManifestError::NotWasm | ManifestError::Missing)
}

fn refused(file: &Path, sha256: Option<String>, fault: Fault) -> Examined {
    let why = LoadError::new(file, fault).operator();
    Examined::Refused(Refused { manifest: None, sha256, why, by_pin: false })
}

fn not_pinned(file: &Path, manifest: Manifest, sha256: String, pin: &str) -> Examined {
    let why = pin_sentence(file, &manifest.name, &sha256, pin);
    Examined::Refused(Refused { manifest: Some(Arc::new(manifest)), sha256: Some(sha256), why, by_pin: true })
}

/// Why a file isn't the pinned one, and what to do about it.
pub(super) fn pin_sentence(file: &Path, name: &str, sha256: &str, pin: &str) -> String {
    format!(
        "{} is not the file that is pinned: its sha256 is {sha256}, and [plugins.pin] says {pin}; if you trust it, write \
         there {name} = \"sha256:{sha256}\"",
        file.display()
    )
}
