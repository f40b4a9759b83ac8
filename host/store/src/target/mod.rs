//! Targets: who is told what, what holds them up, and which pass has them in hand.

mod gate;
mod lock;
mod spec;
mod status;

pub(crate) use gate::prove;
pub use gate::{
    Hold, HoldReason, Pace, forget_proof, hold, is_proven, load_pace, pause, release, save_last_pass,
    save_pace,
};
pub use lock::{LEASE, Pass, close_pass, open_pass};
pub(crate) use lock::{next_token, renew};
pub use spec::{Spec, configured, find, serve, sync};
pub(crate) use spec::{accepts, idempotency, ordering};
pub use status::{LastPass, Status, status, statuses};

#[cfg(test)]
pub(crate) mod plans {
    pub(crate) use super::status::{NEXT_DUE, OLDEST_PENDING};
}
