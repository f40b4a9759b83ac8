//! Targets: what hands recorded work to a backend.

use crate::settings::Settings;
use crate::types::{Cause, Failure, Item, Problem};

/// An upload target. The type is its own settings: the operator's `[targets.NAME.settings]`, read by serde, so
/// every call starts with a value that fits. Nothing in memory survives a call; what has to last goes through
/// [`crate::state`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a target yet",
    label = "`Target` is not implemented for this type",
    note = "write `impl Target for {Self} {{ fn upload(&self, item: &Item) -> Result<Delivered, Undelivered> {{ … }} }}`"
)]
pub trait Target: Settings {
    /// Looks at settings that serde could read, for what a type can't say: ranges, addresses, names that must
    /// differ. Every problem at once; none means good. The network is out of reach here.
    fn check(&self) -> Vec<Problem> {
        Vec::new()
    }

    /// Asks the backend, cheaply and without changing anything, whether it is there and takes the credential.
    fn probe(&self) -> Result<(), Failure> {
        Ok(())
    }

    /// Delivers one item.
    fn upload(&self, item: &Item) -> Result<Delivered, Undelivered>;

    /// Delivers several, for a manifest with `max_batch` above 1: one answer for each item, in their order.
    fn upload_batch(&self, items: &[Item]) -> Vec<Result<Delivered, Undelivered>> {
        items.iter().map(|item| self.upload(item)).collect()
    }

    /// Asks the backend whether it already has an item. Called after an outcome nobody knows, and only when the
    /// manifest says `idempotency = "lookup-before-create"`.
    fn lookup(&self, _item: &Item) -> Result<Finding, Failure> {
        Err(Failure::plugin_bug(
            "the manifest says lookup-before-create, but the target has no `lookup`: implement Target::lookup",
        ))
    }
}

/// An item that needs nothing more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// The backend has it for good. The text is what the backend calls the item's entry, if it said so; it comes
    /// back as [`Item::entry_remote_id`] in later items of the entry.
    Stored(Option<String>),
    /// A newer item of the same entry made this one pointless; nothing was sent.
    Superseded,
}

impl Delivered {
    /// The backend has it, and gave it no name of its own.
    pub fn anonymous() -> Self {
        Delivered::Stored(None)
    }

    /// The backend has it, and calls its entry so.
    pub fn with_id(remote_id: impl Into<String>) -> Self {
        Delivered::Stored(Some(remote_id.into()))
    }
}

/// An item that was not delivered, or may not have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// Certainly not stored by the backend; it may work later.
    Retry(Failure),
    /// Not stored, and it won't ever be as it is.
    Reject(Failure),
    /// It may have been stored: a request was sent, and what became of it is not known.
    Unknown(Failure),
}

impl Undelivered {
    /// What failed.
    pub fn failure(&self) -> &Failure {
        match self {
            Undelivered::Retry(failure) | Undelivered::Reject(failure) | Undelivered::Unknown(failure) => {
                failure
            }
        }
    }
}

/// Goes by the cause: what the backend said about the item itself is final, a timeout leaves the outcome open,
/// everything else may work later.
impl From<Failure> for Undelivered {
    fn from(failure: Failure) -> Self {
        match failure.cause {
            Cause::Invalid | Cause::NotFound | Cause::Forbidden | Cause::Conflict | Cause::TooLarge => {
                Undelivered::Reject(failure)
            }
            Cause::Timeout => Undelivered::Unknown(failure),
            _ => Undelivered::Retry(failure),
        }
    }
}

/// For `?` in [`Target::probe`] and [`Target::lookup`], which only want the failure.
impl From<Undelivered> for Failure {
    fn from(undelivered: Undelivered) -> Self {
        match undelivered {
            Undelivered::Retry(failure) | Undelivered::Reject(failure) | Undelivered::Unknown(failure) => {
                failure
            }
        }
    }
}

/// What a lookup found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The backend has the item.
    Found {
        /// What the backend calls it.
        remote_id: String,
        /// True when the backend holds this very item's state, false when an update is due.
        current: bool,
    },
    /// The backend has nothing of the kind.
    Absent,
}

/// What [`Target::upload`] answers.
pub type Outcome = Result<Delivered, Undelivered>;
