//! The compiling program's own side: it bounds itself, reads a component, and writes machine code.

use std::ffi::OsString;
use std::io::{self, Read, Write};

use rustix::process::{Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit};
use thiserror::Error;

use super::Bounds;
use super::program::CODE_BYTES_MAX;
use crate::engine::{PoolSize, config};

/// Why there is no code.
#[derive(Debug, Error)]
pub enum CompileError {
    /// The component is unsound.
    #[error("{0}")]
    Unsound(String),
    /// The bounds can't be set, or the component can't be read, or the code can't be written.
    #[error("failed to compile here: {0}")]
    Io(#[from] io::Error),
}

/// Compiles what is read from `input`, within the bounds that were asked for, for whoever started this process.
pub fn serve(
    asked: impl Iterator<Item = OsString>,
    mut input: impl Read,
    mut output: impl Write,
) -> Result<(), CompileError> {
    let bounds = Bounds::read(asked).ok_or_else(|| io::Error::other("a host starts this by itself"))?;
    keep_to(bounds).map_err(io::Error::from)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let unsound = |error: wasmtime::Error| CompileError::Unsound(error.root_cause().to_string());
    // The settings must be those of the engine that runs the code; the pool's size isn't one of them.
    let size = PoolSize { calls: 1, calls_of_one: 1, ..PoolSize::default() };
    let engine = wasmtime::Engine::new(&config(size)).map_err(unsound)?;
    let compiled = engine.precompile_component(&bytes).map_err(unsound)?;
    output.write_all(&compiled)?;
    output.flush()?;
    Ok(())
}

impl Bounds {
    /// As they are handed over.
    pub(super) fn words(self) -> [String; 2] {
        [self.cpu_seconds, self.memory_mib].map(|bound| bound.to_string())
    }

    fn read(words: impl Iterator<Item = OsString>) -> Option<Self> {
        let numbers: Option<Vec<u32>> = words.map(|word| word.to_str()?.parse().ok()).collect();
        let [cpu_seconds, memory_mib] = numbers?[..] else { return None };
        Some(Self { cpu_seconds, memory_mib })
    }
}

fn keep_to(bounds: Bounds) -> rustix::io::Result<()> {
    // Nobody would end what nobody waits for.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // What keeps time and delivers goes first.
    let _where_it_may = rustix::process::nice(10);
    // Whoever has started the host may have bounded it more tightly.
    let at_most = |resource, most: u64, at_last: u64| {
        let known = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        setrlimit(resource, Rlimit { current: Some(most.min(known)), maximum: Some(at_last.min(known)) })
    };
    at_most(Resource::Core, 0, 0)?;
    at_most(Resource::Fsize, CODE_BYTES_MAX, CODE_BYTES_MAX)?;
    let memory = u64::from(bounds.memory_mib) << 20;
    at_most(Resource::Data, memory, memory)?;
    let seconds = u64::from(bounds.cpu_seconds);
    at_most(Resource::Cpu, seconds, seconds + 1)
}
