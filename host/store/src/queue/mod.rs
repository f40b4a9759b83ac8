//! The queue: what targets are yet to be told, and how each delivery of it fares.

pub mod backfill;
mod claim;
mod contract;
mod fan_out;
mod heads;
mod history;
mod import;
mod lane;
pub mod listing;
pub mod overflow;
mod pictures;
#[cfg(test)]
mod plans;
mod prepare;
mod record;
mod refresh;
mod retry;
mod row;
mod settle;
mod supersede;
mod transfer;
pub mod upkeep;

pub use backfill::backfill;
pub use claim::{Batch, Claimed, Lease, Prepared, Wanted, claim, claim_lookups, resend_unknown};
pub use contract::{InlineQueue, Queue};
pub use history::{Attempt, Plugin, attempts};
pub use import::{Imported, NewImport, Was, import, is_known, wanted_kinds};
pub use lane::head;
pub use listing::{list, show, targets_of};
pub use pictures::{Pictured, Withdrawn, picture, pictures, purge_pictures, withdraw};
pub use prepare::{begin, prepare};
pub use record::{NewItem, Recorded, Room, record, recorded, serial_of};
pub(crate) use refresh::reclaim_all;
pub use refresh::{hasten, reclaim_foreign};
pub use retry::{Done, Which, drop_deliveries, retry};
pub use settle::{Outcome, Report, Settled, Settlement, settle};
pub use supersede::{newest, supersede};
pub use transfer::{Moved, transfer};

/// The statements that recording one item takes, for the bench that holds it against a bare loop of them.
#[doc(hidden)]
pub mod statements {
    pub use super::{
        fan_out::{INSERT_DELIVERY, TARGETS},
        lane::HEAD,
        record::INSERT_ITEM,
    };
    pub use crate::counts::TALLY;
}
