//! How a call can end without an answer, in words that a person can act on. The texts complete "the plugin NAME
//! failed: …".

use std::time::Duration;

use thiserror::Error;
use wasmtime::Trap;
use wasmtime::component::ResourceTableError;

use crate::imports::OverBound;
use crate::manifest::Kind;
use crate::meter::OutOfTime;
use crate::sandbox::Sandbox;
use crate::services::HostFault;
use crate::text;

const REASON_BYTES_MAX: usize = 1024;

/// Why a call ended without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallError {
    /// It panicked, and said why.
    #[error("it panicked: {message}")]
    Panicked {
        /// The panic's message, with its place in the source.
        message: String,
    },
    /// It trapped, and didn't say why.
    #[error(
        "it trapped: {trap}; a panic hook that logs at level `error` with the field panic = true would say why"
    )]
    Trapped {
        /// WebAssembly's word for it.
        trap: String,
    },
    /// It computed for too long.
    #[error(
        "it computed for more than {limit:?} and was ended; raise `cpu` in [limits.plugin.NAME] if it needs that"
    )]
    OutOfCpu {
        /// The bound.
        limit: Duration,
    },
    /// It took too long, waiting included.
    #[error("it gave no answer within {limit:?} and was ended")]
    OutOfTime {
        /// The bound.
        limit: Duration,
    },
    /// It wanted too much memory.
    #[error(
        "it wanted more than {limit} bytes of memory; raise `memory` in [limits.plugin.NAME] if it needs that"
    )]
    OutOfMemory {
        /// The bound.
        limit: usize,
    },
    /// Its calls were nested too deep.
    #[error("its calls were nested too deep: a recursion without end, or one that is too deep for a sandbox")]
    StackOverflow,
    /// It went over another bound.
    #[error("{reason}")]
    OverBound {
        /// Which.
        reason: String,
    },
    /// Its answer isn't one.
    #[error("its answer breaks the contract: {reason}")]
    WrongAnswer {
        /// How.
        reason: String,
    },
    /// It isn't of the kind that was called.
    #[error("it is no {kind}")]
    NotThisKind {
        /// The kind that was called.
        kind: Kind,
    },
    /// The host failed, not the plugin.
    #[error("{reason}")]
    Host {
        /// How.
        reason: String,
    },
}

impl CallError {
    /// Whether the plugin is to blame, rather than the host.
    pub fn is_plugins_fault(&self) -> bool {
        !matches!(self, Self::Host { .. } | Self::NotThisKind { .. })
    }

    /// What an error of wasmtime means for the call that ended with it.
    pub(crate) fn from_wasmtime(error: &wasmtime::Error, sandbox: &Sandbox) -> Self {
        if error.downcast_ref::<OutOfTime>().is_some() {
            return Self::OutOfCpu { limit: sandbox.around.limits.cpu };
        }
        if let Some(fault) = error.downcast_ref::<HostFault>() {
            return Self::Host { reason: fault.to_string() };
        }
        if let Some(OverBound(reason)) = error.downcast_ref::<OverBound>() {
            return Self::OverBound { reason: reason.clone() };
        }
        match error.downcast_ref::<ResourceTableError>() {
            Some(ResourceTableError::Full) => {
                return Self::OverBound {
                    reason: format!(
                        "it had more than {} handles open at one time",
                        sandbox.around.limits.handles
                    ),
                };
            }
            Some(wrong) => return Self::OverBound { reason: format!("it used a handle wrongly: {wrong}") },
            None => {}
        }
        if let Some(message) = sandbox.log.panic() {
            return Self::Panicked { message: message.to_owned() };
        }
        // A refused request for memory rarely ends the call itself: the plugin does, when it can't go on.
        if sandbox.memory.was_refused() {
            return Self::OutOfMemory { limit: sandbox.around.limits.memory_bytes };
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::StackOverflow) => Self::StackOverflow,
            // Rust keeps its locals on a stack in memory, and runs off its end before wasm's own stack is full.
            Some(trap @ Trap::MemoryOutOfBounds) => {
                Self::Trapped { trap: format!("{trap}, as after a recursion without end") }
            }
            Some(trap) => Self::Trapped { trap: trap.to_string() },
            None => Self::OverBound {
                reason: format!(
                    "it broke a rule between plugin and host: {}",
                    text::plain(&root_cause(error), REASON_BYTES_MAX)
                ),
            },
        }
    }
}

/// The innermost cause: what lies around it is wasmtime's own path through the component.
fn root_cause(error: &wasmtime::Error) -> String {
    error.root_cause().to_string()
}
