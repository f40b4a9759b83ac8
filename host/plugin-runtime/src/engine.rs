//! The engine: compiled code's home, the pool of sandboxes, and the gate in front of it.
//!
//! Invariant: a store exists only while its call holds a place at the gate, and the pool has room for as many calls
//! as there are places; so the pool is never exhausted, and a call waits its turn instead of failing.

use std::io;
use std::sync::Arc;

use stint_domain::time::UnixMs;
use tokio::sync::Semaphore;
use wasmtime::component::Linker;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::cache::Cache;
use crate::compiler::Compiler;
use crate::imports;
use crate::sandbox::Sandbox;
use crate::ticker::Ticker;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Wasm's stack. The fiber it runs on is larger, because the host's functions run on the same one.
const WASM_STACK_BYTES: usize = 512 * KIB;
const FIBER_STACK_BYTES: usize = 2 * MIB;
/// A component in Rust has three core instances; one in Python has fourteen.
const CORE_INSTANCES_EACH: u32 = 20;
const MEMORIES_EACH: u32 = 2;
const TABLES_EACH: u32 = 8;
const TABLE_ELEMENTS_MAX: usize = 16 * 1024;
/// What a slot of the pool keeps mapped between calls: enough for what most calls write, so that the next one needs no
/// page fault, and no more, so that an idle host stays small.
const MEMORY_KEPT_BYTES: usize = 256 * KIB;
const TABLE_KEPT_BYTES: usize = 16 * KIB;
const STACK_KEPT_BYTES: usize = 16 * KIB;

/// The size of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    /// Calls at one time.
    pub calls: u32,
    /// Calls of one plugin at one time, so that a slow one leaves room for the others.
    pub calls_of_one: u32,
    /// The most memory that any plugin's limit may be raised to.
    pub memory_bytes_max: usize,
}

impl Default for PoolSize {
    fn default() -> Self {
        Self { calls: 64, calls_of_one: 16, memory_bytes_max: 512 * MIB }
    }
}

/// What of the pool is in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PoolUse {
    /// Instances of components.
    pub instances: u64,
    /// Linear memories.
    pub memories: usize,
    /// Tables.
    pub tables: usize,
    /// Stacks.
    pub stacks: usize,
    /// Places at the gate that are taken.
    pub places: usize,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// wasmtime refused its configuration or the address space for the pool.
    #[error(
        "set up the sandbox for plugins: {reason}; a limit on virtual memory (ulimit -v) has to be lifted for it"
    )]
    Sandbox {
        /// Its words.
        reason: String,
    },
    /// No thread could be started.
    #[error("start the thread that ends endless loops: {0}")]
    Ticker(io::Error),
}

/// Loads plugins and runs them. Cheap to clone: all clones are one engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) linker: Linker<Sandbox>,
    pub(crate) ticker: Ticker,
    pub(crate) gate: Arc<Semaphore>,
    pub(crate) cache: Option<Cache>,
    pub(crate) compiler: Compiler,
    pub(crate) size: PoolSize,
}

impl Engine {
    /// Makes an engine that compiles here; compiled code is kept in the cache, if there is one.
    pub fn new(size: PoolSize, cache: Option<Cache>) -> Result<Self, EngineError> {
        Self::with_compiler(size, cache, Compiler::Here)
    }

    /// Makes an engine whose code comes from a compiler.
    pub fn with_compiler(
        size: PoolSize,
        cache: Option<Cache>,
        compiler: Compiler,
    ) -> Result<Self, EngineError> {
        let refused = |error: wasmtime::Error| EngineError::Sandbox { reason: format!("{error:#}") };
        let wasmtime = wasmtime::Engine::new(&config(size)).map_err(refused)?;
        let mut linker = Linker::new(&wasmtime);
        imports::add_all(&mut linker).map_err(refused)?;
        let ticker = Ticker::start(&wasmtime).map_err(EngineError::Ticker)?;
        let gate = Arc::new(Semaphore::new(size.calls as usize));
        Ok(Self { inner: Arc::new(Inner { wasmtime, linker, ticker, gate, cache, compiler, size }) })
    }

    /// What of the pool is in use.
    pub fn in_use(&self) -> PoolUse {
        let places = self.inner.size.calls as usize - self.inner.gate.available_permits();
        match self.inner.wasmtime.pooling_allocator_metrics() {
            Some(metrics) => PoolUse {
                instances: metrics.component_instances(),
                memories: metrics.memories(),
                tables: metrics.tables(),
                stacks: metrics.stacks(),
                places,
            },
            None => PoolUse { places, ..PoolUse::default() },
        }
    }

    /// Removes compiled code that was not used for a month, and says how many files that were. To be done after a start,
    /// when what is there was loaded; it reads a folder and may block.
    pub fn prune_compiled(&self, now: UnixMs) -> io::Result<usize> {
        self.inner.cache.as_ref().map_or(Ok(0), |cache| cache.prune(now))
    }

    /// Whether the thread that ends endless loops sleeps, because no call is in flight.
    pub fn is_idle(&self) -> bool {
        self.inner.ticker.is_asleep()
    }
}

pub(crate) fn config(size: PoolSize) -> Config {
    let mut config = Config::new();
    config
        // The contract has no async functions, and support for them costs every call.
        .concurrency_support(false)
        .epoch_interruption(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        .parallel_compilation(true)
        // Whoever wrote a plugin learns from its panic's message where it was. What would map machine code back to places
        // in its file is a quarter of what is kept of it.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        .native_unwind_info(false)
        .wasm_memory64(false)
        .wasm_custom_page_sizes(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(size)));
    config
}

fn pool(size: PoolSize) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(size.calls)
        .total_core_instances(size.calls * CORE_INSTANCES_EACH)
        .total_memories(size.calls * MEMORIES_EACH)
        .total_tables(size.calls * TABLES_EACH)
        .total_stacks(size.calls)
        .max_core_instances_per_component(CORE_INSTANCES_EACH)
        .max_memories_per_component(MEMORIES_EACH)
        .max_tables_per_component(TABLES_EACH)
        .max_tables_per_module(TABLES_EACH)
        .max_memories_per_module(MEMORIES_EACH)
        .max_memory_size(size.memory_bytes_max)
        .table_elements(TABLE_ELEMENTS_MAX)
        .linear_memory_keep_resident(MEMORY_KEPT_BYTES)
        .table_keep_resident(TABLE_KEPT_BYTES)
        // The kernel is asked which pages a call has written, and only these are put back, wherever they lie: a third
        // of a small call's cost. A Rust plugin's first megabyte is its stack, written at its far end, so keeping the
        // lowest pages, as is done where the kernel can't be asked (before Linux 6.7), helps little.
        .pagemap_scan(Enabled::Auto)
        .async_stack_keep_resident(STACK_KEPT_BYTES);
    pool
}
