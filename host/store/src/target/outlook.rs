//! What there is to do at a target, as its loop asks before a pass: answered in a few steps of an index, however many
//! deliveries there are.

use rusqlite::{Connection, OptionalExtension, params};
use stint_domain::{delivery::DeliveryState, item::Priority, time::UnixMs};

use crate::{Error, TargetId, sql};

/// What there is to do at a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The most important priority of what may be sent now; nothing where nothing may.
    pub ready: Option<Priority>,
    /// Whether there is an item that may have arrived and may be resolved now.
    pub doubt: bool,
    /// When the next delivery falls due, after now.
    pub next_due: Option<UnixMs>,
}

pub(crate) const READY: &str = "SELECT priority FROM delivery INDEXED BY d_state \
     WHERE target_id = ?1 AND state = 'ready' AND done_ms IS NULL ORDER BY priority LIMIT 1";

pub(crate) const DUE: &str = "SELECT min(priority) FROM (SELECT (SELECT priority FROM delivery INDEXED BY d_delayed \
     WHERE target_id = ?1 AND priority = p.column1 AND state = 'delayed' AND due_ms <= ?2 LIMIT 1) AS priority \
     FROM (VALUES (0), (1), (2)) AS p)";

pub(crate) const LAPSED: &str = "SELECT 1 FROM delivery INDEXED BY d_leased \
     WHERE target_id = ?1 AND state = 'leased' AND lease_until_ms <= ?2 LIMIT 1";

pub(crate) const DOUBT: &str = "SELECT 1 FROM delivery INDEXED BY d_unknown \
     WHERE target_id = ?1 AND state = 'unknown' AND due_ms <= ?2 LIMIT 1";

pub(crate) const NEXT_DUE: &str = "SELECT min(due) FROM ( \
     SELECT (SELECT due_ms FROM delivery INDEXED BY d_delayed WHERE target_id = ?1 AND priority = p.column1 \
     AND state = 'delayed' AND due_ms > ?2 ORDER BY due_ms LIMIT 1) AS due FROM (VALUES (0), (1), (2)) AS p \
     UNION ALL SELECT (SELECT due_ms FROM delivery INDEXED BY d_unknown WHERE target_id = ?1 \
     AND state = 'unknown' AND due_ms > ?2 ORDER BY due_ms LIMIT 1) \
     UNION ALL SELECT (SELECT lease_until_ms FROM delivery INDEXED BY d_leased WHERE target_id = ?1 \
     AND state = 'leased' AND lease_until_ms > ?2 ORDER BY lease_until_ms LIMIT 1))";

/// What there is to do at a target now. What has fallen due and what a lost pass left count as ready.
pub fn outlook(connection: &Connection, target: TargetId, now: UnixMs) -> Result<Outlook, Error> {
    let number = |sql: &str, arguments: &[&dyn rusqlite::ToSql]| -> Result<Option<i64>, Error> {
        let mut statement = connection.prepare_cached(sql)?;
        Ok(statement.query_row(arguments, |row| row.get(0)).optional()?.flatten())
    };
    let now = now.0;
    let lapsed = number(LAPSED, &[&target, &now])?.map(|_| i64::from(Priority::Critical.number()));
    let ready = [number(READY, &[&target])?, number(DUE, &[&target, &now])?, lapsed];
    let ready = ready.into_iter().flatten().min();
    Ok(Outlook {
        ready: ready.map(|number| Priority::from_number(u8::try_from(number).unwrap_or(u8::MAX))),
        doubt: number(DOUBT, &[&target, &now])?.is_some(),
        next_due: number(NEXT_DUE, &[&target, &now])?.map(UnixMs),
    })
}

/// The states that a policy is told of.
pub const COUNTED: [DeliveryState; 6] = [
    DeliveryState::Ready,
    DeliveryState::Waiting,
    DeliveryState::Delayed,
    DeliveryState::Leased,
    DeliveryState::Unknown,
    DeliveryState::Failed,
];

/// How many deliveries of a priority are in a state, up to `most`: counting all of a million would take longer than
/// what a policy does with the number.
pub fn census(
    connection: &Connection,
    target: TargetId,
    most: usize,
) -> Result<Vec<(DeliveryState, Priority, u64)>, Error> {
    let mut statement = connection.prepare_cached(CENSUS)?;
    let mut counts = Vec::new();
    for state in COUNTED {
        for priority in [Priority::Critical, Priority::Normal, Priority::Low] {
            let arguments = params![target, state.word(), priority.number(), sql::limit(most)];
            let count = sql::count(statement.query_row(arguments, |row| row.get(0))?);
            if count > 0 {
                counts.push((state, priority, count));
            }
        }
    }
    Ok(counts)
}

pub(crate) const CENSUS: &str = "SELECT count(*) FROM (SELECT 1 FROM delivery INDEXED BY d_state \
     WHERE target_id = ?1 AND state = ?2 AND done_ms IS NULL AND priority = ?3 LIMIT ?4)";
