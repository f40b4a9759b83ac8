//! Targets: who is told what, what holds them up, and which pass has them in hand.

mod gate;
mod lock;
mod outlook;
mod spec;
mod status;

pub(crate) use gate::prove;
pub use gate::{
    Hold, HoldReason, Pace, forget_proof, hold, is_proven, load_pace, pause, release, remake, save_last_pass,
    save_pace,
};
pub use lock::{LEASE, Pass, close_pass, open_pass};
pub(crate) use lock::{next_token, renew};
pub use outlook::{COUNTED, Outlook, census, outlook};
pub use spec::{Spec, configured, find, serve, sync};
pub(crate) use spec::{accepts, idempotency, ordering};
pub use status::{LastPass, Status, last_sent, status, statuses};

#[cfg(test)]
pub(crate) mod plans {
    pub(crate) use super::status::{NEXT_DUE, OLDEST_PENDING};
    pub(crate) mod outlook {
        pub(crate) use super::super::outlook::{CENSUS, DOUBT, DUE, LAPSED, NEXT_DUE, READY};
    }
}
