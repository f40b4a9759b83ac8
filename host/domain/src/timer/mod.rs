//! The timer: what a person's verbs and the machine's clocks do to it, as functions from a timer and its
//! surroundings to a decision.

mod amend;
pub mod claim;
mod command;
mod decision;
mod draft;
mod observe;
mod record;
mod refusal;
mod state;
pub mod table;
mod undo;

pub use amend::{Edit, add, delete, edit, set_gap};
pub use command::{Command, command};
pub use decision::{Answer, Context, Decision, EntryChange, OnIdle, Reversal, Rules, Taken};
pub use observe::{CREDITED_CRASH, idle_ended, let_go, take_over, tick};
pub use record::{Event, Happening, Note, Record};
pub use refusal::{Border, Nearest, Refusal};
pub use state::{Open, State, Timer};
pub use table::Verb;
pub use undo::undo;
