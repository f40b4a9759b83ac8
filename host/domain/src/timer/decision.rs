//! A decision: everything that one call to the timer changes, for one transaction to make durable.

use serde::{Deserialize, Serialize};

use super::{
    record::Record,
    state::{State, Timer},
};
use crate::{
    clock::ClockSample,
    entry::{Details, Entry, Origin},
    id::{Entropy, EntryId},
    time::{Millis, Span},
};

/// What a finished entry already counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The entry.
    pub entry: EntryId,
    /// One of its segments.
    pub span: Span,
}

/// What is done with an idle stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnIdle {
    /// It counts, is shown, and the person may drop it.
    #[default]
    Ask,
    /// It counts.
    Keep,
    /// It does not count, and the person may keep it.
    Drop,
}

/// The settings that the rules depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How often a host looks at the clocks.
    pub tick: Millis,
    /// Whether sleep counts as work.
    pub keep_sleep: bool,
    /// What is done with an idle stretch.
    pub on_idle: OnIdle,
}

impl Default for Rules {
    fn default() -> Self {
        Self { tick: Millis::from_secs(5), keep_sleep: false, on_idle: OnIdle::default() }
    }
}

/// What surrounds the timer when it decides.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// All clocks, read together.
    pub now: ClockSample,
    /// Whether a host watches from here on.
    pub attended: bool,
    /// The place of the next record in the journal.
    pub next_seq: u64,
    /// Fresh random bytes for new ids.
    pub entropy: Entropy,
    /// The settings.
    pub rules: Rules,
    /// The person's time zone, as an IANA name.
    pub zone: &'a str,
    /// Who and where.
    pub origin: &'a Origin,
    /// The details of the entry that was current last.
    pub last: Option<&'a Details>,
    /// What finished entries count, wherever a stated time could meet it.
    pub taken: &'a [Taken],
}

/// A change of an entry that is not current.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryChange {
    /// It is to be stored like this.
    Saved(Box<Entry>),
    /// It is to be removed.
    Removed(EntryId),
}

/// How the last change can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reversal {
    /// A verb.
    Verb {
        /// What is taken back, as a person typed it.
        word: String,
        /// The timer before.
        timer: Box<Timer>,
        /// What the way back does to entries that are not current.
        back: Vec<EntryChange>,
        /// What the verb itself did to them: the way forth again.
        forth: Vec<EntryChange>,
    },
    /// An amendment of one entry.
    Amendment {
        /// What is taken back, as a person typed it.
        word: String,
        /// The entry before; nothing where it did not exist.
        before: Option<Box<Entry>>,
        /// The entry after; nothing where it is gone.
        after: Option<Box<Entry>>,
    },
}

/// What the person is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether anything changed.
    pub changed: bool,
    /// The timer's state now.
    pub state: State,
    /// The entry it was about.
    pub entry_id: Option<EntryId>,
    /// One line for people.
    pub message: String,
}

/// Everything that one call changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The timer from here on; its current entry is to be stored with it.
    pub timer: Timer,
    /// Changes of entries that are not current.
    pub entries: Vec<EntryChange>,
    /// The records to append to the journal.
    pub records: Vec<Record>,
    /// How a person's change can be taken back. Nothing: the last one can be taken back still.
    pub reversal: Option<Reversal>,
}
