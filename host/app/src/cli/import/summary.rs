//! What came of an import, for people and as JSON (version 1).

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use stint_domain::item::Kind;
use stint_store::queue::{Imported, Was};

use super::batch::Facts;

/// So many rows that were left are shown to people; JSON has all.
const SHOWN: usize = 20;
const NO_ROOM: &str =
    "a target's backlog is full: let it deliver, or raise storage.max_backlog, and import again";

/// What came of an import.
#[derive(Debug, Serialize)]
pub(super) struct Summary {
    version: u32,
    rows: u64,
    imported: ByKind<States>,
    already_there: u64,
    /// What had been sent, where that was not asked for.
    sent_skipped: u64,
    /// What no target accepts.
    unwanted: ByKind<u64>,
    secrets_stripped: usize,
    left: Vec<LeftRow>,
}

type ByKind<T> = BTreeMap<Kind, T>;

#[derive(Debug, Default, Serialize)]
struct States {
    pending: u64,
    failed: u64,
    sent: u64,
}

#[derive(Debug, Serialize)]
struct LeftRow {
    id: i64,
    reason: String,
}

impl Default for Summary {
    fn default() -> Self {
        let kinds = [Kind::TimeEntry, Kind::Screenshot];
        Self {
            version: 1,
            rows: 0,
            imported: kinds.into_iter().map(|kind| (kind, States::default())).collect(),
            already_there: 0,
            sent_skipped: 0,
            unwanted: kinds.into_iter().map(|kind| (kind, 0)).collect(),
            secrets_stripped: 0,
            left: Vec::new(),
        }
    }
}

impl Summary {
    /// One more row was read.
    pub(super) fn count(&mut self) {
        self.rows += 1;
    }

    /// A row is not asked for.
    pub(super) fn skip(&mut self) {
        self.sent_skipped += 1;
    }

    /// A row is left where it is.
    pub(super) fn leave(&mut self, id: i64, reason: String) {
        self.left.push(LeftRow { id, reason });
    }

    /// A batch was answered.
    pub(super) fn add(&mut self, answered: Vec<(Facts, Imported)>) {
        for (facts, outcome) in answered {
            match outcome {
                Imported::New => {
                    self.secrets_stripped += facts.secrets;
                    self.imported.entry(facts.kind).or_default().add(&facts.was);
                }
                Imported::Known => self.already_there += 1,
                Imported::Unwanted => *self.unwanted.entry(facts.kind).or_default() += 1,
                Imported::NoRoom => self.leave(facts.number, NO_ROOM.to_owned()),
            }
        }
    }

    /// The rows that were left, in the file's order.
    pub(super) fn sort(&mut self) {
        self.left.sort_by_key(|row| row.id);
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn rows_left(&self) -> usize {
        self.left.len()
    }

    /// Whether anything came in.
    pub(super) fn has_new(&self) -> bool {
        self.imported.values().any(|states| states.all() > 0)
    }
}

impl States {
    fn add(&mut self, was: &Was) {
        match was {
            Was::Pending => self.pending += 1,
            Was::Failed { .. } => self.failed += 1,
            Was::Sent => self.sent += 1,
        }
    }

    const fn all(&self) -> u64 {
        self.pending + self.failed + self.sent
    }
}

/// What people call a kind, for this number of them.
fn words(kind: Kind, number: u64) -> &'static str {
    match (kind, number) {
        (Kind::TimeEntry, 1) => "event of a time entry",
        (Kind::TimeEntry, _) => "events of time entries",
        (_, 1) => "screenshot",
        _ => "screenshots",
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.has_new() {
            writeln!(f, "nothing new in {} rows", self.rows)?;
        }
        for (kind, states) in &self.imported {
            let all = states.all();
            if all > 0 {
                write!(f, "imported {all} {}:", words(*kind, all))?;
                let parts = [(states.pending, "pending"), (states.failed, "failed"), (states.sent, "sent")];
                let parts: Vec<String> = parts
                    .into_iter()
                    .filter(|(number, _)| *number > 0)
                    .map(|(number, word)| format!(" {number} {word}"))
                    .collect();
                writeln!(f, "{}", parts.join(","))?;
            }
        }
        if self.already_there > 0 {
            writeln!(f, "already there: {}", self.already_there)?;
        }
        if self.sent_skipped > 0 {
            writeln!(f, "left out: {} that had been sent (--sent imports them)", self.sent_skipped)?;
        }
        for (kind, number) in self.unwanted.iter().filter(|(_, number)| **number > 0) {
            writeln!(f, "left out: {number} {}, which no target accepts", words(*kind, *number))?;
        }
        if self.secrets_stripped > 0 {
            writeln!(f, "secrets taken out: {}", self.secrets_stripped)?;
        }
        for LeftRow { id, reason } in self.left.iter().take(SHOWN) {
            writeln!(f, "left row {id}: {reason}")?;
        }
        match self.left.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "left {more} more rows: --json names them all"),
        }
    }
}
