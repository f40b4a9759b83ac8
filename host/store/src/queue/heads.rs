//! Which lanes of a target have a head, as one recording sees them: most of them without asking.
//!
//! Entries are mostly told of while they are young. What is younger than every lane that had a head at the first look
//! has none, unless this recording gave it one. Where an old queue came in and something of it waits or failed, its
//! lanes may be younger than all others by their ids; then each lane is looked up.

use std::collections::HashMap;

use rusqlite::Connection;
use stint_domain::id::EntryId;

use super::lane;
use crate::{Error, TargetId};

/// What is known of a target's lanes. Only what is recorded here changes them meanwhile.
#[derive(Default)]
pub(super) struct Heads {
    /// The youngest lane that had a head; nothing before the first look.
    seen: Option<Youngest>,
    /// Whether lanes have one that were looked at, or were given one here.
    known: HashMap<EntryId, bool>,
}

#[derive(Clone, Copy)]
struct Youngest(Option<EntryId>);

impl Heads {
    /// From here on the lane has one. A holder is never given up for want of room, so it keeps it.
    pub(super) fn add(&mut self, lane: EntryId) {
        self.known.insert(lane, true);
    }

    /// Whether the lane has one.
    pub(super) fn has(
        &mut self,
        connection: &Connection,
        target: TargetId,
        lane: EntryId,
    ) -> Result<bool, Error> {
        if let Some(held) = self.known.get(&lane) {
            return Ok(*held);
        }
        let Youngest(youngest) = match self.seen {
            Some(seen) => seen,
            None => *self.seen.insert(Youngest(lane::youngest(connection, target)?)),
        };
        if youngest.is_none_or(|youngest| lane > youngest) {
            return Ok(false);
        }
        let held = youngest == Some(lane) || lane::head(connection, target, lane)?.is_some();
        self.known.insert(lane, held);
        Ok(held)
    }
}
