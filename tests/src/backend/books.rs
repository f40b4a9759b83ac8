//! All that changes while a backend runs, behind its one lock.

use super::ledger::Ledger;
use super::rules::Rules;
use super::seen::{Counts, Recent};
use super::sessions::Sessions;

/// All that changes.
#[derive(Default)]
pub(super) struct Books {
    pub(super) ledger: Ledger,
    pub(super) counts: Counts,
    pub(super) recent: Recent,
    pub(super) sessions: Sessions,
    pub(super) rules: Rules,
}
