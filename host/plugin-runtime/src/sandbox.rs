//! What one call has: its store's data, made fresh and thrown away with it.

use std::sync::Arc;

use wasmtime::component::ResourceTable;

use crate::grants::{Grants, Refusal};
use crate::imports::http::HttpUse;
use crate::imports::image::PixelUse;
use crate::imports::state::StateBuffer;
use crate::limits::Limits;
use crate::logbook::LogBook;
use crate::manifest::Kind;
use crate::memory::Memory;
use crate::meter::Meter;
use crate::services::{Broker, Clock, Credentials, FilesHeld, Folder, HostFault, StateSource};

/// What a call is given to work with. Cheap to clone; one of these serves all calls of a plugin in one place of the
/// configuration.
#[derive(Clone)]
pub struct Surroundings {
    /// The user's settings as JSON.
    pub settings: Arc<str>,
    /// What the plugin may do.
    pub grants: Arc<Grants>,
    /// How much one call may use.
    pub limits: Arc<Limits>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What is committed of the plugin's state.
    pub state: Arc<dyn StateSource>,
    /// The network.
    pub broker: Arc<dyn Broker>,
    /// The credentials.
    pub credentials: Arc<dyn Credentials>,
    /// The folder granted for files.
    pub folder: Option<Arc<Folder>>,
}

/// The data of one call's store.
pub(crate) struct Sandbox {
    pub(crate) kind: Kind,
    pub(crate) around: Surroundings,
    pub(crate) table: ResourceTable,
    pub(crate) memory: Memory,
    pub(crate) meter: Meter,
    pub(crate) log: LogBook,
    pub(crate) http: HttpUse,
    pub(crate) signatures: u32,
    pub(crate) state: StateBuffer,
    pub(crate) files: FilesHeld,
    pub(crate) file_bytes: u64,
    pub(crate) pixels: PixelUse,
}

impl Sandbox {
    pub(crate) fn new(kind: Kind, around: Surroundings, meter: Meter) -> Self {
        let limits = &around.limits;
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        Self {
            kind,
            table,
            memory: Memory::new(limits.memory_bytes),
            meter,
            log: LogBook::new(limits.log_lines, limits.log_bytes),
            http: HttpUse::default(),
            signatures: 0,
            state: StateBuffer::default(),
            files: FilesHeld::default(),
            file_bytes: 0,
            pixels: PixelUse::default(),
            around,
        }
    }

    /// The answer to a question of the grants, for an interface that only some kinds have. A file of several kinds
    /// imports the interfaces of them all; each call has only those of its own.
    pub(crate) fn permit(
        &self,
        kinds: &[Kind],
        interface: &str,
        question: impl FnOnce(&Grants) -> Result<(), Refusal>,
    ) -> Result<(), String> {
        if !kinds.contains(&self.kind) {
            return Err(format!("a {} has no `{interface}`", self.kind));
        }
        question(&self.around.grants).map_err(|refusal| refusal.to_string())
    }

    /// Runs work that may block on a thread that may. The plugin's time stands still meanwhile.
    pub(crate) async fn blocking<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> wasmtime::Result<T> {
        self.meter.pause();
        let done = tokio::task::spawn_blocking(work).await;
        self.meter.resume();
        Ok(done.map_err(HostFault::new)?)
    }
}
