//! Who turns a component into machine code.
//!
//! A component can be made so that compiling a few hundred kilobytes of it takes minutes and gigabytes. Nothing in this
//! process can end a compilation or bound its memory, so a host leaves it to a program of its own, which the kernel
//! bounds and anybody can end. What it needed is given back with its end.

mod program;
mod serve;

use std::path::PathBuf;

pub use serve::{CompileError, serve};

use crate::load_error::Fault;

/// What a program is asked for with its first argument. The bounds follow as numbers.
pub const VERB: &str = "compile-plugin";
/// The exit code by which it says that the component is unsound.
pub const UNSOUND: u8 = 65;

/// Who compiles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Compiler {
    /// This process. Nothing bounds it, so it is for components that are trusted, as those of tests are.
    #[default]
    Here,
    /// A program that calls [`serve`] when its first argument is [`VERB`].
    Program {
        /// Where it is.
        path: PathBuf,
        /// What one compilation may take.
        bounds: Bounds,
    },
}

/// What one compilation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Processor time.
    pub cpu_seconds: u32,
    /// Memory.
    pub memory_mib: u32,
}

/// Ten times the time and three times the memory of the largest plugins known, which are interpreters of other
/// languages.
impl Default for Bounds {
    fn default() -> Self {
        Self { cpu_seconds: 60, memory_mib: 1024 }
    }
}

impl Compiler {
    /// The compiled code of a component.
    pub(crate) async fn compile(&self, engine: &wasmtime::Engine, bytes: Vec<u8>) -> Result<Vec<u8>, Fault> {
        match self {
            Self::Program { path, bounds } => program::compile(path.clone(), *bounds, bytes).await,
            Self::Here => {
                let engine = engine.clone();
                let compiled = tokio::task::spawn_blocking(move || engine.precompile_component(&bytes)).await;
                let compiled = compiled.map_err(|error| Fault::Broken(error.to_string()))?;
                compiled.map_err(|error| Fault::Broken(error.root_cause().to_string()))
            }
        }
    }
}
