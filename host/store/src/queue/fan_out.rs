//! Fan-out: one delivery for every target that accepts an item, with the counts gathered and written once.

use std::sync::LazyLock;

use rusqlite::{Connection, Statement, params};
use stint_domain::{
    delivery::{DeliveryState, LaneRole, Ordering},
    id::EntryId,
    item::Kind,
    time::UnixMs,
};

use super::{
    heads::Heads,
    overflow,
    record::{NewItem, ROWS, Recorded, Room},
};
use crate::{Error, Serial, TargetId, counts::Tally, sql};

struct Target {
    id: TargetId,
    accepts: i64,
    ordering: Ordering,
    pending_before: i64,
    tally: Tally,
    overflowed: usize,
    crowded: bool,
    /// Issued, but not written yet.
    fresh: Vec<Fresh>,
    heads: Heads,
}

/// A delivery that is to be written.
struct Fresh {
    serial: Serial,
    kind: Kind,
    role: LaneRole,
    state: DeliveryState,
}

/// The targets of the configuration that take anything, with what is pending there.
pub const TARGETS: &str = "SELECT id, accepts, ordering, ready + waiting + delayed + leased + unknown \
     FROM target WHERE retired_ms IS NULL AND accepts <> 0";

/// The targets that items are issued to, as they stand in this transaction.
pub(crate) struct Targets(Vec<Target>);

impl Targets {
    /// All targets of the configuration.
    pub(crate) fn load(connection: &Connection) -> Result<Self, Error> {
        let mut statement = connection.prepare_cached(TARGETS)?;
        let mut rows = statement.query([])?;
        let mut targets = Vec::new();
        while let Some(row) = rows.next()? {
            let ordering = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            targets.push(Target {
                id: row.get(0)?,
                accepts: row.get(1)?,
                ordering: sql::from_word("an ordering", ordering)?,
                pending_before: row.get(3)?,
                tally: Tally::default(),
                overflowed: 0,
                crowded: false,
                fresh: Vec::new(),
                heads: Heads::default(),
            });
        }
        Ok(Self(targets))
    }

    /// Whether an item of this kind will stand alone.
    pub(crate) fn nobody_accepts(&self, kind: Kind) -> bool {
        self.0.iter().all(|target| target.accepts & sql::bit(kind) == 0)
    }

    /// Issues one delivery to each target that accepts the item, and makes room where there is none.
    pub(crate) fn issue(
        &mut self,
        connection: &Connection,
        serial: Serial,
        item: &NewItem,
        now: UnixMs,
        room: Room,
    ) -> Result<(), Error> {
        for target in self.0.iter_mut().filter(|target| target.accepts & sql::bit(item.kind) != 0) {
            target.issue(connection, serial, item)?;
            target.make_room(connection, now, room)?;
        }
        Ok(())
    }

    /// Writes the counts, and says where room was short.
    pub(crate) fn finish(self, connection: &Connection, recorded: &mut Recorded) -> Result<(), Error> {
        for mut target in self.0 {
            target.flush(connection)?;
            target.tally.write(connection, target.id)?;
            if target.overflowed > 0 {
                recorded.overflowed.push((target.id, target.overflowed));
            }
            if target.crowded {
                recorded.crowded.push(target.id);
            }
        }
        Ok(())
    }
}

impl Target {
    fn issue(&mut self, connection: &Connection, serial: Serial, item: &NewItem) -> Result<(), Error> {
        let role = LaneRole::new(item.kind, item.entry, self.ordering);
        let held = match role.lane() {
            Some(lane) => self.heads.has(connection, self.id, lane)?,
            None => false,
        };
        if let LaneRole::Holds(lane) = role {
            self.heads.add(lane);
        }
        let state = role.first_state(held);
        self.tally.issue(state, 1);
        self.fresh.push(Fresh { serial, kind: item.kind, role, state });
        if self.fresh.len() == ROWS { self.flush(connection) } else { Ok(()) }
    }

    /// Writes what was issued.
    fn flush(&mut self, connection: &Connection) -> Result<(), Error> {
        if self.fresh.len() == ROWS {
            let mut statement = connection.prepare_cached(&INSERT_DELIVERIES)?;
            statement.raw_bind_parameter(1, self.id)?;
            for (place, fresh) in self.fresh.drain(..).enumerate() {
                fresh.bind(&mut statement, place)?;
            }
            statement.raw_execute()?;
        }
        for fresh in self.fresh.drain(..) {
            fresh.write(connection, self.id)?;
        }
        Ok(())
    }

    fn make_room(&mut self, connection: &Connection, now: UnixMs, room: Room) -> Result<(), Error> {
        let over = |target: &Self| {
            sql::count(target.pending_before + target.tally.pending()).saturating_sub(room.backlog_max)
        };
        let excess = over(self);
        if excess > 0 {
            self.flush(connection)?;
            self.overflowed += overflow::give_up(connection, self.id, excess, now, &mut self.tally)?;
            self.crowded = over(self) > 0;
        }
        Ok(())
    }
}

/// A new delivery.
pub const INSERT_DELIVERY: &str = "INSERT OR FAIL INTO delivery (target_id, item_id, lane, holds, priority, state) \
     VALUES (?1, ?, ?, ?, ?, ?)";

/// The same for [`ROWS`] of them.
static INSERT_DELIVERIES: LazyLock<String> = LazyLock::new(|| sql::many(INSERT_DELIVERY, ROWS));

/// One new delivery, waiting where an older event of its lane is not done.
pub(crate) fn issue(
    connection: &Connection,
    serial: Serial,
    kind: Kind,
    target: TargetId,
    role: LaneRole,
    held: bool,
    tally: &mut Tally,
) -> Result<DeliveryState, Error> {
    let state = role.first_state(held);
    Fresh { serial, kind, role, state }.write(connection, target)?;
    tally.issue(state, 1);
    Ok(state)
}

impl Fresh {
    fn write(&self, connection: &Connection, target: TargetId) -> Result<(), Error> {
        let mut statement = connection.prepare_cached(INSERT_DELIVERY)?;
        statement.raw_bind_parameter(1, target)?;
        self.bind(&mut statement, 0)?;
        statement.raw_execute()?;
        Ok(())
    }

    fn bind(&self, statement: &mut Statement<'_>, place: usize) -> rusqlite::Result<()> {
        sql::bind_row(
            statement,
            place,
            params![
                self.serial,
                self.role.lane().as_ref().map(EntryId::as_bytes),
                matches!(self.role, LaneRole::Holds(_)),
                self.kind.priority().number(),
                self.state.word(),
            ],
        )
    }
}
