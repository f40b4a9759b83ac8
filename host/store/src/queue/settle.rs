//! Settling: what became of the items of a call, what its plugin wants remembered and what follows for the target,
//! in one transaction.
//!
//! Invariants: a success is believed from whoever brings it, for it happened; anything else counts only from the
//! newest lease. What is done is not changed any more.

use rusqlite::Connection;
use stint_domain::{
    delivery::Move,
    failure::{Failure, Ruling},
    item::Kind,
    time::UnixMs,
};

use super::{
    claim::Lease,
    history::{self, Plugin},
    lane,
    row::Row,
};
use crate::{
    Error, Serial,
    counts::Tally,
    entry_remote,
    plugin_state::{self, Write},
    sql,
    target::{self, Hold, Pace},
};

/// What became of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target has it, and may have a name for it.
    Delivered {
        /// That name.
        remote_id: Option<String>,
    },
    /// The target says that it has something newer.
    Outdated,
    /// The attempt failed, and the table of failures was asked.
    Failed {
        /// Why.
        failure: Failure,
        /// What follows for the item.
        ruling: Ruling,
        /// When it may be looked at again, where it may.
        due: UnixMs,
    },
    /// Nothing was sent: a shutdown, a target that failed before it was this one's turn.
    Released,
    /// The target was asked: it doesn't have the item, or not in its present form.
    Absent {
        /// What it calls the entry, where it has that.
        remote_id: Option<String>,
    },
    /// A transform keeps it from this target, and says why.
    Withheld {
        /// Why.
        reason: String,
    },
}

/// What became of one item, with what is to be remembered of the attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The item.
    pub serial: Serial,
    /// What became of it.
    pub outcome: Outcome,
    /// What was said between host and target, without secrets.
    pub excerpt: Option<String>,
}

/// Everything that one call leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement<'a> {
    /// The lease that the items are held under.
    pub lease: Lease,
    /// When.
    pub now: UnixMs,
    /// What became of the items.
    pub items: &'a [Settled],
    /// The plugin that was called.
    pub plugin: &'a Plugin,
    /// What it wants remembered.
    pub writes: &'a [Write],
    /// The files it appended to, with the length that counts now.
    pub files: &'a [(String, u64)],
    /// How fast the target is worked on from here.
    pub pace: Option<Pace>,
    /// Whether it is held from here.
    pub hold: Option<&'a Hold>,
}

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many are done now because they reached the target.
    pub delivered: usize,
    /// Items of which this lease had nothing more to say: another one had them, or they were done.
    pub stale: Vec<Serial>,
}

/// Settles a call.
pub fn settle(connection: &Connection, settlement: &Settlement<'_>) -> Result<Report, Error> {
    let target = settlement.lease.target;
    let mut tally = Tally::default();
    let mut report = Report::default();
    for settled in settlement.items {
        if settle_one(connection, settlement, settled, &mut tally)? {
            report.delivered += usize::from(matches!(settled.outcome, Outcome::Delivered { .. }));
        } else {
            report.stale.push(settled.serial);
        }
    }
    tally.write(connection, target)?;
    for write in settlement.writes {
        plugin_state::write(connection, target, &settlement.plugin.name, write)?;
    }
    for (path, length) in settlement.files {
        plugin_state::set_file_length(connection, target, path, *length)?;
    }
    if let Some(pace) = &settlement.pace {
        target::save_pace(connection, target, pace)?;
    }
    if let Some(hold) = settlement.hold {
        target::hold(connection, target, hold)?;
    }
    Ok(report)
}

/// Whether there was anything to settle.
fn settle_one(
    connection: &Connection,
    settlement: &Settlement<'_>,
    settled: &Settled,
    tally: &mut Tally,
) -> Result<bool, Error> {
    let (target, now) = (settlement.lease.target, settlement.now);
    let Some(mut row) = Row::find(connection, settled.serial, target)? else { return Ok(false) };
    let happened = matches!(settled.outcome, Outcome::Delivered { .. });
    if row.life.state.is_done() || !(happened || row.is_under(&settlement.lease)) {
        return Ok(false);
    }
    move_row(&mut row, &settled.outcome, now, tally)?;
    lane::keep_order(connection, &mut row, now, tally)?;
    row.write(connection)?;
    lane::advance_past(connection, &row, tally)?;
    remember(connection, &row, &settled.outcome)?;
    if !matches!(settled.outcome, Outcome::Released) {
        let failure = match &settled.outcome {
            Outcome::Failed { failure, .. } => Some(failure),
            _ => None,
        };
        history::append(connection, &row, failure, settled.excerpt.as_deref(), settlement.plugin, now)?;
    }
    Ok(true)
}

fn move_row(row: &mut Row, outcome: &Outcome, now: UnixMs, tally: &mut Tally) -> Result<(), Error> {
    match outcome {
        Outcome::Delivered { remote_id } => {
            row.must_step(Move::Deliver, now, now, tally)?;
            row.remote_id.clone_from(remote_id);
            row.cause = None;
            row.error = None;
        }
        Outcome::Outdated => row.must_step(Move::Outdated, now, now, tally)?,
        Outcome::Failed { failure, ruling, due } => {
            row.must_step(Move::Fail(*ruling), now, *due, tally)?;
            row.cause = Some(failure.cause.word().to_owned());
            row.error = Some(failure.to_string());
        }
        Outcome::Released => row.must_step(Move::Release, now, now, tally)?,
        Outcome::Absent { .. } => row.must_step(Move::LookedUpAbsent, now, now, tally)?,
        Outcome::Withheld { reason } => {
            row.must_step(Move::Release, now, now, tally)?;
            row.must_step(Move::Drop, now, now, tally)?;
            row.error = Some(reason.clone());
        }
    }
    Ok(())
}

/// A success shows that the target takes the kind; success and question alike may tell what it calls the entry.
fn remember(connection: &Connection, row: &Row, outcome: &Outcome) -> Result<(), Error> {
    let (remote_id, happened) = match outcome {
        Outcome::Delivered { remote_id } => (remote_id, true),
        Outcome::Absent { remote_id } => (remote_id, false),
        _ => return Ok(()),
    };
    let (kind, entry): (String, Option<[u8; 16]>) = connection
        .prepare_cached("SELECT kind, entry_id FROM item WHERE id = ?1")?
        .query_row([row.serial], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let kind = sql::kind(&kind)?;
    if happened {
        target::prove(connection, row.target, kind)?;
    }
    match sql::maybe_entry(entry) {
        Some(entry) if kind == Kind::TimeEntry && (happened || remote_id.is_some()) => {
            entry_remote::remember(connection, entry, row.target, remote_id.as_deref())
        }
        _ => Ok(()),
    }
}
