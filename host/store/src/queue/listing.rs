//! Lists for people and JSON: what is in the queue, in the four plain words and with the detail beside, page by page.

use std::{fmt, str::FromStr};

use rusqlite::{Connection, OptionalExtension, Row, params};
use stint_domain::{
    delivery::{DeliveryState, PlainState},
    failure::Cause,
    id::{EntryId, ItemId},
    item::{Kind, Priority},
    key::{ItemKey, KeySeed},
    time::UnixMs,
};

use super::lane;
use crate::{Error, Serial, TargetId, sql};

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Only these; all where nothing is said.
    pub state: Option<PlainState>,
    /// Only this target's; those of all that are configured where nothing is said.
    pub target: Option<TargetId>,
    /// From where on: the `next` of the page before.
    pub after: Option<Place>,
    /// How many at most.
    pub limit: usize,
}

/// A place in a list: its sort key, then item and target, each the greatest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    key: i64,
    serial: Serial,
    target: TargetId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.key, self.serial, self.target)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let numbers: Vec<i64> = text.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| ())?;
        match numbers.as_slice() {
            [key, serial, target] => {
                Ok(Self { key: *key, serial: Serial(*serial), target: TargetId(*target) })
            }
            _ => Err(()),
        }
    }
}

/// A page of a list, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The deliveries.
    pub deliveries: Vec<Listed>,
    /// Where the next page begins, if there may be one.
    pub next: Option<Place>,
}

/// One delivery as people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The item's number.
    pub serial: Serial,
    /// The item's id.
    pub id: ItemId,
    /// What it is about.
    pub kind: Kind,
    /// The entry that it belongs to.
    pub entry: Option<EntryId>,
    /// The target.
    pub target: TargetId,
    /// The target's name.
    pub target_name: String,
    /// Where it stands; `state.plain()` is the word for people.
    pub state: DeliveryState,
    /// What it waits behind.
    pub behind: Option<Serial>,
    /// How many attempts were charged to it.
    pub attempts: u32,
    /// When the item was recorded.
    pub created_at: UnixMs,
    /// When it may be looked at again.
    pub due: Option<UnixMs>,
    /// When it was done.
    pub done_at: Option<UnixMs>,
    /// Why it failed last.
    pub cause: Option<Cause>,
    /// What was said of it last.
    pub error: Option<String>,
    /// Its idempotency key.
    pub key: ItemKey,
    /// What the target calls it.
    pub remote_id: Option<String>,
    /// The payload as it was recorded.
    pub payload: Vec<u8>,
}

/// What is not done: the newest of one state and priority.
pub(crate) const OPEN: &str = "SELECT item_id, item_id, target_id FROM delivery INDEXED BY d_state \
     WHERE target_id = ?1 AND state = ?2 AND priority = ?3 AND done_ms IS NULL AND item_id <= ?4 \
     ORDER BY item_id DESC LIMIT ?5";
pub(crate) const DROPPED: &str = "SELECT done_ms, item_id, target_id FROM delivery INDEXED BY d_dropped \
     WHERE state = 'dropped' AND done_ms <= ?1 AND (done_ms, item_id, target_id) < (?1, ?2, ?3) \
     AND (?4 IS NULL OR target_id = ?4) ORDER BY done_ms DESC, item_id DESC, target_id DESC LIMIT ?5";
pub(crate) const SENT: &str = "SELECT done_ms, item_id, target_id FROM delivery INDEXED BY d_done \
     WHERE done_ms <= ?1 AND (done_ms, item_id, target_id) < (?1, ?2, ?3) \
     AND (?4 IS NULL OR target_id = ?4) AND state IN ('sent', 'superseded') \
     ORDER BY done_ms DESC, item_id DESC, target_id DESC LIMIT ?5";
pub(crate) const ALL: &str = "SELECT item_id, item_id, target_id FROM delivery \
     WHERE item_id <= ?2 AND (item_id, target_id) < (?2, ?3) AND (?4 IS NULL OR target_id = ?4) \
     ORDER BY item_id DESC, target_id DESC LIMIT ?5";

const READ: &str = "SELECT i.event_id, i.kind, i.entry_id, i.created_ms, i.payload, t.name, \
     coalesce(d.key_seed, t.key_seed), d.state, d.lane, d.attempts, d.due_ms, d.done_ms, d.cause, d.error, d.remote_id \
     FROM delivery d JOIN item i ON i.id = d.item_id JOIN target t ON t.id = d.target_id \
     WHERE d.item_id = ?1 AND d.target_id = ?2";

const FIRST: Place = Place { key: i64::MAX, serial: Serial(i64::MAX), target: TargetId(i64::MAX) };

/// A page of the list.
pub fn list(connection: &Connection, query: &Query) -> Result<Page, Error> {
    let mut places = match query.state {
        Some(plain @ (PlainState::Pending | PlainState::Failed)) => open(connection, query, plain)?,
        Some(PlainState::Sent) => by_key(connection, query, SENT)?,
        Some(PlainState::Dropped) => by_key(connection, query, DROPPED)?,
        None => by_key(connection, query, ALL)?,
    };
    places.sort_unstable_by(|one, other| other.cmp(one));
    places.truncate(query.limit);
    let next = places.last().copied().filter(|_| places.len() == query.limit);
    let deliveries = places
        .into_iter()
        .filter_map(|place| show(connection, place.serial, place.target).transpose())
        .collect::<Result<_, _>>()?;
    Ok(Page { deliveries, next })
}

/// One delivery.
pub fn show(connection: &Connection, serial: Serial, target: TargetId) -> Result<Option<Listed>, Error> {
    let mut statement = connection.prepare_cached(READ)?;
    let found = statement
        .query_row(params![serial, target], |row| Ok(read(connection, serial, target, row)))
        .optional()?;
    found.transpose()
}

/// What is not done, and `plain` to people.
fn open(connection: &Connection, query: &Query, plain: PlainState) -> Result<Vec<Place>, Error> {
    let targets: Vec<TargetId> = match query.target {
        Some(target) => vec![target],
        None => connection
            .prepare_cached("SELECT id FROM target WHERE retired_ms IS NULL")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?,
    };
    let after = query.after.unwrap_or(FIRST);
    let mut places = Vec::new();
    let mut statement = connection.prepare_cached(OPEN)?;
    let states = DeliveryState::ALL.into_iter().filter(|state| state.plain() == plain);
    for (target, state) in
        targets.into_iter().flat_map(|target| states.clone().map(move |state| (target, state)))
    {
        for priority in [Priority::Critical, Priority::Normal, Priority::Low] {
            // One more than asked for: the first may be the last of the page before.
            let limit = sql::limit(query.limit).saturating_add(1);
            let parameters = params![target, state.word(), priority.number(), after.serial, limit];
            let found = statement.query_map(parameters, place)?.collect::<Result<Vec<_>, _>>()?;
            places.extend(found.into_iter().filter(|place| *place < after));
        }
    }
    Ok(places)
}

fn by_key(connection: &Connection, query: &Query, sql: &str) -> Result<Vec<Place>, Error> {
    let after = query.after.unwrap_or(FIRST);
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![after.key, after.serial, after.target, query.target, sql::limit(query.limit)],
        place,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The targets that an item has deliveries at, in the order of their names.
pub fn targets_of(connection: &Connection, serial: Serial) -> Result<Vec<TargetId>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT t.id FROM target t WHERE EXISTS \
         (SELECT 1 FROM delivery d WHERE d.target_id = t.id AND d.item_id = ?1) ORDER BY t.name",
    )?;
    let rows = statement.query_map([serial], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    Ok(Place { key: row.get(0)?, serial: row.get(1)?, target: row.get(2)? })
}

fn read(connection: &Connection, serial: Serial, target: TargetId, row: &Row<'_>) -> Result<Listed, Error> {
    let id = sql::item(row.get(0)?);
    let (kind, state): (String, String) = (row.get(1)?, row.get(7)?);
    let (seed, cause): (String, Option<String>) = (row.get(6)?, row.get(12)?);
    let state = sql::state(&state)?;
    let behind = match sql::maybe_entry(row.get(8)?) {
        Some(entry) if state == DeliveryState::Waiting => lane::head(connection, target, entry)?,
        _ => None,
    };
    Ok(Listed {
        serial,
        id,
        kind: sql::kind(&kind)?,
        entry: sql::maybe_entry(row.get(2)?),
        target,
        target_name: row.get(5)?,
        state,
        behind,
        attempts: row.get(9)?,
        created_at: sql::at(row.get(3)?),
        due: sql::maybe_at(row.get(10)?),
        done_at: sql::maybe_at(row.get(11)?),
        cause: cause.map(|word| sql::from_word("a cause", &word)).transpose()?,
        error: row.get(13)?,
        key: ItemKey::new(id, &KeySeed::new(seed)),
        remote_id: row.get(14)?,
        payload: row.get(4)?,
    })
}
