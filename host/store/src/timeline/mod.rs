//! The timeline: the timer, its entries and the journal. A decision of the timer's rules becomes durable whole or
//! not at all.

mod apply;
mod entries;
mod list;
mod load;
mod named;

pub(crate) use apply::entropy_at;
pub use apply::{Asked, Command, Sink, apply, asked, first_answer, heartbeat, keep, remember_answer};
pub use entries::entry;
pub use list::{GapAt, JournalEntry, entries_between, entry_of_gap, gaps_between, journal};
pub use load::{Loaded, last_details, load, reversal, taken};
pub use named::{deleted_ending_in, entries_ending_in, gaps_ending_in, was_deleted};
