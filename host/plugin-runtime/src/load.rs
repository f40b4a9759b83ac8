//! From a file to a plugin that can be called: read, hash, manifest, world, compile, link, one trial start.
//!
//! The order puts what is cheap and clear first: nothing is compiled before its manifest was accepted, and nothing
//! is linked before it is known to speak this contract, so that a mismatch is told in words of the contract
//! rather than of the linker.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use semver::Version;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use wasmtime::component::{Component, InstancePre};

use crate::attachment::hexadecimal;
use crate::bindings::exports::stint::plugin::{planner, transformer, uploader};
use crate::cache::{self, Key};
use crate::call::{self, Work};
use crate::call_error::CallError;
use crate::engine::{Engine, Inner};
use crate::grants::{Allowed, Grants};
use crate::limits::Limits;
use crate::load_error::{Fault, LoadError};
use crate::manifest::{self, Kind, Manifest};
use crate::plugin::{self, Exports, Plugin};
use crate::sandbox::{Sandbox, Surroundings};
use crate::services::{FixedClock, MemoryState, NoCredentials, NoNetwork};

const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
const PACKAGE: &str = "stint:plugin/";
/// A start takes microseconds. One that takes longer than this takes it from every call.
const START_CPU_MAX: Duration = Duration::from_secs(1);

impl Engine {
    /// Loads a file. Compiling takes a while.
    pub async fn load(&self, file: &Path) -> Result<Plugin, LoadError> {
        let fail = |fault| LoadError::new(file, fault);
        let path = file.to_owned();
        let bytes = blocking(move || read(&path)).await.map_err(fail)?;
        self.load_bytes(file, bytes).await
    }

    /// Loads a component that was read already; `file` names it in messages.
    pub async fn load_bytes(&self, file: &Path, bytes: Vec<u8>) -> Result<Plugin, LoadError> {
        let fail = |fault| LoadError::new(file, fault);
        let (bytes, manifest, sha256) = blocking(move || {
            let manifest = manifest::read(&bytes).map_err(Fault::Manifest)?;
            let sha256 = hexadecimal(&Sha256::digest(&bytes));
            Ok((bytes, manifest, sha256))
        })
        .await
        .map_err(fail)?;
        if let Some(plugin) = self.load_kept(file, &manifest, &sha256).await {
            return plugin;
        }
        let component = self.compile(bytes, &sha256).await.map_err(fail)?;
        self.begin(file, &manifest, &sha256, component).await
    }

    /// Loads what is in the cache, by what was read from its file. It takes no time and no memory worth the name.
    pub(crate) async fn load_kept(
        &self,
        file: &Path,
        manifest: &Manifest,
        sha256: &str,
    ) -> Option<Result<Plugin, LoadError>> {
        let (engine, hash) = (self.clone(), sha256.to_owned());
        let kept = move || {
            let Inner { cache, wasmtime, .. } = &*engine.inner;
            Ok(cache.as_ref().and_then(|cache| cache.load(&Key::new(&hash, wasmtime), wasmtime)))
        };
        let component = blocking(kept).await.ok().flatten()?;
        Some(self.begin(file, manifest, sha256, component).await)
    }

    /// The compiled component, which the cache has from now on. That it can't be kept there is no fault of the plugin.
    async fn compile(&self, bytes: Vec<u8>, sha256: &str) -> Result<Component, Fault> {
        let compiled = self.inner.compiler.compile(&self.inner.wasmtime, bytes).await?;
        let (engine, sha256) = (self.clone(), sha256.to_owned());
        blocking(move || {
            let Inner { cache, wasmtime, .. } = &*engine.inner;
            let component = cache::component(&compiled, wasmtime).map_err(|error| refusal(&error))?;
            if let Some(cache) = cache {
                // The next start compiles again, which is all that is lost.
                let _either_way = cache.store(&Key::new(&sha256, wasmtime), &compiled);
            }
            Ok(component)
        })
        .await
    }

    /// A compiled component becomes a plugin: it is held against the contract, linked, and started once.
    async fn begin(
        &self,
        file: &Path,
        manifest: &Manifest,
        sha256: &str,
        component: Component,
    ) -> Result<Plugin, LoadError> {
        let fail = |fault| LoadError::new(file, fault);
        let (engine, known) = (self.clone(), manifest.clone());
        let linked = move || {
            engine.check_world(&component)?;
            let component =
                engine.inner.linker.instantiate_pre(&component).map_err(|error| link_fault(&error))?;
            let exports = Arc::new(find_exports(&known, &component)?);
            Ok((component, exports))
        };
        let (component, exports) = blocking(linked).await.map_err(fail)?;
        self.try_start(manifest, &component, &exports).await.map_err(fail)?;
        Ok(Plugin {
            inner: Arc::new(plugin::Inner {
                engine: self.clone(),
                file: file.to_owned(),
                manifest: manifest.clone(),
                sha256: sha256.to_owned(),
                component,
                exports,
                places: Arc::new(Semaphore::new(self.inner.size.calls_of_one as usize)),
            }),
        })
    }

    /// Whether it is a plugin at all, of a contract that is spoken here, without anything from elsewhere.
    fn check_world(&self, component: &Component) -> Result<(), Fault> {
        let engine = &self.inner.wasmtime;
        let kind = component.component_type();
        let imports: Vec<String> = kind.imports(engine).map(|(name, _)| name.to_owned()).collect();
        let exports: Vec<String> = kind.exports(engine).map(|(name, _)| name.to_owned()).collect();
        if let Some(version) = imports.iter().chain(&exports).find_map(|name| unknown_contract(name)) {
            return Err(Fault::UnknownContract { version });
        }
        if !exports.iter().any(|name| name.starts_with(PACKAGE)) {
            return Err(Fault::AnotherWorld { exports });
        }
        let wasi: Vec<String> = imports.iter().filter(|name| name.starts_with("wasi:")).cloned().collect();
        if !wasi.is_empty() {
            return Err(Fault::Wasi { imports: wasi });
        }
        match imports.into_iter().find(|name| !name.starts_with(PACKAGE)) {
            Some(import) => Err(Fault::UnknownImport { import }),
            None => Ok(()),
        }
    }

    /// Starts the plugin once and throws it away: only now a type that isn't the contract's shows.
    async fn try_start(
        &self,
        manifest: &Manifest,
        component: &InstancePre<Sandbox>,
        exports: &Arc<Exports>,
    ) -> Result<(), Fault> {
        let around = nothing_around(manifest, self.inner.size.memory_bytes_max);
        let exports = Arc::clone(exports);
        let work: Work<Result<(), String>> = Box::new(move |store, instance| {
            Box::pin(async move {
                let uploader = exports.uploader.as_ref().map(|it| it.load(&mut *store, instance).map(drop));
                let transformer =
                    exports.transformer.as_ref().map(|it| it.load(&mut *store, instance).map(drop));
                let planner = exports.planner.as_ref().map(|it| it.load(&mut *store, instance).map(drop));
                let wrong = [uploader, transformer, planner].into_iter().flatten().find_map(Result::err);
                Ok(wrong.map_or(Ok(()), |error| Err(format!("{error:#}"))))
            })
        });
        let gate = Arc::new(Semaphore::new(1));
        let host = |error: String| Fault::Unstartable(CallError::Host { reason: error });
        let _places = call::take_places(&gate, &self.inner).await.map_err(|error| host(error.to_string()))?;
        let kind = manifest.kinds.first().copied().unwrap_or(Kind::Target);
        match call::run(&self.inner, component, kind, around, work).await.0 {
            Ok(Ok(())) => Ok(()),
            Ok(Err(reason)) => Err(Fault::WrongType { reason }),
            Err(error) => Err(Fault::Unstartable(error)),
        }
    }
}

impl Plugin {
    /// Holds settings against the plugin's schema. Its own `check` comes after, and may find more.
    pub fn check_settings(&self, settings: &Value) -> Result<(), LoadError> {
        match self.manifest().check_settings(settings) {
            problems if problems.is_empty() => Ok(()),
            problems => Err(LoadError::new(self.file(), Fault::Settings(problems))),
        }
    }
}

/// Runs what takes a while on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(Fault::Broken(error.to_string())))
}

/// Reads a plain file, whatever stands in its place: opening a pipe must not wait for its other end, and what grows
/// while it is read ends at the bound.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Fault> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened =
        rustix::fs::open(file, flags, Mode::empty()).map_err(|error| Fault::Unreadable(error.into()))?;
    let opened = File::from(opened);
    let found = opened.metadata().map_err(Fault::Unreadable)?;
    if !found.is_file() {
        return Err(Fault::Unreadable(io::Error::new(io::ErrorKind::InvalidInput, "it is no plain file")));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(found.len().min(FILE_BYTES_MAX)).unwrap_or_default());
    opened.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(Fault::Unreadable)?;
    match bytes.len() as u64 {
        read if read > FILE_BYTES_MAX => {
            Err(Fault::TooLarge { bytes: found.len().max(read), most: FILE_BYTES_MAX })
        }
        _ => Ok(bytes),
    }
}

/// wasmtime holds every component against the pool, whether it was compiled now or before.
fn refusal(error: &wasmtime::Error) -> Fault {
    let reason = error.root_cause().to_string();
    if format!("{error:#}").contains("pooling allocator") {
        return Fault::TooManyParts { reason: reason.replace(" in the pooling allocator", "") };
    }
    Fault::Broken(reason)
}

/// The version of our package in a name, if it isn't one that is spoken here.
fn unknown_contract(name: &str) -> Option<Version> {
    let (_, version) = name.strip_prefix(PACKAGE)?.split_once('@')?;
    let version = Version::parse(version).ok()?;
    (!manifest::is_spoken(&version)).then_some(version)
}

/// An import the linker has no match for. Its words name the interface and the function in backquotes.
fn link_fault(error: &wasmtime::Error) -> Fault {
    let reason = format!("{error:#}");
    let named: Vec<&str> = reason.split('`').skip(1).step_by(2).collect();
    match named.as_slice() {
        _ if reason.contains("type mismatch") => Fault::WrongType { reason },
        [interface, .., function] if reason.contains("was not found") => {
            Fault::UnknownImport { import: format!("{interface}.{function}") }
        }
        [only] if reason.contains("was not found") => Fault::UnknownImport { import: (*only).to_owned() },
        _ => Fault::WrongType { reason },
    }
}

fn find_exports(manifest: &Manifest, component: &InstancePre<Sandbox>) -> Result<Exports, Fault> {
    let mut exports = Exports::default();
    for &kind in &manifest.kinds {
        let missing = |error: wasmtime::Error| Fault::MissingExport { kind, reason: error.to_string() };
        match kind {
            Kind::Target => exports.uploader = Some(uploader::GuestIndices::new(component).map_err(missing)?),
            Kind::Transform => {
                exports.transformer = Some(transformer::GuestIndices::new(component).map_err(missing)?);
            }
            Kind::Policy => exports.planner = Some(planner::GuestIndices::new(component).map_err(missing)?),
        }
    }
    Ok(exports)
}

/// Surroundings in which nothing is granted. How much memory the plugin may have is decided by the configuration, which
/// isn't known here: a start may have what any plugin may be given.
fn nothing_around(manifest: &Manifest, memory_bytes: usize) -> Surroundings {
    Surroundings {
        settings: "{}".into(),
        grants: Arc::new(Grants::new(manifest, &Value::Null, Allowed::default())),
        limits: Arc::new(Limits { cpu: START_CPU_MAX, memory_bytes, ..Limits::default() }),
        clock: Arc::new(FixedClock { unix_ms: 0 }),
        state: Arc::new(MemoryState::default()),
        broker: Arc::new(NoNetwork),
        credentials: Arc::new(NoCredentials),
        folder: None,
    }
}
