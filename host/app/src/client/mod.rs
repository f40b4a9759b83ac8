//! How a verb reaches the host: by its socket, or, where none runs, by taking the data directory and answering its own
//! requests. Either way the same request gets the same answer.

mod call;
mod local;
mod patience;
mod remote;
mod reply;
mod session;

pub(crate) use call::{Call, segment};
pub(crate) use patience::Patience;
pub(crate) use remote::RemoteError;
pub(crate) use session::{Session, run, run_and_leave};
