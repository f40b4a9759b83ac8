//! Backfill: a target that came later is told what was before it, on request. It goes item by item where items are
//! still kept; an entry whose items are purged is told as one snapshot.
//!
//! Invariants: nothing older follows what the target has seen of an entry already, so a snapshot never goes back. A
//! screenshot whose picture a person deleted is told to nobody.

use rusqlite::{Connection, params};
use stint_domain::{
    delivery::LaneRole,
    id::{Entropy, EntryId, ItemId},
    item::{Item, Kind, Payload},
    time::UnixMs,
    timer::Event,
};

use super::{
    fan_out, lane,
    record::{self, NewItem},
    transfer::has_seen_newer,
};
use crate::{Error, Serial, TargetId, counts::Tally, sql, target, timeline};

/// How far a backfill has come, and what it issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many deliveries this step issued.
    pub issued: usize,
    /// Where the next step goes on; nothing when all is done.
    pub next: Option<From>,
}

/// Where a step begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// After this item.
    Item(Serial),
    /// After this entry, all items being done.
    Entry(EntryId),
}

impl Default for From {
    fn default() -> Self {
        Self::Item(Serial(0))
    }
}

/// One step of a backfill of what happened `since` then, looking at up to `limit` items or entries. Each step is a
/// transaction of its own, so that others get their turn.
pub fn backfill(
    connection: &Connection,
    target: TargetId,
    since: UnixMs,
    from: From,
    limit: usize,
    now: UnixMs,
    entropy: Entropy,
) -> Result<Progress, Error> {
    let mut tally = Tally::default();
    let progress = match from {
        From::Item(after) => items(connection, target, since, after, limit, now, &mut tally),
        From::Entry(after) => entries(connection, target, since, after, limit, now, entropy, &mut tally),
    }?;
    tally.write(connection, target)?;
    Ok(progress)
}

fn items(
    connection: &Connection,
    target: TargetId,
    since: UnixMs,
    after: Serial,
    limit: usize,
    now: UnixMs,
    tally: &mut Tally,
) -> Result<Progress, Error> {
    let accepts = target::accepts(connection, target)?;
    let ordering = target::ordering(connection, target)?;
    let mut statement = connection.prepare_cached(
        "SELECT i.id, i.kind, i.entry_id FROM item i WHERE i.id > ?2 AND i.occurred_ms >= ?3 \
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item_id = i.id AND d.target_id = ?1) \
         AND (i.blob_hash IS NOT NULL OR i.kind <> 'screenshot') \
         ORDER BY i.id LIMIT ?4",
    )?;
    let found: Vec<(Serial, String, Option<[u8; 16]>)> = statement
        .query_map(params![target, after, since.0, sql::limit(limit)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let next = match found.last() {
        Some((last, ..)) if found.len() == limit => From::Item(*last),
        _ => From::Entry(EntryId::from_bytes([0; 16])),
    };
    let mut issued = 0;
    for (serial, kind, entry) in found {
        let (kind, entry) = (sql::kind(&kind)?, sql::maybe_entry(entry));
        if accepts & sql::bit(kind) == 0 {
            continue;
        }
        let role = LaneRole::new(kind, entry, ordering);
        if let Some(entry) = entry.filter(|_| kind == Kind::TimeEntry)
            && has_seen_newer(connection, target, entry, serial)?
        {
            continue;
        }
        let held = match role.lane() {
            Some(lane) => lane::head(connection, target, lane)?.is_some_and(|head| head < serial),
            None => false,
        };
        fan_out::issue(connection, serial, kind, target, role, held, tally)?;
        connection
            .prepare_cached("UPDATE item SET lone = 0 WHERE id = ?1 AND lone = 1")?
            .execute([serial])?;
        if let LaneRole::Holds(lane) = role {
            lane::yield_to_head(connection, target, lane, now, tally)?;
        }
        issued += 1;
    }
    Ok(Progress { issued, next: Some(next) })
}

#[expect(clippy::too_many_arguments, reason = "a step of `backfill`, with its tally")]
fn entries(
    connection: &Connection,
    target: TargetId,
    since: UnixMs,
    after: EntryId,
    limit: usize,
    now: UnixMs,
    entropy: Entropy,
    tally: &mut Tally,
) -> Result<Progress, Error> {
    if target::accepts(connection, target)? & sql::bit(Kind::TimeEntry) == 0 {
        return Ok(Progress { issued: 0, next: None });
    }
    let ordering = target::ordering(connection, target)?;
    let mut statement = connection.prepare_cached(
        "SELECT e.id FROM entry e WHERE e.id > ?1 AND e.until_ms >= ?2 \
         AND NOT EXISTS (SELECT 1 FROM item i WHERE i.entry_id = e.id AND i.kind = 'time-entry') \
         AND NOT EXISTS (SELECT 1 FROM entry_remote r WHERE r.entry_id = e.id AND r.target_id = ?3) \
         ORDER BY e.id LIMIT ?4",
    )?;
    let found: Vec<[u8; 16]> = statement
        .query_map(params![after.as_bytes(), since.0, target, sql::limit(limit)], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let next = found.last().filter(|_| found.len() == limit).copied().map(EntryId::from_bytes);
    let issued = found.len();
    for (place, id) in found.into_iter().map(EntryId::from_bytes).enumerate() {
        let Some(entry) = timeline::entry(connection, id)? else { continue };
        let item = Item {
            id: ItemId::new(now, &timeline::entropy_at(&entropy, place)),
            occurred_at: entry.ended_at.unwrap_or(entry.started_at),
            payload: Payload::TimeEntry { event: Event::Edited, entry: Box::new(entry.into()), import: None },
        };
        let item = NewItem::of(&item)?;
        let (serial, _) = record::insert(connection, &item, now, false)?;
        let role = LaneRole::new(item.kind, item.entry, ordering);
        fan_out::issue(connection, serial, item.kind, target, role, false, tally)?;
    }
    Ok(Progress { issued, next: next.map(From::Entry) })
}
