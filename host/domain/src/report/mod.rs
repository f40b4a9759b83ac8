//! Report arithmetic: how much was worked on which day, for which project, task and tag. Entries, a zone and a
//! range come in, numbers go out; how they are written down is for others.
//!
//! Invariant: work is moved between days and ranges, never made or lost. The parts of a segment sum exactly to the
//! segment, ranges that follow each other sum exactly to the range they make up, and no zone changes a total.

mod days;
mod label;
mod parts;
mod range;
mod share;
mod table;
mod tally;

pub use label::{Facet, Label};
pub use parts::{Part, WorkDay};
pub use range::{Edge, Range};
pub use table::{Group, Groups, Report};
pub use tally::Tally;

use jiff::tz::TimeZone;

/// What a report looks at: the days of this zone, within this range.
#[derive(Clone, Debug)]
pub struct Scope<'z> {
    /// The zone whose midnights part the days.
    pub zone: &'z TimeZone,
    /// From where to where.
    pub range: Range,
}
